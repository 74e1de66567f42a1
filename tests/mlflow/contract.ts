/**
 * What every store must do, seen through our interface and through Python's own client.
 *
 * @module
 */

import assert from "node:assert/strict";
import { PlatformError } from "../../jobs/lib/errors.ts";
import {
  DIGEST_TAG,
  inTurn,
  type Metric,
  type ModelVersion,
  parseModelUri,
  resolveModel,
  type Store,
} from "../../jobs/lib/mlflow/mod.ts";
import { type Backend, scratch } from "./backends.ts";
import { makeBundle, predictOurs, type RawRow } from "./model.ts";
import type { Oracle } from "./oracle.ts";

const NOW = 1_357_016_400_000;
const text = (value: string) => new TextEncoder().encode(value);
/** Names of one test run, so that a shared server starts clean. */
const unique = (name: string) => `${name} ${crypto.randomUUID().slice(0, 8)}`;

/** Registers the suite for a backend. */
export function testContract(backend: Backend): void {
  Deno.test(`${backend.name}: Python's client reads back everything that was logged`, async () => {
    const store = await backend.open();
    const logged = await logEverything(store);
    const seen = await readBack(backend, logged.experiment, logged.model);
    assert.ok(seen.experiments.includes("Default"));
    assert.deepEqual(seen.experiment, { id: logged.run.experimentId, stage: "active" });
    const [run, ...others] = seen.runs;
    assert.ok(run && others.length === 0);
    assert.equal(run.id, logged.run.id);
    assert.equal(run.name, "1e5");
    assert.equal(run.status, "FINISHED");
    assert.ok(run.ended);
    assert.deepEqual(run.params, logged.params);
    const { "mlflow.log-model.history": history, "ml.request": _request, ...tags } = run.tags;
    assert.deepEqual(tags, { ...logged.tags, "mlflow.runName": "1e5" });
    if (!backend.loggedModels) assert.match(history ?? "", /"artifact_path": ?"model"/);
    const curve = logged.curve.map(({ step, value, timestamp }) => [
      step,
      Number.isNaN(value) ? "nan" : value,
      timestamp,
    ]);
    assert.deepEqual(run.metrics["oob/error"], curve);
    assert.equal(run.last["accuracy"], 0.8);
    for (const model of run.models) delete model.tags["ml.request"];
    assert.deepEqual(run.datasets, [{
      name: "train",
      digest: "39f75d07",
      source_type: "local",
      source: { uri: "data/train" },
      schema: { mlflow_colspec: [{ type: "double", name: "distance", required: true }] },
      profile: { num_rows: 400 },
      tags: { "mlflow.data.context": "training" },
    }]);
    const files = Object.keys(run.artifacts).filter((path) => !path.startsWith("model/"));
    assert.deepEqual(files.sort(), ["log.txt", "reports/größe (1).bin"]);
    assert.equal(run.artifacts["reports/größe (1).bin"]?.length, 70_000);
    assert.deepEqual(
      run.models,
      !backend.loggedModels ? [] : [{
        name: "model",
        status: "READY",
        source_run_id: run.id,
        params: logged.params,
        tags: { kind: "forest" },
        metrics: [["accuracy", 0.8, "train", "39f75d07"]],
      }],
    );
    const [version, ...more] = seen.versions;
    assert.ok(version && more.length === 0);
    assert.match(version.source, backend.loggedModels ? /^models:\/m-/ : /\/artifacts\/model$/);
    delete version.tags["ml.request"];
    assert.deepEqual({ ...version, source: "" }, {
      version: "1",
      run_id: run.id,
      stage: "Production",
      status: "READY",
      description: "the first",
      tags: { [DIGEST_TAG]: logged.digest, why: "a: 'b'\nc" },
      aliases: ["challenger", "champion"],
      source: "",
    });
    assert.deepEqual(seen.aliases, { challenger: "1", champion: "1" });
  });

  Deno.test(`${backend.name}: pyfunc loads a registered model and predicts raw frames`, async () => {
    const logged = await logEverything(await backend.open());
    for (const oracle of backend.oracles) {
      const seen = await predict(oracle, backend.uri, `models:/${logged.model}@champion`);
      assert.ok(seen.forms > 40);
      assert.deepEqual(seen.predictions, await predictOurs(seen.rows));
    }
  });

  Deno.test(`${backend.name}: every URI resolves to the model, and its digest is checked`, async () => {
    const store = await backend.open();
    const { model, run, digest } = await logEverything(store);
    const registered = ["@champion", "/Production", "/production", "/1", "/latest"];
    for (const suffix of registered) {
      const resolved = await resolveModel(
        `models:/${model}${suffix}`,
        () => Promise.resolve(store),
      );
      assert.deepEqual([resolved.name, resolved.version, resolved.runId, resolved.digest], [
        model,
        "1",
        run.id,
        digest,
      ]);
      assert.equal(resolved.bundle.run?.model_digest, digest);
    }
    const ofRun = await resolveModel(`runs:/${run.id}/model`, () => Promise.resolve(store));
    assert.deepEqual([ofRun.version, ofRun.digest], [digest.slice(0, 12), digest]);
    await store.setVersionTags(model, "1", { [DIGEST_TAG]: "0".repeat(64) });
    await refuses(
      3,
      "model.digest-mismatch",
      () => resolveModel(`models:/${model}/1`, () => Promise.resolve(store)),
    );
  });

  Deno.test(`${backend.name}: what is missing is said with what there is`, async () => {
    const store = await backend.open();
    const { model, run } = await logEverything(store);
    const missing = unique("missing");
    const found = async (uri: string): Promise<ModelVersion> => {
      const parsed = parseModelUri(uri);
      if (parsed.kind === "alias") return await store.versionByAlias(parsed.name, parsed.alias);
      if (parsed.kind === "stage") return await store.versionByStage(parsed.name, parsed.stage);
      if (parsed.kind === "version") return await store.version(parsed.name, parsed.version);
      assert.ok(parsed.kind === "latest");
      return await store.latestVersion(parsed.name);
    };
    for (const suffix of ["@champion", "/Production", "/1", "/latest"]) {
      await refuses(2, "mlflow.model-unknown", () => found(`models:/${missing}${suffix}`));
    }
    await refuses(2, "mlflow.alias-unknown", () => found(`models:/${model}@best`), /champion/);
    await refuses(2, "mlflow.version-unknown", () => found(`models:/${model}/7`), /versions are 1/);
    await refuses(2, "mlflow.stage-empty", () => found(`models:/${model}/Staging`), /1 Production/);
    await refuses(2, "mlflow.run-unknown", () => store.run("0".repeat(32)));
    await refuses(2, "mlflow.run-unknown", () => store.run("../0"));
    await refuses(2, "mlflow.model-unlogged", () => store.loggedModel(run.id, "other"));
    await refuses(2, "mlflow.version-unknown", () => store.setAlias(model, "champion", "9"));
    await refuses(2, "mlflow.name-invalid", () => store.setAlias(model, "latest", "1"));
    await refuses(2, "mlflow.param-changed", () => store.log(run.id, { params: { trees: "2" } }));
    await refuses(2, "mlflow.name-invalid", () => store.log(run.id, { tags: { "../x": "" } }));
    assert.equal(await store.findAlias(model, "best"), undefined);
    assert.equal(await store.findAlias(missing, "best"), undefined);
    assert.equal((await store.findAlias(model, "champion"))?.version, "1");
  });

  Deno.test(`${backend.name}: logging and input twice is the same as once`, async () => {
    const store = await backend.open();
    const logged = await logEverything(store);
    await log(store, logged.run.id, logged);
    const seen = await readBack(backend, logged.experiment, logged.model);
    assert.deepEqual(seen.runs[0]?.params, logged.params);
    assert.equal(seen.runs[0]?.metrics["oob/error"]?.length, logged.curve.length);
    assert.equal(seen.runs[0]?.datasets.length, 1);
  });

  Deno.test(`${backend.name}: versions registered at once are all kept, and stages move on`, async () => {
    const stores = await Promise.all([backend.open(), backend.open()]);
    const [store] = stores;
    assert.ok(store);
    const experiment = unique("at once");
    const ids = await Promise.all(stores.map((each) => each.experiment(experiment)));
    assert.equal(new Set(ids).size, 1);
    const run = await store.startRun({ experimentId: ids[0] ?? "", name: "r", tags: {} });
    const { files } = await makeBundle({ id: run.id }, store.mlflowVersion);
    const model = await store.logModel({ run, name: "model", files });
    const name = unique("at-once");
    const versions = await Promise.all(
      Array.from(
        { length: 6 },
        (_, i) => (stores[i % 2] ?? store).register({ name, model, runId: run.id }),
      ),
    );
    assert.deepEqual(versions.map(({ version }) => version).sort(), ["1", "2", "3", "4", "5", "6"]);
    await store.setStage(name, "2", "Production");
    await store.setStage(name, "1", "Production");
    assert.equal((await store.versionByStage(name, "Production")).version, "1");
    assert.equal((await store.version(name, "2")).stage, "Archived");
    await store.setAlias(name, "champion", "2");
    await store.setAlias(name, "champion", "5");
    assert.deepEqual((await store.version(name, "5")).aliases, ["champion"]);
    assert.deepEqual((await store.version(name, "2")).aliases, []);
    assert.equal((await store.latestVersion(name)).version, "6");
    const all = await store.versions(name);
    assert.deepEqual(all.map(({ version }) => version), ["6", "5", "4", "3", "2", "1"]);
    await store.deleteAlias(name, "champion");
    assert.equal(await store.findAlias(name, "champion"), undefined);
    await store.deleteAlias(name, "champion");
    let inside = 0;
    const turns = all.slice(0, 3).map((version) =>
      inTurn(stores[Number(version.version) % 2] ?? store, version, async () => {
        assert.equal(++inside, 1, "two have their turn at once");
        await store.setAlias(name, "champion", version.version);
        assert.equal((await store.findAlias(name, "champion"))?.version, version.version);
        inside--;
      }, { pollMs: 50 })
    );
    await Promise.all(turns);
    assert.ok((await store.versions(name)).every(({ tags }) => !("promotion_turn" in tags)));
  });

  Deno.test(`${backend.name}: a run that was left behind is found by its tag and goes on`, async () => {
    const store = await backend.open();
    const experimentId = await store.experiment(unique("left behind"));
    const tags = { job: "it's job 1", "mlflow.user": "me" };
    const first = await store.startRun({ experimentId, name: "first", tags });
    const second = await store.startRun({ experimentId, name: "second", tags });
    await store.startRun({ experimentId, name: "other", tags: { job: "job 2" } });
    const found = await store.runsTagged(experimentId, "job", "it's job 1");
    assert.deepEqual(found.map(({ id }) => id).sort(), [first.id, second.id].sort());
    assert.deepEqual(await store.runsTagged(experimentId, "job", "none"), []);
    await store.endRun(first.id, "KILLED");
    assert.equal((await store.run(first.id)).status, "KILLED");
    assert.deepEqual(await store.resumeRun(first.id), first);
    assert.equal((await store.run(first.id)).status, "RUNNING");
    await store.endRun(first.id, "FINISHED");
    await refuses(2, "mlflow.run-unknown", () => store.resumeRun("0".repeat(32)));
  });

  Deno.test(`${backend.name}: a deleted experiment is refused, not revived`, async () => {
    const store = await backend.open();
    const experiment = unique("deleted");
    await store.experiment(experiment);
    await backend.oracles[0]?.ask("delete_experiment", backend.uri, experiment);
    await refuses(2, "mlflow.experiment-deleted", () => store.experiment(experiment), /restore/);
  });
}

