/** Parquet on a real S3 API: what is fetched, and what happens when S3 has a bad day. */

import assert from "node:assert/strict";
import { parquetWriteBuffer } from "hyparquet-writer";
import { contentTag, keysOf, listFiles, openDataset, readTable } from "../jobs/lib/dataset/mod.ts";
import { DataError, DependencyError } from "../jobs/lib/errors.ts";
import { type Bad, proxyOf } from "./dataset/s3_proxy.ts";
import { provided, task } from "./job/task.ts";
import { awsAt } from "./runs/place.ts";

const FLIGHTS = "examples/flights/train";
const QUARTER = "examples/flights/test";
const MONTHS = ["2013-01.parquet", "2013-02.parquet"];
const s3 = proxyOf(provided("ML_TEST_S3"));
// The process has one client, which reads this when it is first used.
for (const [name, value] of Object.entries(awsAt(s3.endpoint))) Deno.env.set(name, value);
globalThis.addEventListener("unload", () => s3.close());

Deno.test("readTable() of a prefix gives what the folder gives, and fetches only the columns", async () => {
  const uri = await bucketWith([["q/day=1/a.parquet", `${QUARTER}/2013-q4.parquet`]]);
  await put(`${uri}/q/_SUCCESS`, "");
  await put(`${uri}/q/.hidden/x.parquet`, "no parquet");
  await put(`${uri}/q-of-others/x.parquet`, "no parquet");
  const dataset = await openDataset(`${uri}/q`);
  assert.deepEqual(dataset.files.map(({ path }) => path), [`${uri}/q/day=1/a.parquet`]);
  const near = await readTable(await openDataset(QUARTER));
  const names = near.columns.map(({ name }) => name);
  assert.deepEqual(dataset.fields.map(({ name }) => name), [...names, "day"]);
  assert.deepEqual((await readTable(dataset, names)).columns, near.columns);
  s3.sent = 0;
  const columns = ["carrier", "distance"];
  const far = await readTable(dataset, columns);
  const expected = columns.map((name) => near.columns.find((column) => column.name === name));
  assert.deepEqual(far.columns, expected);
  const [{ bytes = 0 } = {}] = dataset.files;
  assert.ok(s3.sent < bytes / 4, `${s3.sent} of ${bytes} bytes were fetched`);
});

Deno.test("batches() has row groups on the way while one is worked on, each byte once", async () => {
  const uri = await bucketWith([]);
  const rows = 5000, groups = 20;
  const data = Array.from({ length: rows }, (_, row) => Math.sin(row));
  const file = parquetWriteBuffer({
    columnData: ["a", "b", "c"].map((name) => ({ name, data, type: "DOUBLE" as const })),
    rowGroupSize: rows / groups,
  });
  await put(`${uri}/a.parquet`, new Uint8Array(file));
  const dataset = await openDataset(uri);
  s3.sent = s3.most = 0;
  s3.delay = 20;
  try {
    let sum = 0;
    for await (const { columns: [column] } of dataset.batches({ columns: ["b"] })) {
      for (const value of column?.kind === "number" ? column.values : []) sum += value;
    }
    assert.equal(sum, data.reduce((total, value) => total + value, 0));
    assert.ok(s3.most > 3, `${s3.most} at once`);
    assert.ok(s3.sent < file.byteLength / 3 + 40_000, `${s3.sent} of ${file.byteLength} bytes`);
  } finally {
    s3.delay = 0;
  }
});

Deno.test("openDataset() opens many objects at once, and names the first that is bad", async () => {
  const uri = await bucketWith(
    Array.from({ length: 9 }, (_, i) => [`${i}.parquet`, `${FLIGHTS}/${MONTHS[0]}`] as const),
  );
  s3.most = 0;
  s3.delay = 20;
  try {
    assert.equal((await openDataset(uri)).files.length, 9);
    assert.ok(s3.most > 3, `${s3.most} at once`);
    for (const bad of [3, 5]) await put(`${uri}/${bad}.parquet`, "no parquet");
    await assert.rejects(openDataset(uri), /3\.parquet/);
  } finally {
    s3.delay = 0;
  }
});

const BAD_DAYS: readonly Bad[] = ["slow down", "reset", "truncated"];
for (const bad of BAD_DAYS) {
  Deno.test(`readTable() is not shaken by answers that are ${bad}`, async () => {
    const uri = await bucketWith([["a.parquet", `${FLIGHTS}/${MONTHS[0]}`]]);
    const quiet = await readTable(await openDataset(uri));
    s3.bad = { kind: bad, every: 3 };
    try {
      const table = await readTable(await openDataset(uri));
      assert.ok(s3.spoilt > 0, "no answer was spoilt");
      assert.deepEqual(table.columns, quiet.columns);
    } finally {
      s3.bad = undefined;
    }
  });
}

