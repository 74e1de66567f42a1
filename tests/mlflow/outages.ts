/**
 * Real servers behind connections that break, answers that get lost, overload, and power cuts.
 *
 * @module
 */

import assert from "node:assert/strict";
import { DIGEST_TAG, openStore, type Store, type StoreOptions } from "../../jobs/lib/mlflow/mod.ts";
import { type Backend, BACKENDS, oldest, scratch } from "./backends.ts";
import { readBack, refuses } from "./contract.ts";
import { makeBundle } from "./model.ts";
import { type Fate, type Outcome, withProxy } from "./proxy.ts";

const EXTENDED = Deno.env.get("ML_TEST_EXTENDED") === "1";
const QUICK: StoreOptions = {
  retryForMs: 20_000,
  timeoutMs: 10_000,
  variables: { backoffMs: 20 },
};
const unique = (name: string) => `${name} ${crypto.randomUUID().slice(0, 8)}`;

/** All that a training says to MLflow. */
async function train(store: Store, experiment: string, model: string): Promise<void> {
  const experimentId = await store.experiment(experiment);
  const run = await store.startRun({ experimentId, name: "r", tags: { kind: "outage" } });
  await store.log(run.id, { params: { a: "1" }, tags: { b: "2" } });
  const dataset = { name: "train", digest: "d1" };
  await store.logInput(run.id, {
    ...dataset,
    sourceType: "local",
    source: { uri: "data" },
    context: "training",
  });
  const metrics = [1, NaN, 3].map((value, step) => ({
    key: "m",
    value,
    step,
    timestamp: 1 + step,
  }));
  await store.log(run.id, { metrics });
  await store.logArtifacts(run.id, [{ path: "log.txt", bytes: new Uint8Array([104, 105]) }]);
  const { files, digest } = await makeBundle({ id: run.id, modelName: model }, store.mlflowVersion);
  const logged = await store.logModel({
    run,
    name: "model",
    files,
    metrics: [{ key: "accuracy", value: 0.8, timestamp: 5, dataset }],
  });
  const tags = { [DIGEST_TAG]: digest };
  const version = await store.register({ name: model, model: logged, runId: run.id, tags });
  await store.setAlias(model, "champion", version.version);
  await store.setStage(model, version.version, "Production");
  await store.setVersionTags(model, version.version, { why: "it is better" });
  await store.endRun(run.id, "FINISHED");
}

/** Python finds what one training leaves, once. */
async function isWhole(backend: Backend, experiment: string, model: string): Promise<void> {
  const { runs: [run, ...others], versions, aliases } = await readBack(backend, experiment, model);
  assert.ok(run && others.length === 0, `${others.length + 1} runs`);
  assert.deepEqual([run.status, run.params], ["FINISHED", { a: "1" }]);
  assert.deepEqual(run.metrics["m"], [[0, 1, 1], [1, "nan", 2], [2, 3, 3]]);
  assert.deepEqual([run.metrics["accuracy"]?.length, run.datasets.length], [1, 1]);
  assert.equal(run.artifacts["log.txt"], "hi");
  assert.equal(run.models.length, backend.loggedModels ? 1 : 0);
  assert.equal(versions.length, 1);
  assert.equal(versions[0]?.tags["why"], "it is better");
  assert.deepEqual(aliases, { champion: "1" });
}

const [, newest, , ...older] = BACKENDS;
for (const backend of [newest, ...older]) {
  assert.ok(backend);
  Deno.test(`${backend.name}: an answer that is lost is found, whatever was asked, and nothing is done twice`, async () => {
    // The first time over it is seen what is asked; then each kind of request loses its answer once.
    const kinds = new Set<string>();
    const lost: Fate = (kind, times) => {
      const first = times === 1 && !kinds.has(kind);
      kinds.add(kind);
      return first ? "act and reset" : "pass";
    };
    const [experiment, model] = [unique("lost answers"), unique("lost")];
    await withProxy(backend.uri, lost, async (trackingUri) => {
      await train(await openStore({ ...QUICK, trackingUri }), experiment, model);
    });
    await isWhole(backend, experiment, model);
    assert.ok(kinds.size > 15, [...kinds].join());
  });

  Deno.test(`${backend.name}: bursts of 429, 500 and 503 are waited out, whatever was asked`, async () => {
    for (const status of EXTENDED ? [429, 500, 502, 503] : [429, 500]) {
      const burst: Fate = (_, times) => times <= 2 ? status : "pass";
      const [experiment, model] = [unique("bursts"), unique("burst")];
      await withProxy(backend.uri, burst, async (trackingUri) => {
        await train(await openStore({ ...QUICK, trackingUri }), experiment, model);
      });
      await isWhole(backend, experiment, model);
    }
  });
}

Deno.test("a request that is cut off is sent again, unless it may have made something", async () => {
  assert.ok(newest);
  const refusing: Fate = (kind, times) =>
    times === 1 && !/create|^POST logged-models$/.test(kind) ? "reset" : "pass";
  const [experiment, model] = [unique("resets"), unique("reset")];
  await withProxy(newest.uri, refusing, async (trackingUri) => {
    await train(await openStore({ ...QUICK, trackingUri }), experiment, model);
  });
  await isWhole(newest, experiment, model);
});

