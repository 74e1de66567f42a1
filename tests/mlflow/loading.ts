/**
 * Where a model may lie, what it may be, and what is said where there is none.
 *
 * @module
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type Artifact,
  DIGEST_TAG,
  modelCache,
  openStore,
  resolveModel,
  type Store,
  writeBundle,
} from "../../jobs/lib/mlflow/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { uploadObject } from "../../jobs/lib/storage/mod.ts";
import { BACKENDS, bucket, scratch } from "./backends.ts";
import { refuses } from "./contract.ts";
import { makeBundle } from "./model.ts";

const WHAT = { option: "--model-uri", purpose: "test" };
const LIMITS = { multipartFrom: Infinity, partBytes: 1 };
const noStore = (): Promise<Store> => Promise.reject(new Error("no store is needed"));

async function put(uri: string, bytes: Uint8Array): Promise<void> {
  const read = (from: number, to: number) => Promise.resolve(new Uint8Array(bytes).slice(from, to));
  await uploadObject(uri, { size: bytes.length, read }, WHAT, LIMITS);
}

Deno.test("a model is loaded from a folder and from an archive on S3", async () => {
  const { files, digest } = await makeBundle({ id: "r1", modelName: "late" });
  const folder = join(scratch, "to archive");
  await writeBundle(folder, files);
  const tar = new Deno.Command("tar", { args: ["-czf", `${folder}.tgz`, "-C", folder, "."] });
  assert.ok((await tar.output()).success);
  const root = `s3://${bucket}/models/late`;
  for (const { path, bytes } of files) await put(`${root}/model/${path}`, bytes);
  await put(`${root}/model.tar.gz`, await Deno.readFile(`${folder}.tgz`));
  await put(`${root}/model2/MLmodel`, new TextEncoder().encode("another"));
  for (const uri of [`${root}/model`, `${root}/model/`, `${root}/model.tar.gz`]) {
    const found = await resolveModel(uri, noStore);
    assert.deepEqual([found.name, found.digest, found.runId, found.source], [
      "late",
      digest,
      "r1",
      uri,
    ]);
    assert.equal(found.bundle.files.length, files.length);
  }
  const missing = (uri: string) => () => resolveModel(uri, noStore);
  await refuses(2, "model.not-found", missing(`${root}/none.tar.gz`), /none\.tar\.gz/);
  await refuses(3, "mlflow.artifacts-missing", missing(`${root}/none`), /none/);
  await refuses(
    4,
    "storage.no-bucket",
    missing("s3://there-is-no-such-bucket/x"),
    /no-such-bucket/,
  );
});

Deno.test("a registered model is downloaded once, kept by its digest, and mended if damaged", async () => {
  const folder = join(scratch, "model cache");
  const cache = modelCache(folder, silentLog);
  const backend = BACKENDS[1];
  assert.ok(backend);
  const store = await backend.open();
  const uri = await register(store, (await makeBundle({ id: "r1" }, store.mlflowVersion)).files);
  let downloads = 0;
  const counted: Store = {
    ...store,
    downloadArtifacts: (from) => {
      downloads++;
      return store.downloadArtifacts(from);
    },
  };
  const load = () => resolveModel(uri, () => Promise.resolve(counted), { cache });
  const first = await load();
  const again = await load();
  assert.equal(downloads, 1);
  assert.deepEqual(
    again.bundle.files.map(({ path }) => path).sort(),
    first.bundle.files.map(({ path }) => path).sort(),
  );
  assert.deepEqual({ ...again, bundle: undefined }, { ...first, bundle: undefined });
  const [kept, ...others] = await Array.fromAsync(Deno.readDir(folder));
  assert.ok(kept && others.length === 0);
  assert.ok(kept.name.startsWith(first.digest));
  await Deno.writeTextFile(join(folder, kept.name, "model.onnx"), "damaged");
  assert.equal((await load()).digest, first.digest);
  assert.equal(downloads, 2);
  await load();
  assert.equal(downloads, 2);
  const blocked = modelCache(join(folder, kept.name, "model.onnx", "x"), silentLog);
  const uncached = () => resolveModel(uri, () => Promise.resolve(counted), { cache: blocked });
  assert.equal((await uncached()).digest, first.digest);
});

Deno.test("a model of another flavour is refused by that name", async () => {
  const store = await openStore({ trackingUri: join(scratch, "flavours") });
  const mlmodel = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n  sklearn:\n" +
    "    pickled_model: model.pkl\n";
  const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });
  const uri = await register(store, [file("MLmodel", mlmodel), file("model.pkl", "")]);
  const load = () => resolveModel(uri, () => Promise.resolve(store));
  await refuses(3, "model.flavor-unsupported", load, /sklearn/);
});

Deno.test("a version whose files are gone says so", async () => {
  for (const backend of BACKENDS.slice(0, 1)) {
    const store = await backend.open();
    const { files } = await makeBundle({ id: "r1" }, store.mlflowVersion);
    const uri = await register(store, files);
    const [, name = ""] = /models:\/(.*)@/.exec(uri) ?? [];
    const at = await store.artifactUri(await store.version(name, "1"));
    await Deno.remove(new URL(at), { recursive: true });
    const load = () => resolveModel(uri, () => Promise.resolve(store));
    await refuses(3, "mlflow.artifacts-missing", load);
  }
});

async function register(store: Store, files: readonly Artifact[]): Promise<string> {
  const experimentId = await store.experiment(`loading ${crypto.randomUUID()}`);
  const run = await store.startRun({ experimentId, name: "r", tags: {} });
  const model = await store.logModel({ run, name: "model", files });
  const name = `loading-${crypto.randomUUID()}`;
  const digest = JSON.parse(
    new TextDecoder().decode(files.find(({ path }) => path === "run.json")?.bytes) || "{}",
  ).model_digest;
  const tags = digest === undefined ? {} : { [DIGEST_TAG]: digest };
  const { version } = await store.register({ name, model, runId: run.id, tags });
  await store.setAlias(name, "champion", version);
  return `models:/${name}@champion`;
}
