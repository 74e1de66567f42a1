/**
 * Bundles on disk, and what only the file store has to stand: writers at once, crashes, being moved.
 *
 * @module
 */

import assert from "node:assert/strict";
import { basename, join } from "node:path";
import {
  openStore,
  readBundle,
  resolveModel,
  type Run,
  type Store,
  writeBundle,
} from "../../jobs/lib/mlflow/mod.ts";
import { serverArtifacts } from "../../jobs/lib/mlflow/rest/artifacts.ts";
import { newestPythons } from "./backends.ts";
import { readBack, refuses } from "./contract.ts";
import { makeBundle } from "./model.ts";

const WRITER = new URL("writer.ts", import.meta.url).pathname;
const noStore = (): Promise<Store> => Promise.reject(new Error("no store is needed"));

async function inScratch(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function tar(archive: string, folder: string, what: string): Promise<void> {
  const { success } = await new Deno.Command("tar", { args: ["-czf", archive, "-C", folder, what] })
    .output();
  assert.ok(success);
}

Deno.test("a bundle is the same from a folder, an archive, and SageMaker's model channel", async () => {
  await inScratch(async (scratch) => {
    const { files, digest } = await makeBundle({ id: "r1", modelName: "late" });
    const folder = join(scratch, "out/model");
    await writeBundle(folder, files);
    await tar(join(scratch, "flat.tar.gz"), folder, ".");
    await tar(join(scratch, "nested.tgz"), join(scratch, "out"), "model");
    await Deno.mkdir(join(scratch, "channel"));
    await Deno.copyFile(join(scratch, "flat.tar.gz"), join(scratch, "channel/model.tar.gz"));
    for (const path of ["out/model", "out", "flat.tar.gz", "nested.tgz", "channel"]) {
      const resolved = await resolveModel(join(scratch, path), noStore);
      assert.deepEqual([resolved.name, resolved.version, resolved.runId, resolved.digest], [
        "late",
        digest.slice(0, 12),
        "r1",
        digest,
      ]);
      const sorted = files.toSorted((a, b) => a.path < b.path ? -1 : 1);
      const found = resolved.bundle.files.toSorted((a, b) => a.path < b.path ? -1 : 1);
      assert.deepEqual(found, sorted);
    }
  });
});

Deno.test("writeBundle() replaces a bundle as a whole", async () => {
  await inScratch(async (scratch) => {
    const { files } = await makeBundle({ id: "r1" });
    const folder = join(scratch, "model");
    await writeBundle(folder, [...files, { path: "stale/file", bytes: new Uint8Array(1) }]);
    await writeBundle(folder, files);
    assert.equal((await readBundle(folder)).files.length, files.length);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(scratch))).map(({ name }) => name), [
      "model",
    ]);
    await Deno.writeTextFile(join(scratch, "file"), "");
    const below = () => writeBundle(join(scratch, "file/model"), files);
    await refuses(4, "model.unwritable", below, /file\/model/);
  });
});

const mount = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(mount, { recursive: true }));

Deno.test({
  name: "writeBundle() fills a folder beside which it may not write, as a mount point is",
  permissions: { read: true, write: [mount] },
  async fn() {
    const { files } = await makeBundle({ id: "r1" });
    await writeBundle(mount, [...files, { path: "stale/file", bytes: new Uint8Array(1) }]);
    await writeBundle(mount, files);
    const found = (await readBundle(mount)).files.map(({ path }) => path);
    assert.deepEqual(found, files.map(({ path }) => path).sort());
  },
});

Deno.test("what is no bundle is refused with its name", async () => {
  await inScratch(async (scratch) => {
    const path = (name: string) => join(scratch, name);
    await Deno.mkdir(path("empty"));
    await Deno.writeTextFile(path("text.tar.gz"), "text");
    const { files } = await makeBundle({ id: "r1" });
    await writeBundle(path("changed"), files);
    await Deno.writeTextFile(path("changed/model.onnx"), "x");
    await refuses(2, "model.not-found", () => readBundle(path("nothing")), /nothing/);
    await refuses(3, "model.not-a-bundle", () => readBundle(path("empty")), /empty/);
    await refuses(3, "model.not-a-bundle", () => readBundle(path("text.tar.gz")), /text\.tar\.gz/);
    await refuses(3, "model.digest-mismatch", () => readBundle(path("changed")), /run\.json/);
  });
});

Deno.test("file store: processes that register at once and one that is killed leave whole versions", async () => {
  await inScratch(async (root) => {
    const { id } = await registeredRun(root);
    const [killed, ...others] = [write(root, id, 1000), write(root, id, 25), write(root, id, 25)];
    assert.ok(killed);
    const numbers = await Promise.all(others.map(async (other) => {
      const { stdout, success } = await other.output();
      assert.ok(success);
      return new TextDecoder().decode(stdout).trim().split("\n");
    }));
    killed.kill("SIGKILL");
    await killed.output();
    assert.equal(new Set(numbers.flat()).size, 50);
    const seen = await readBack({ uri: root, oracles: newestPythons }, "e", "m");
    const store = await openStore({ trackingUri: root });
    const latest = Number((await store.latestVersion("m")).version);
    const all = Array.from({ length: latest }, (_, i) => String(i + 1));
    assert.deepEqual(seen.versions.map(({ version }) => version), all);
    assert.ok(all.includes(seen.aliases["challenger"] ?? ""));
  });
});