/** Asserts that an action fails with this exit code and error code. */
export async function refuses(
  exitCode: number,
  code: string,
  action: () => Promise<unknown>,
  message = /^Cannot /,
): Promise<PlatformError> {
  try {
    await action();
  } catch (error) {
    assert.ok(error instanceof PlatformError, String(error));
    assert.deepEqual([error.code, error.exitCode], [code, exitCode], error.message);
    assert.match(error.message, message);
    return error;
  }
  throw new assert.AssertionError({ message: `accepted, instead of ${code}` });
}

async function logEverything(store: Store) {
  const experiment = unique("Flights: été");
  const model = unique("late");
  const experimentId = await store.experiment(experiment);
  assert.equal(await store.experiment(experiment), experimentId);
  const tags = {
    "mlflow.user": "me",
    "mlflow.source.type": "JOB",
    "mlflow.note.content": "# Model\n\n" + "ü".repeat(2000),
    number: "007",
  };
  const run = await store.startRun({ experimentId, name: "1e5", tags: { "mlflow.user": "me" } });
  const params = {
    trees: "1",
    empty: "",
    ...Object.fromEntries(Array.from({ length: 220 }, (_, i) => [`column/${i}: x`, "v".repeat(i)])),
  };
  const curve: Metric[] = Array.from({ length: 1500 }, (_, step) => ({
    key: "oob/error",
    value: step === 3 ? NaN : 1 / (step + 1),
    step,
    timestamp: NOW + step,
  }));
  const logged = { experiment, model, run, params, tags, curve };
  await log(store, run.id, logged);
  await store.logArtifacts(run.id, [
    { path: "log.txt", bytes: text("") },
    { path: "reports/größe (1).bin", bytes: new Uint8Array(70_000).fill(255) },
  ]);
  const { files, digest } = await makeBundle({ id: run.id, modelName: model }, store.mlflowVersion);
  const dataset = { name: "train", digest: "39f75d07" };
  const loggedModel = await store.logModel({
    run,
    name: "model",
    files,
    params,
    metrics: [{ key: "accuracy", value: 0.8, timestamp: NOW, dataset }],
    tags: { kind: "forest" },
  });
  const found = await store.loggedModel(run.id, "model");
  assert.deepEqual(found, loggedModel);
  const version = await store.register({
    name: model,
    model: found,
    runId: run.id,
    tags: { [DIGEST_TAG]: digest },
    description: "the first",
  });
  await store.setAlias(model, "challenger", version.version);
  await store.setAlias(model, "champion", version.version);
  await store.setStage(model, version.version, "production");
  await store.setVersionTags(model, version.version, { why: "a: 'b'\nc" });
  await store.endRun(run.id, "FINISHED");
  return { ...logged, digest };
}