Deno.test("an object that is replaced while it is read is refused, never mixed", async () => {
  const uri = await bucketWith([["a.parquet", `${FLIGHTS}/${MONTHS[0]}`]]);
  const dataset = await openDataset(uri);
  const tag = await contentTag(`${uri}/a.parquet`);
  const rows = dataset.batches({ batchRows: 100 })[Symbol.asyncIterator]();
  await rows.next();
  await put(`${uri}/a.parquet`, await Deno.readFile(`${FLIGHTS}/${MONTHS[1]}`));
  assert.notEqual(await contentTag(`${uri}/a.parquet`), tag);
  await assert.rejects(Array.fromAsync(dataset.batches()), isError(DataError, "data.changed"));
  await rows.return?.(undefined);
});

Deno.test("what is not there is told from what cannot be reached", async () => {
  const uri = await bucketWith([["a.txt", `${FLIGHTS}/${MONTHS[0]}`]]);
  await assert.rejects(listFiles(`${uri}/day=1`), isError(DataError, "data.not-found"));
  await assert.rejects(listFiles(uri), isError(DataError, "data.empty"));
  await assert.rejects(
    listFiles("s3://there-is-no-such-bucket/x"),
    isError(DependencyError, "storage.no-bucket"),
  );
  assert.equal(await contentTag(`${uri}/gone.parquet`), undefined);
});

function isError(type: typeof DataError | typeof DependencyError, code: string) {
  return (error: unknown) => error instanceof type && error.code === code;
}

async function bucketWith(
  files: readonly (readonly [key: string, file: string])[],
): Promise<string> {
  const uri = `s3://data-${crypto.randomUUID()}`;
  await put(uri, "");
  for (const [key, file] of files) await put(`${uri}/${key}`, await Deno.readFile(file));
  return uri;
}

async function put(uri: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const answer = await fetch(uri.replace("s3:/", provided("ML_TEST_S3")), {
    method: "PUT",
    body,
    // Anonymous, one may create an object but not replace it; signatures are not checked here.
    headers: {
      authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request",
    },
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`S3 answered ${answer.status} for ${uri}`);
}

Deno.test("train and score take their data from S3, the day of the slot below a prefix", async () => {
  const uri = await bucketWith([
    ["training/a.parquet", `${FLIGHTS}/${MONTHS[0]}`],
    ["days/day=2013-10-01/a.parquet", "examples/flights/score/day=2013-10-01/flights.parquet"],
  ]);
  const folder = await Deno.makeTempDir();
  const env = awsAt(provided("ML_TEST_S3"));
  try {
    const at = ["--tracking-uri", `${folder}/mlruns`];
    const trained = await task("train", [
      ...["--train-data", `${uri}/training`, "--label", "late", "--key-column", "flight_id"],
      ...["--model-name", "s3", "--n-estimators", "5", "--output", `${folder}/out`, ...at],
    ], env);
    assert.equal(trained.summary["model"], "s3", trained.log);
    const score = () =>
      task("score", [
        ...["--input-uri", `${uri}/days`, "--scheduled-time", "2013-10-02T06:00:00Z"],
        ...["--model-uri", `${folder}/out/model`, "--run-state", `${uri}/runs`],
        ...["--output", `${folder}/predictions`, ...at],
      ], env);
    const scored = await score();
    assert.equal(scored.code, 0, scored.log);
    assert.equal(scored.summary["rows"], 965);
    await put(
      `${uri}/days/day=2013-10-01/a.parquet`,
      await Deno.readFile(`${QUARTER}/2013-q4.parquet`),
    );
    const again = await score();
    assert.equal(again.code, 0, again.log); // a completed run is a no-op
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wildcards and text are read from S3 as from folders", async () => {
  const uri = await bucketWith([]);
  for (const [day, code] of [["2013-09-30", "AA"], ["2013-10-01", "B6"], ["2013-10-02", "UA"]]) {
    await put(`${uri}/data/day=${day}/a.csv`, `code,x\n${code},1\n`);
  }
  await put(`${uri}/data/day=2013-10-02/.hidden.csv`, "broken");
  const dataset = await openDataset(`${uri}/data/day=2013-10-*/*.csv`);
  const table = await readTable(dataset);
  assert.deepEqual(keysOf(table, "code"), ["B6", "UA"]);
  assert.deepEqual(keysOf(table, "day"), ["2013-10-01T00:00:00Z", "2013-10-02T00:00:00Z"]);
  assert.deepEqual(await listFiles(`${uri}/data/**/a.csv`), [
    `${uri}/data/day=2013-09-30/a.csv`,
    `${uri}/data/day=2013-10-01/a.csv`,
    `${uri}/data/day=2013-10-02/a.csv`,
  ]);
  const names = [{ prefix: `${uri}/data/` }, "day=2013-10-02/a.csv", "day=2013-09-30/a.csv"];
  await put(`${uri}/some.manifest`, JSON.stringify(names));
  const listed = await readTable(await openDataset(`${uri}/some.manifest`));
  assert.deepEqual(keysOf(listed, "code"), ["AA", "UA"]);
  assert.deepEqual(keysOf(listed, "day"), ["2013-09-30T00:00:00Z", "2013-10-02T00:00:00Z"]);
  await put(`${uri}/data/day=2013-10-01/a.csv`, "code,x\nB6,2\n");
  await assert.rejects(readTable(dataset), isError(DataError, "data.changed"));
});
