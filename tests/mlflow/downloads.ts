/**
 * Downloads that break off in the middle.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openStore, type Store, type StoreOptions } from "../../jobs/lib/mlflow/mod.ts";
import { proxyOf } from "../dataset/s3_proxy.ts";
import { provided } from "../job/task.ts";
import { awsEnvironment, BACKENDS, bucket } from "./backends.ts";
import { type Fate, withProxy } from "./proxy.ts";

const SIZE = 8 << 20;
const CUT = { cutAfter: 3 << 20 };
const QUICK: StoreOptions = { retryForMs: 20_000, variables: { backoffMs: 20 } };
const [, newest, passedOn] = BACKENDS;
assert.ok(newest && passedOn);

/** Some megabytes that compress badly, other ones each time. */
function content(size = SIZE): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** A run that keeps one large file. */
async function runWith(store: Store, bytes: Uint8Array) {
  const experimentId = await store.experiment(`downloads ${crypto.randomUUID()}`);
  const run = await store.startRun({ experimentId, name: "r", tags: {} });
  await store.logArtifacts(run.id, [{ path: "large.bin", bytes }]);
  return run;
}

function sha256(bytes: Uint8Array | undefined): string {
  return createHash("sha256").update(bytes ?? "").digest("hex");
}

Deno.test("a download that breaks off goes on where it was, if the server gives ranges", async () => {
  const bytes = content();
  const { artifactUri } = await runWith(await newest.open(), bytes);
  const ranges: (string | undefined)[] = [];
  const cut: Fate = (_kind, _times, range) => {
    ranges.push(range);
    return CUT;
  };
  await withProxy(newest.uri, cut, async (trackingUri) => {
    const store = await openStore({ ...QUICK, trackingUri });
    ranges.length = 0;
    const [file] = await store.downloadArtifacts(artifactUri);
    assert.equal(sha256(file?.bytes), sha256(bytes));
  });
  // The list of files, the file, and twice its rest.
  const asked = ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? NaN));
  assert.equal(ranges.length, 4, ranges.join());
  assert.deepEqual(ranges.slice(0, 2), [undefined, undefined]);
  for (const [i, from] of asked.slice(2).entries()) {
    assert.ok(from > 0 && from <= (i + 1) * CUT.cutAfter, ranges.join());
  }
});

Deno.test("a download that breaks off begins again, if the server gives none", async () => {
  const bytes = content();
  const { artifactUri } = await runWith(await passedOn.open(), bytes);
  let asked = 0;
  const cutTwice: Fate = (kind) => kind === "GET artifacts" && ++asked <= 3 ? CUT : "pass";
  await withProxy(passedOn.uri, cutTwice, async (trackingUri) => {
    const store = await openStore({ ...QUICK, trackingUri });
    const [file] = await store.downloadArtifacts(artifactUri);
    assert.equal(sha256(file?.bytes), sha256(bytes));
  });
  assert.equal(asked, 4);
});

Deno.test("a file that is replaced while its download breaks off comes whole, as one of the two", async () => {
  const [before, after] = [content(), content()];
  const direct = await newest.open();
  const run = await runWith(direct, before);
  const replaced: Fate = async (kind, times) => {
    if (kind !== "GET artifacts" || times > 3) return "pass";
    if (times === 3) await direct.logArtifacts(run.id, [{ path: "large.bin", bytes: after }]);
    return CUT;
  };
  await withProxy(newest.uri, replaced, async (trackingUri) => {
    const store = await openStore({ ...QUICK, trackingUri });
    const [file] = await store.downloadArtifacts(run.artifactUri);
    assert.equal(sha256(file?.bytes), sha256(after));
  });
});

Deno.test("a download of which no more comes is broken off, and goes on where it was", async () => {
  const bytes = content();
  const { artifactUri } = await runWith(await newest.open(), bytes);
  const ranges: string[] = [];
  const hangs: Fate = (_kind, _times, range) => {
    if (range !== undefined) ranges.push(range);
    return range === undefined ? { ...CUT, hang: true } : "pass";
  };
  await withProxy(newest.uri, hangs, async (trackingUri) => {
    const store = await openStore({ ...QUICK, timeoutMs: 1000, trackingUri });
    const [file] = await store.downloadArtifacts(artifactUri);
    assert.equal(sha256(file?.bytes), sha256(bytes));
  });
  assert.deepEqual(ranges, [`bytes=${CUT.cutAfter}-`]);
});

Deno.test("a server that always breaks off at the same place is given up, and named", async () => {
  const { artifactUri } = await runWith(await passedOn.open(), content());
  const cut: Fate = (kind) => kind === "GET artifacts" ? CUT : "pass";
  await withProxy(passedOn.uri, cut, async (trackingUri) => {
    const store = await openStore({ ...QUICK, retryForMs: 1000, trackingUri });
    await assert.rejects(store.downloadArtifacts(artifactUri), (error: Error) => {
      assert.match(error.message, /Cannot download large\.bin from the MLflow server/);
      return error.message.includes(trackingUri);
    });
  });
});

Deno.test("a download from S3 that breaks off goes on where it was", async () => {
  const direct = BACKENDS.at(-1);
  assert.ok(direct);
  const bytes = content(40 << 20);
  const { artifactUri } = await runWith(await direct.open(), bytes);
  assert.ok(artifactUri.startsWith(`s3://${bucket}/`));
  const s3 = proxyOf(provided("ML_TEST_S3"));
  s3.bad = { kind: "truncated", every: 3 };
  // The client of S3 is one for the process, and asks the environment once.
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("download.ts", import.meta.url).pathname, artifactUri],
    env: { ...awsEnvironment, AWS_ENDPOINT_URL_S3: s3.endpoint },
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stderr));
  assert.deepEqual(JSON.parse(decoder.decode(stdout)), { "large.bin": sha256(bytes) });
  assert.ok(s3.spoilt > 0);
  assert.ok(s3.sent < 1.1 * bytes.length, `${s3.sent} bytes were sent`);
  await s3.close();
});
