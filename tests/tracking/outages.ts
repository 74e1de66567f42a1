/**
 * A server that is away when a training needs it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openStore } from "../../jobs/lib/mlflow/mod.ts";
import { provided, resultOf, stopJob, task } from "../job/task.ts";
import { type Fate, withProxy } from "../mlflow/proxy.ts";
import { folder, startTraining, train, unique } from "./place.ts";

const server = provided("ML_TEST_MLFLOW_URL");
const store = await openStore({ trackingUri: server });
/** Nobody wants to wait two minutes for a server that never comes back. */
const HASTY = { MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1", MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "0.05" };

/** The only run of an experiment. */
async function runOf(model: string) {
  const experimentId = await store.experiment(model);
  const [run, ...others] = await store.runsTagged(experimentId, "mlflow.source.type", "JOB");
  assert.ok(run && others.length === 0, "there is not one run");
  return run;
}

Deno.test("a server that is down at the start ends a training before its work: exit 4, the address", async () => {
  const trackingUri = "http://127.0.0.1:9";
  const { code, log } = await train({ name: "down", trackingUri, env: HASTY });
  assert.equal(code, 4, log);
  assert.match(log, /Cannot open the MLflow store: http:\/\/127\.0\.0\.1:9.*"mlflow.unreachable"/);
  await assert.rejects(Deno.stat(`${folder}/down/model/model.onnx`));
});

Deno.test("a server that goes in the middle and stays away: exit 4, and the next training works", async () => {
  const model = unique("middle");
  let away = false;
  const leaves: Fate = (kind) => {
    if (kind === "POST runs/log-inputs") away = true;
    return away ? "reset" : "pass";
  };
  await withProxy(server, leaves, async (trackingUri) => {
    const { code, log } = await train({ name: "middle", trackingUri, model, env: HASTY });
    assert.equal(code, 4, log);
    assert.match(log, /Cannot log the dataset \\"test\\" to the MLflow run.*"mlflow.unreachable"/);
    assert.match(log, /the run could not be marked as failed/);
  });
  assert.equal((await runOf(model)).status, "RUNNING");
  const next = await train({ name: "middle", trackingUri: server, model });
  assert.equal(next.code, 0, next.log);
  assert.equal(next.summary["version"], "1");
});

Deno.test("a registry that fails: exit 4, the run FAILED, no version", async () => {
  const model = unique("registry");
  const failing: Fate = (kind) => kind === "POST model-versions/create" ? 503 : "pass";
  await withProxy(server, failing, async (trackingUri) => {
    const { code, log } = await train({ name: "registry", trackingUri, model, env: HASTY });
    assert.equal(code, 4, log);
    assert.match(log, /Cannot register a version of the model .* answered 503.*"mlflow.failed"/);
  });
  assert.equal((await runOf(model)).status, "FAILED");
  assert.deepEqual(await store.versions(model), []);
});

Deno.test("a promotion that fails: exit 4, a challenger, and the command that promotes it", async () => {
  const model = unique("promotion");
  const failing: Fate = (kind, times) =>
    kind === "POST registered-models/alias" && times > 1 ? 503 : "pass";
  await withProxy(server, failing, async (trackingUri) => {
    const { code, log } = await train({ name: "promotion", trackingUri, model, env: HASTY });
    assert.equal(code, 4, log);
    assert.match(log, new RegExp(`training promote --model ${model} --version 1`));
  });
  assert.equal((await runOf(model)).status, "FINISHED");
  assert.equal(await store.findAlias(model, "champion"), undefined);
  assert.equal((await store.versionByAlias(model, "challenger")).version, "1");
  const args = ["promote", `--model=${model}`, "--version=1", `--tracking-uri=${server}`];
  const byHand = await task("training", args);
  assert.equal(byHand.code, 0, byHand.log);
  assert.equal((await store.versionByAlias(model, "champion")).version, "1");
});

const never = new Promise<never>(() => {});
/** How a server is dead, and what its run is marked with then. */
const DEATHS: readonly { how: string; fate: Fate; dead: (kind: string) => boolean; end: string }[] =
  [
    { how: "hangs", fate: () => never, dead: () => true, end: "RUNNING" },
    { how: "refuses", fate: () => "reset", dead: () => true, end: "RUNNING" },
    {
      how: "hangs at what is logged only",
      fate: () => never,
      dead: (kind) => kind !== "POST runs/update",
      end: "KILLED",
    },
  ];

for (const { how, fate, dead, end } of DEATHS) {
  Deno.test(`SIGTERM ends a training in time whose server ${how}: 143, the run ${end}`, async () => {
    const model = unique("sigterm");
    const reached = Promise.withResolvers<void>();
    let gone = false;
    const dies: Fate = (kind, times) => {
      if (kind === "POST runs/log-inputs") {
        gone = true;
        reached.resolve();
      }
      return gone && dead(kind) ? fate(kind, times) : "pass";
    };
    await withProxy(server, dies, async (trackingUri) => {
      const process = startTraining({ name: "sigterm", trackingUri, model });
      const result = resultOf(process);
      await reached.promise;
      const stopped = performance.now();
      await stopJob(process);
      const { code, log } = await result;
      const seconds = (performance.now() - stopped) / 1000;
      assert.equal(code, 143, log);
      assert.match(log, /stopped by SIGTERM/);
      // SageMaker waits two minutes; Kubernetes half a minute.
      assert.ok(seconds < 20, `${seconds} s`);
      assert.equal(/could not be marked/.test(log), end === "RUNNING", log);
    });
    assert.equal((await runOf(model)).status, end);
  });
}
