import { z } from "zod";
import { DependencyError, issuesOf } from "../../jobs/lib/errors.ts";
import type { Log } from "../../jobs/lib/log.ts";
import { openStorage } from "../../jobs/lib/storage/mod.ts";
import type { Environment } from "../doctor/mod.ts";
import type { Champion } from "./drift_markdown.ts";
import { runProgram } from "./program.ts";

/** The last line of `training evaluate`, as far as it is read. */
const EVALUATED = z.looseObject({
  version: z.string().nullish(),
  metrics: z.record(z.string(), z.number().nullable()),
  gate: z.looseObject({ passed: z.boolean(), reasons: z.array(z.string()) }),
});

/**
 * Measures the champion of an environment on labelled rows, by `deno task training evaluate`, with the
 * thresholds of the environment.
 *
 * @param labelled URI; empty for `datasets/labelled` of the environment's bucket of data
 * @returns undefined while there is no parquet
 * @throws {DependencyError} `delivery.program-failed`, `delivery.answer`
 */
export async function measureChampion(
  environment: Environment,
  labelled: string,
  log: Log,
): Promise<Champion | undefined> {
  const { prefix, account, model } = environment;
  const data = labelled || `s3://${prefix}-data-${account}/datasets/labelled`;
  const storage = openStorage(data, { option: "--labelled", purpose: "look for labels" });
  const files = (await storage.list("")).filter((key) => key.endsWith(".parquet"));
  if (files.length === 0) {
    log.info("no labels have arrived", { data });
    return undefined;
  }
  const folder = await Deno.makeTempDir();
  try {
    const { code, stdout, stderr } = await runProgram("deno", [
      ...["task", "--quiet", "training", "evaluate", "--output", folder],
      ...["--model-uri", `models:/${model.name}@champion`, "--model-name", model.name],
      ...["--data", data, "--tracking-uri", model.trackingUri],
      ...["--min-accuracy", `${model.minimumAccuracy}`, "--min-roc-auc", `${model.minimumRocAuc}`],
    ], { purpose: `measure the champion of ${environment.name}`, accept: [0, 3] });
    if (code === 3) {
      const reason = `the labels cannot be used: ${lastLine(stderr)}`;
      return {
        data,
        model: model.name,
        version: "",
        passed: false,
        reasons: [reason],
        metrics: {},
      };
    }
    const parsed = EVALUATED.safeParse(JSON.parse(lastLine(stdout)));
    if (!parsed.success) throw strange(issuesOf(parsed.error));
    const { version, metrics, gate } = parsed.data;
    return { data, model: model.name, version: version ?? "", ...gate, metrics };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function strange(found: string): DependencyError {
  return new DependencyError({
    code: "delivery.answer",
    cannot: "read what the champion is worth",
    found,
    todo: "Run deno task training evaluate by hand, of the same commit",
  });
}
