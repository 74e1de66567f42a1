/** What rules for data do in training and scoring, and what a run says of its data afterwards. */

import assert from "node:assert/strict";
import { task, type TaskResult } from "./job/task.ts";
import { linesOf, shop, workplace } from "./validation/day.ts";

const COLUMNS = ["--label=returned", "--key-column=id", "--time-column=at"];

async function succeed(name: string, args: readonly string[]): Promise<TaskResult> {
  const result = await task(name, args);
  if (result.code !== 0) throw new Error(`${name}: exit ${result.code}\n${result.log}`);
  return result;
}

async function json(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(file));
}

Deno.test("training validate says everything at once, and puts rows aside where that is asked", async () => {
  await using place = await workplace();
  const { folder } = place;
  const data = await shop(`${folder}/rows.parquet`, { rows: 500, seed: 1, negative: [3, 250] });
  const args = [`--data=${data}`, `--constraints=${folder}/constraints.json`, ...COLUMNS];
  const validate = (more: string[]) => task("training", ["validate", ...args, ...more]);

  const failed = await validate([`--report=${folder}/failed`]);
  assert.equal(failed.code, 3);
  assert.match(failed.log, /amount has -1 in 2 rows, but at least 0 is allowed/);
  const { findings } = failed.summary as { findings: Record<string, unknown>[] };
  assert.deepEqual(findings.filter(({ severity }) => severity === "error"), [{
    severity: "error",
    code: "data.value-range",
    column: "amount",
    message: "amount has -1 in 2 rows, but at least 0 is allowed",
    count: 2,
    examples: ["-1"],
  }]);
  assert.deepEqual(await json(`${folder}/failed/validation.json`), failed.summary);
  await assert.rejects(Deno.stat(`${folder}/failed/quarantine.ndjson`));

  const kept = await validate([`--report=${folder}/kept`, "--on-violation=quarantine"]);
  assert.equal(kept.code, 0, kept.log);
  assert.equal(kept.summary["quarantined"], 2);
  const lines = await linesOf(`${folder}/kept/quarantine.ndjson`);
  assert.deepEqual(lines.map(({ file, row, reason }) => [file, row, reason]), [
    [data, 3, "amount is -1, but at least 0 is allowed"],
    [data, 250, "amount is -1, but at least 0 is allowed"],
  ]);
  assert.equal((lines[0]?.["values"] as Record<string, unknown>)["id"], "1-3");

  // What is inferred is where rules of one's own begin, and holds for the same data.
  await succeed("training", [
    ...["validate", `--data=${data}`, ...COLUMNS, `--report=${folder}/again`],
    `--constraints=${folder}/kept/constraints.json`,
  ]);
  await Deno.writeTextFile(`${folder}/constraints.json`, '{"version": 0, "features": [{}]}');
  const bad = await validate([]);
  assert.equal(bad.code, 3);
  assert.match(bad.log, /data\.constraints-invalid.*constraints\.json/);
});

Deno.test("evaluate measures on the very rows that train held out, however they were chosen", async () => {
  await using place = await workplace();
  const { folder } = place;
  const data = await shop(`${folder}/rows.parquet`, {
    rows: 600,
    seed: 2,
    negative: [5, 6, 7, 400],
  });
  for (
    const [name, options] of Object.entries({
      quarantine: [`--constraints=${folder}/constraints.json`, "--on-violation=quarantine"],
      time: ["--split=time"],
      group: ["--split=group", "--group-column=shop"],
    })
  ) {
    const output = `${folder}/${name}`;
    const store = `--tracking-uri=${folder}/mlruns`;
    const trained = await task("train", [
      ...[`--train-data=${data}`, ...COLUMNS, "--n-estimators=5", "--stages=train"],
      ...[`--output=${output}`, store, ...options],
    ]);
    assert.equal(trained.code, 0, trained.log);
    const evaluated = await succeed("training", [
      ...["evaluate", `--model=${output}/model`, `--train-data=${data}`],
      ...[`--output=${output}/evaluated`, store],
    ]);
    assert.deepEqual(evaluated.summary["metrics"], trained.summary["metrics"], name);
    if (name !== "quarantine") continue;
    assert.equal(trained.summary["quarantined"], 4);
    assert.equal((await linesOf(`${output}/quarantine.ndjson`)).length, 4);
    // The rules travel with the model as they were written.
    const own = JSON.parse(await Deno.readTextFile(`${folder}/constraints.json`));
    assert.deepEqual(
      (await json(`${output}/model/baseline/constraints.json`))["features"],
      own.features,
    );
  }
  const unnamed = await task("train", [`--train-data=${data}`, ...COLUMNS, "--split=group"]);
  assert.equal(unnamed.code, 2);
  assert.match(unnamed.log, /config\.split-column.*--group-column/);
});
