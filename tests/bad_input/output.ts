/**
 * Trainings that cannot write what they made, or to whom nobody listens.
 *
 * @module
 */

import assert from "node:assert/strict";
import { binaryOf, task } from "../job/task.ts";
import { badData } from "./mistake.ts";

Deno.test("train leaves nothing behind when the disk is full", async () => {
  const { folder, data } = await badData();
  // A limit on file size fails writes as a full disk does, in the middle.
  const { code, stderr } = await new Deno.Command("bash", {
    args: [
      "-c",
      `trap '' XFSZ; ulimit -f 4; exec "$@"`,
      "-",
      // Not by its task, which would give the signal its default meaning back.
      ...binaryOf("train") ?? [Deno.execPath(), "run", "-A", "jobs/training/main.ts", "train"],
      `--train-data=${data}/good.parquet`,
      "--label=late",
      "--n-estimators=20",
      "--model-name=never",
      `--output=${folder}/out`,
      `--tracking-uri=${folder}/mlruns`,
    ],
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json" },
  }).output();
  const log = new TextDecoder().decode(stderr);
  assert.equal(code, 4, log);
  assert.match(log, /Cannot .*(file|disk)/i);
  await assert.rejects(Deno.stat(`${folder}/out/model`));
  await assert.rejects(Deno.stat(`${folder}/mlruns/models/never`));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a log that cannot be written as asked is refused, not guessed", async () => {
  for (const [variable, value] of [["ML_LOG_LEVEL", "loud"], ["ML_LOG_FORMAT", "xml"]] as const) {
    for (const [name, option] of [["train", "--train-data=x"], ["score", "--data=x"]] as const) {
      const args = name === "train" ? [option, "--label=late"] : [option, "--model-uri=x"];
      const { code, log } = await task(name, args, { [variable]: value });
      assert.equal(code, 2, log);
      assert.match(log, new RegExp(`\\$${variable} is .*${value}.* Use one of`));
    }
  }
});

Deno.test("a reader of stdout that goes away ends no training", async () => {
  const { folder, data } = await badData();
  const { code, stderr } = await new Deno.Command("bash", {
    args: [
      "-c",
      `"$@" | true; exit \${PIPESTATUS[0]}`,
      "-",
      ...binaryOf("train") ?? [Deno.execPath(), "task", "--quiet", "train"],
      `--train-data=${data}/good.parquet`,
      "--label=late",
      "--key-column=flight_id",
      "--n-estimators=2",
      "--min-roc-auc=0",
      `--output=${folder}/out`,
      `--tracking-uri=${folder}/mlruns`,
    ],
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const { run_id } = JSON.parse(await Deno.readTextFile(`${folder}/out/model/run.json`));
  const FINISHED = 3;
  assert.match(
    await Deno.readTextFile(`${folder}/mlruns/0/${run_id}/meta.yaml`),
    new RegExp(`^status: ${FINISHED}$`, "m"),
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what fails at the end of a training leaves no version and no champion", async () => {
  const { folder, data } = await badData();
  await Deno.mkdir(`${folder}/out/evaluation.json`, { recursive: true });
  const failed = await task("train", [
    `--train-data=${data}/good.parquet`,
    "--label=late",
    "--key-column=flight_id",
    "--n-estimators=2",
    `--output=${folder}/out`,
    `--tracking-uri=${folder}/mlruns`,
  ]);
  assert.equal(failed.code, 4, failed.log);
  assert.match(failed.log, /"output.not-writable"/);
  await assert.rejects(Deno.stat(`${folder}/mlruns/models/classifier`));
  await Deno.remove(folder, { recursive: true });
});
