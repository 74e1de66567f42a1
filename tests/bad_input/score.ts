/**
 * Data, models and places that a scoring refuses before it publishes anything.
 *
 * @module
 */

import assert from "node:assert/strict";
import { provided, task } from "../job/task.ts";
import { badData, check, type Mistake } from "./mistake.ts";

const MODEL = "models:/flights-late@champion";

Deno.test("score refuses bad input", async (t) => {
  const { folder, data } = await badData();
  const trackingUri = `${folder}/mlruns`;
  const trained = await task("train", [
    `--train-data=${data}/good.parquet`,
    "--label=late",
    "--key-column=flight_id",
    "--n-estimators=5",
    "--min-roc-auc=0",
    "--model-name=flights-late",
    `--output=${folder}/out`,
    `--tracking-uri=${trackingUri}`,
  ]);
  assert.equal(trained.code, 0, trained.log);
  const dead = "127.0.0.1:9";
  const real = provided("ML_TEST_KAFKA");
  const mistakes: Mistake[] = [
    wrong("no such file", "absent.parquet", MODEL, [], 3, "data.not-found", /absent/),
    wrong("not parquet", "text.parquet", MODEL, [], 3, "data.not-parquet", /text\.parquet/),
    wrong("no rows", "empty.parquet", MODEL, [], 3, "data.empty", /--allow-empty/),
    wrong(
      "columns missing",
      "missing-column.parquet",
      MODEL,
      [],
      3,
      "data.column-missing",
      /carrier.*distance|distance.*carrier/,
    ),
    wrong(
      "columns of another type",
      "other-type.parquet",
      MODEL,
      [],
      3,
      "data.column-type",
      /distance/,
    ),
    wrong(
      "no such model",
      "good.parquet",
      "models:/nope@champion",
      [],
      2,
      "mlflow.model-unknown",
      /nope/,
    ),
    wrong(
      "no such alias",
      "good.parquet",
      "models:/flights-late@best",
      [],
      2,
      "mlflow.alias-unknown",
      /best.*champion/,
    ),
    wrong(
      "no such version",
      "good.parquet",
      "models:/flights-late/9",
      [],
      2,
      "mlflow.version-unknown",
      /9/,
    ),
    wrong(
      "nothing in that stage",
      "good.parquet",
      "models:/flights-late/Staging",
      [],
      2,
      "mlflow.stage-empty",
      /Staging/,
    ),
    wrong(
      "no such stage",
      "good.parquet",
      "models:/flights-late/Prod",
      [],
      2,
      "model.uri-invalid",
      /Production/,
    ),
    wrong(
      "no such run",
      "good.parquet",
      `runs:/${"0".repeat(32)}/model`,
      [],
      2,
      "mlflow.run-unknown",
      /0000/,
    ),
    wrong(
      "a folder that is no bundle",
      "good.parquet",
      data,
      [],
      3,
      "model.not-a-bundle",
      /model\.onnx/,
    ),
    wrong(
      "a dead server",
      "good.parquet",
      MODEL,
      ["--tracking-uri=http://127.0.0.1:9"],
      4,
      "mlflow.unreachable",
      /127/,
    ),
    wrong(
      "a dead broker",
      "good.parquet",
      MODEL,
      [`--kafka-bootstrap-servers=${dead}`],
      4,
      "kafka.unreachable",
      /127\.0\.0\.1:9/,
    ),
    wrong(
      "a missing topic",
      "good.parquet",
      MODEL,
      [`--kafka-bootstrap-servers=${real}`, "--kafka-output-topic=nope"],
      4,
      "kafka.topic-missing",
      /create-topics/,
    ),
    wrong(
      "an unwritable output",
      "good.parquet",
      MODEL,
      [`--output=${data}/good.parquet/x`],
      4,
      "sink.not-writable",
      /good\.parquet/,
    ),
    wrong(
      "an unwritable run state",
      "good.parquet",
      MODEL,
      [`--run-state=${data}/good.parquet/x`],
      4,
      "storage.folder-unusable",
      /good\.parquet/,
    ),
    wrong(
      "no such column for the key",
      "good.parquet",
      MODEL,
      ["--key-column=nope"],
      3,
      "data.column-missing",
      /nope/,
    ),
  ];
  for (const mistake of mistakes) {
    await t.step(mistake.about, async () => {
      const result = await task("score", [
        "--run-id=bad",
        `--run-state=${folder}/runs`,
        `--output=${folder}/predictions`,
        `--tracking-uri=${trackingUri}`,
        ...mistake.args,
      ]);
      check(result, mistake);
      await assert.rejects(Deno.stat(`${folder}/runs/bad/complete.json`));
      await Deno.remove(`${folder}/runs`, { recursive: true }).catch(() => {});
      await assert.rejects(Deno.stat(`${folder}/predictions/bad/_complete.json`));
    });
  }
  await Deno.remove(folder, { recursive: true });

  function wrong(
    about: string,
    file: string,
    model: string,
    more: string[],
    exit: number,
    code: string,
    message: RegExp,
  ): Mistake {
    const args = [`--data=${data}/${file}`, `--model-uri=${model}`, ...more];
    return { about, args, exit, code, message };
  }
});