async function log(
  store: Store,
  runId: string,
  { params, curve, tags }: Pick<
    Awaited<ReturnType<typeof logEverything>>,
    "params" | "curve" | "tags"
  >,
): Promise<void> {
  await store.log(runId, { params, metrics: curve, tags });
  await store.logInput(runId, {
    name: "train",
    digest: "39f75d07",
    sourceType: "local",
    source: { uri: "data/train" },
    schema: { mlflow_colspec: [{ type: "double", name: "distance", required: true }] },
    profile: { num_rows: 400 },
    context: "training",
  });
}

interface SeenRun {
  id: string;
  name: string;
  status: string;
  ended: boolean;
  params: Record<string, string>;
  tags: Record<string, string>;
  last: Record<string, number | string>;
  metrics: Record<string, unknown[]>;
  datasets: unknown[];
  artifacts: Record<string, string>;
  models: { tags: Record<string, string> }[];
}

interface Seen {
  experiments: string[];
  experiment: { id: string; stage: string };
  runs: SeenRun[];
  aliases: Record<string, string>;
  versions: { version: string; source: string; tags: Record<string, string> }[];
}

/** What Python's client sees. */
export async function readBack(
  { oracles, uri }: Pick<Backend, "uri" | "oracles">,
  experiment: string,
  model: string,
): Promise<Seen> {
  return await oracles[0]?.ask("read_back", uri, experiment, model) as Seen;
}

async function predict(oracle: Oracle, uri: string, model: string) {
  return await oracle.ask("predict", uri, model, `${scratch}/frame.parquet`) as {
    forms: number;
    rows: RawRow[];
    predictions: Record<string, unknown[]>;
  };
}
