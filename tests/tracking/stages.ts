/**
 * The stages of a pipeline on the run that they share.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openStore, resolveModel } from "../../jobs/lib/mlflow/mod.ts";
import { task } from "../job/task.ts";
import { folder, MODEL, train } from "./place.ts";

Deno.test("a stage that fails marks the shared run FAILED with the reason, and FINISHED once it works", async () => {
  const trackingUri = `${folder}/stages/mlruns`;
  const out = `${folder}/staged`;
  const trained = await train({ name: "staged", trackingUri, more: ["--stages=train"] });
  assert.equal(trained.code, 0, trained.log);
  const store = await openStore({ trackingUri });
  const runId = String(trained.summary["run_id"]);
  const model = `--model=${out}/model`;

  const step = async (
    { args, fails, log: file }: { args: readonly string[]; fails?: RegExp; log: string },
  ) => {
    const { code, log } = await task("training", [...args, model], {
      MLFLOW_TRACKING_URI: trackingUri,
    });
    assert.equal(code === 0, fails === undefined, log);
    const run = await store.run(runId);
    assert.equal(run.status, fails === undefined ? "FINISHED" : "FAILED");
    const files = await store.downloadArtifacts(run.artifactUri);
    const kept = new TextDecoder().decode(files.find(({ path }) => path === file)?.bytes);
    if (fails !== undefined) assert.match(kept, fails);
  };

  const evaluate = (data: string) => ["evaluate", `--train-data=${data}`, `--output=${out}`];
  const register = (evaluation: string) => ["register", `--evaluation=${evaluation}`, "--promote"];
  await step({
    args: evaluate("examples/flights/score/day=2013-10-01"),
    fails: /"error".*Cannot measure the model/,
    log: "evaluation.log",
  });
  await step({ args: evaluate("examples/flights/test"), log: "evaluation.log" });
  await step({
    args: register(`${folder}/nothing`),
    fails: /"error".*Cannot read the evaluation/,
    log: "registration.log",
  });
  await step({ args: register(out), log: "registration.log" });
  const { digest } = await resolveModel(`models:/${MODEL}@champion`, () => Promise.resolve(store));
  assert.match(digest, /^[0-9a-f]{64}$/);
});