Deno.test("a power cut of the server in the middle of a training is waited out", async () => {
  const backend = BACKENDS.at(-1);
  assert.ok(backend);
  const [experiment, model] = [unique("power cut"), unique("cut")];
  let back: Promise<void> | undefined;
  const cut = async (kind: string, times: number): Promise<Outcome> => {
    if (kind !== "POST runs/log-batch" || times !== 2) return "pass";
    await oldest.kill();
    back = oldest.start();
    return "pass";
  };
  await withProxy(backend.uri, cut, async (trackingUri) => {
    const store = await openStore({ trackingUri, retryForMs: 120_000 });
    await train(store, experiment, model);
  });
  await back;
  await isWhole(backend, experiment, model);
});

Deno.test("the stop signal ends every wait at once, and the run is still marked", async () => {
  assert.ok(newest);
  const hang = Promise.withResolvers<void>();
  const asked = { batch: Promise.withResolvers<void>(), inputs: Promise.withResolvers<void>() };
  const down: Fate = async (kind) => {
    if (kind === "POST runs/log-batch") {
      asked.batch.resolve();
      await hang.promise;
    }
    if (kind === "POST runs/log-inputs") asked.inputs.resolve();
    return kind === "POST runs/log-inputs" ? 503 : "pass";
  };
  await withProxy(newest.uri, down, async (trackingUri) => {
    const stop = new AbortController();
    const store = await openStore({ trackingUri, signal: stop.signal });
    const experimentId = await store.experiment(unique("stopped"));
    const run = await store.startRun({ experimentId, name: "r", tags: {} });
    const input = {
      name: "d",
      digest: "d",
      sourceType: "local",
      source: {},
      context: "training",
    };
    const waits = [
      store.log(run.id, { params: { a: "1" } }),
      store.logInput(run.id, input),
    ];
    await Promise.all([asked.batch.promise, asked.inputs.promise]);
    const reason = new Error("stopped");
    stop.abort(reason);
    const started = performance.now();
    for (const outcome of await Promise.allSettled(waits)) {
      assert.deepEqual(outcome, { status: "rejected", reason });
    }
    await assert.rejects(store.experiment("another"), reason);
    assert.ok(performance.now() - started < 2000);
    await store.endRun(run.id, "KILLED");
    hang.resolve();
    const looking = await openStore({ trackingUri });
    assert.equal((await looking.run(run.id)).status, "KILLED");
  });
});

Deno.test("a large file goes up in parts or as a stream, and memory does not grow with it", async () => {
  const megabytes = EXTENDED ? 300 : 48;
  const file = `${scratch}/large.bin`;
  using made = await Deno.open(file, { create: true, write: true, read: true });
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  for (let i = 0; i < megabytes * 16; i++) {
    block[0] = i;
    await made.write(block);
  }
  for (const backend of BACKENDS) {
    const variables = { proxyMultipart: true, multipartFrom: 16 << 20 };
    const store = backend.uri.startsWith("http")
      ? await openStore({ trackingUri: backend.uri, variables })
      : await backend.open();
    const experimentId = await store.experiment(unique("large"));
    const run = await store.startRun({ experimentId, name: "r", tags: {} });
    await store.logArtifacts(run.id, [{ path: "warm", bytes: new Uint8Array(20 << 20) }]);
    const before = Deno.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => peak = Math.max(peak, Deno.memoryUsage().rss), 20);
    await store.logArtifacts(run.id, [{ path: "sub/large.bin", file }]);
    clearInterval(watch);
    const grown = Math.round((peak - before) / (1 << 20));
    assert.ok(grown < 100, `${backend.name}: ${grown} MB for ${megabytes} MB`);
    const size = await backend.oracles[0]?.ask(
      "artifact_size",
      backend.uri,
      run.id,
      "sub/large.bin",
    );
    assert.equal(size, megabytes << 20, backend.name);
  }
  await Deno.remove(file);
});

for (const backend of BACKENDS) {
  Deno.test(`${backend.name}: many files keep their content, though they go a few at a time and answers are lost`, async () => {
    const lossy: Fate = (kind, times) => {
      if (!kind.endsWith(" artifacts")) return "pass";
      return times % 7 === 3 ? "act and reset" : times % 5 === 2 ? 503 : "pass";
    };
    const files = Array.from({ length: 12 }, (_, i) => ({
      path: `${["a", "b/c", "b"][i % 3]}/${i}.bin`,
      bytes: new Uint8Array(1 + (i * 7919) % 40_000).fill(i),
    }));
    const check = async (store: Store) => {
      const experimentId = await store.experiment(unique("many files"));
      const run = await store.startRun({ experimentId, name: "r", tags: {} });
      await store.logArtifacts(run.id, files);
      const found = await store.downloadArtifacts(run.artifactUri);
      const byPath = (a: { path: string }, b: { path: string }) => a.path < b.path ? -1 : 1;
      assert.deepEqual(found.toSorted(byPath), files.toSorted(byPath));
    };
    if (!backend.uri.startsWith("http")) return await check(await backend.open());
    await withProxy(backend.uri, lossy, async (trackingUri) => {
      await check(await openStore({ ...QUICK, trackingUri }));
    });
  });
}

Deno.test("a file that is not there is named before anything is sent", async () => {
  for (const backend of BACKENDS.slice(0, 2)) {
    const store = await backend.open();
    const experimentId = await store.experiment(unique("no file"));
    const run = await store.startRun({ experimentId, name: "r", tags: {} });
    const missing = [{ path: "x", file: `${scratch}/nowhere` }];
    const log = () => store.logArtifacts(run.id, missing);
    const code = backend.uri.startsWith("http")
      ? "mlflow.file-unreadable"
      : "mlflow.store-unusable";
    await refuses(4, code, log, /nowhere/);
  }
});
