/**
 * A training without a record: data, trees, the metrics of the held-out rows, the bundle on disk. No
 * MLflow, no champion, no report.
 *
 * usage: bare.ts DATA OUTPUT
 *
 * @module
 */
import { readConfig } from "../../jobs/lib/config.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { NO_SPAN } from "../../jobs/lib/tracing/mod.ts";
import { bundleFiles, writeBundle } from "../../jobs/lib/mlflow/mod.ts";
import { writeOnnx } from "../../jobs/lib/forest/mod.ts";
import { VERSION } from "../../jobs/lib/version.ts";
import { prepareData } from "../../jobs/training/data.ts";
import { fitForest } from "../../jobs/training/fit.ts";
import { measure } from "../../jobs/training/measure.ts";
import { trainOptions } from "../../jobs/training/options.ts";

const [folder = "", output = ""] = Deno.args;
const config = readConfig(trainOptions, {
  args: [`--train-data=${folder}`, "--label=late", "--key-column=flight_id"],
  env: {},
});
const data = await prepareData(config.values, silentLog);
const fitted = await fitForest(data, {
  ...config,
  container: undefined,
  log: silentLog,
  signal: new AbortController().signal,
  terminal: false,
  print: () => {},
  span: NO_SPAN,
});
const { schema, encoding, heldOut } = data;
measure({ schema, encoding, forest: fitted.forest }, heldOut);
const onnx = writeOnnx(fitted.forest, encoding, {
  producer: "ml-pipelines",
  version: VERSION,
  engine: "forest",
});
const run = { id: "none" };
const createdAt = new Date();
await writeBundle(`${output}/model`, bundleFiles({ onnx, schema, run, createdAt }));