Deno.test("file store: what crashes left is removed after a day, while others write", async () => {
  await inScratch(async (root) => {
    const run = await registeredRun(root);
    const incoming = join(root, ".incoming.trash");
    const begun = (hoursAgo: number) =>
      join(incoming, `${Date.now() - hoursAgo * 3_600_000}-${crypto.randomUUID()}`);
    await Deno.mkdir(join(begun(1000), "sub"), { recursive: true });
    for (let i = 0; i < 300; i++) await Deno.writeTextFile(begun(25), "half a file");
    const [recent, foreign] = [begun(23), join(incoming, "a note")];
    for (const path of [recent, foreign]) await Deno.writeTextFile(path, "half a file");
    const writers = [1, 2, 3].map(() => write(root, run.id, 5).output());
    for (const { success } of await Promise.all(writers)) assert.ok(success);
    const left = (await Array.fromAsync(Deno.readDir(incoming))).map(({ name }) => name);
    assert.deepEqual(left.sort(), [basename(recent), basename(foreign), "lock"]);
    const store = await openStore({ trackingUri: root });
    assert.equal((await store.latestVersion("m")).version, "16");
  });
});

/** A run whose model is registered as `m`, version 1. */
async function registeredRun(root: string): Promise<Run> {
  const store = await openStore({ trackingUri: root });
  const experimentId = await store.experiment("e");
  const run = await store.startRun({ experimentId, name: "r", tags: {} });
  const { files } = await makeBundle({ id: run.id });
  const model = await store.logModel({ run, name: "model", files });
  await store.register({ name: "m", model, runId: run.id });
  return run;
}

/** A process that registers so many more versions. */
function write(root: string, runId: string, count: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", WRITER, root, "m", runId, String(count)],
    stdout: "piped",
  }).spawn();
}

Deno.test("file store: one that was moved as a whole still gives its models and takes new runs", async () => {
  await inScratch(async (scratch) => {
    const before = join(scratch, "before");
    const store = await openStore({ trackingUri: before });
    const run = await store.startRun({
      experimentId: await store.experiment("e"),
      name: "r",
      tags: {},
    });
    const { files, digest } = await makeBundle({ id: run.id });
    const model = await store.logModel({ run, name: "model", files });
    await store.register({ name: "m", model, runId: run.id });
    await Deno.rename(before, join(scratch, "after"));
    const moved = await openStore({ trackingUri: `file://${scratch}/after` });
    assert.equal((await resolveModel("models:/m/1", () => Promise.resolve(moved))).digest, digest);
    const next = await moved.startRun({
      experimentId: await moved.experiment("e"),
      name: "s",
      tags: {},
    });
    await moved.logArtifacts(next.id, [{ path: "a", bytes: new Uint8Array(1) }]);
    assert.match(next.artifactUri, /\/after\//);
    await assert.rejects(Deno.stat(before), Deno.errors.NotFound);
  });
});

Deno.test("a server's artifacts on this disk are written beside nothing else", async () => {
  await inScratch(async (scratch) => {
    const unasked = () => Promise.reject(new Error("the server is not asked"));
    const http = { baseUrl: "http://localhost:5000", send: unasked, json: unasked };
    const options = { proxyMultipart: false, multipartFrom: Infinity, partBytes: 1 };
    const artifacts = serverArtifacts(http, options);
    const root = `file://${scratch}/artifacts/1/r/artifacts`;
    const file = (path: string) => ({ path, bytes: new TextEncoder().encode(path) });
    await artifacts.upload(root, [file("a.txt"), file("b/c.txt")]);
    await artifacts.upload(`${root}/model`, [file("MLmodel")]);
    const found = await artifacts.download(root);
    assert.deepEqual(found.map(({ path }) => path), ["a.txt", "b/c.txt", "model/MLmodel"]);
    const names = await Array.fromAsync(Deno.readDir(new URL(root)), ({ name }) => name);
    assert.deepEqual(names.sort(), ["a.txt", "b", "model"]);
    const above = await Array.fromAsync(Deno.readDir(`${scratch}/artifacts`), ({ name }) => name);
    assert.deepEqual(above, ["1"]);
  });
});

Deno.test("file store: reading makes nothing, and a folder that cannot be written is named", async () => {
  await inScratch(async (scratch) => {
    const root = join(scratch, "none");
    const store = await openStore({ trackingUri: root });
    await refuses(2, "mlflow.model-unknown", () => store.versionByAlias("m", "champion"));
    await refuses(2, "mlflow.run-unknown", () => store.run("abc"));
    await assert.rejects(Deno.stat(root), Deno.errors.NotFound);
    await Deno.writeTextFile(join(scratch, "file"), "");
    const below = await openStore({ trackingUri: join(scratch, "file/mlruns") });
    await refuses(4, "mlflow.store-unusable", () => below.experiment("e"), /file\/mlruns/);
  });
});
