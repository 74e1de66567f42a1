/** CSV, NDJSON, wildcards and folders as columns: against pandas and pyarrow, and through the jobs. */

import assert from "node:assert/strict";
import {
  type Batch,
  contentTag,
  keysOf,
  openDataset,
  readTable,
  typesOf,
} from "../jobs/lib/dataset/mod.ts";
import { DataError } from "../jobs/lib/errors.ts";
import { provided, task } from "./job/task.ts";

const MONTH = "examples/flights/train/2013-02.parquet";
const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
const generated = await new Deno.Command(provided("ML_TEST_PYTHON"), {
  args: [new URL("reading/generate.py", import.meta.url).pathname, FOLDER, MONTH],
}).output();
assert.equal(generated.code, 0, new TextDecoder().decode(generated.stderr));

interface Oracle {
  readonly kind: string;
  readonly values: readonly (string | null)[];
}

Deno.test("text is read as pandas and pyarrow read it", async (t) => {
  for (const name of ["unix.csv", "windows.csv", "tabs.tsv.gz", "lines.ndjson", "lines.jsonl.gz"]) {
    await t.step(name, async () => {
      const expected: Record<string, Oracle> = JSON.parse(
        await Deno.readTextFile(`${FOLDER}/${name}.json`),
      );
      const dataset = await openDataset(`${FOLDER}/${name}`);
      const table = await readTable(dataset);
      const names = dataset.fields.map((field) => field.name);
      assert.deepEqual(names.toSorted(), Object.keys(expected).toSorted());
      for (const [column, { kind, values }] of Object.entries(expected)) {
        const field = dataset.fields.find((each) => each.name === column);
        assert.equal(field?.type === "null" ? "null" : field?.kind, kind, column);
        assert.deepEqual(exactly(table, column), values.map(normalised(kind)), column);
      }
    });
  }
});

Deno.test("batches() of text reads any part in any size, with names of rows as they are written", async () => {
  for (const name of ["windows.csv", "lines.jsonl.gz"]) {
    const dataset = await openDataset(`${FOLDER}/${name}`);
    const all = await readTable(dataset);
    const options = { fromRow: 1234, batchRows: 7, columns: ["text", "int"], keyColumn: "id" };
    const names: string[] = [], texts: (string | null)[] = [], ints: (string | null)[] = [];
    for await (const batch of dataset.batches(options)) {
      assert.ok(batch.rows > 0 && batch.rows <= 7);
      texts.push(...keysOf(batch, "text"));
      ints.push(...keysOf(batch, "int"));
      const { bytes, offsets } = batch.keys ?? { bytes: new Uint8Array(), offsets: [] };
      for (let row = 0; row < batch.rows; row++) {
        names.push(new TextDecoder().decode(bytes.subarray(offsets[row], offsets[row + 1])));
      }
    }
    assert.deepEqual(texts, keysOf(all, "text").slice(1234));
    assert.deepEqual(ints, keysOf(all, "int").slice(1234));
    assert.deepEqual(names, keysOf(all, "id").slice(1234));
  }
});

Deno.test("text that is not as it should be ends with the file and the line", async (t) => {
  const gzip = await packed("a\n" + "x\n".repeat(9));
  const wrong: readonly [
    name: string,
    content: string | Uint8Array,
    code: string,
    message: RegExp,
  ][] = [
    ["ragged.csv", "a,b\n1,2\n3\n", "data.csv-ragged", /ragged\.csv: line 3 has 1 cells/],
    ["quote.csv", 'a,b\n1,"2\n', "data.csv-quote", /quote\.csv.*line 2 is never closed/],
    ["json.ndjson", '{"a":1}\n{"a":\n', "data.json-line", /json\.ndjson: line 2 is not JSON/],
    ["latin.csv", Uint8Array.of(97, 10, 0xe9, 10), "data.text-encoding", /latin\.csv: line 2/],
    ["long.ndjson", `{"a":"${"x".repeat(2 ** 20)}"}`, "data.line-too-long", /line 1.*1 MiB/],
    ["cut.csv.gz", gzip.subarray(0, -9), "data.corrupt", /cut\.csv\.gz: it is not whole gzip/],
    ["plain.csv.gz", "a,b\n1,2\n", "data.corrupt", /plain\.csv\.gz: it is not whole gzip/],
    ["bomb.csv.gz", await packed("a\n", 200), "data.too-large", /bomb\.csv\.gz: unpacked/],
    ["empty.csv", "", "data.empty", /empty\.csv: the file is empty/],
    ["header.csv", "a,b\n", "data.empty", /has no rows/],
  ];
  for (const [name, content, code, message] of wrong) {
    await t.step(name, async () => {
      await write(`wrong/${name}`, content);
      const error = await rejection(openDataset(`${FOLDER}/wrong/${name}`));
      assert.deepEqual([error.code, error.exitCode], [code, 3], error.message);
      assert.match(error.message, message);
      assert.ok(error.place.file?.endsWith(name));
    });
  }
  await t.step("formats of several kinds in one folder", async () => {
    await write("mixed/a.csv", "a\n1\n");
    await Deno.copyFile(MONTH, `${FOLDER}/mixed/b.parquet`);
    const error = await rejection(openDataset(`${FOLDER}/mixed`));
    assert.equal(error.code, "data.mixed-formats");
    assert.equal((await openDataset(`${FOLDER}/mixed/*.csv`)).rows, 1);
  });
  await t.step("a file that is written again while it is read", async () => {
    await write("again/a.csv", "a\n1\n2\n");
    const dataset = await openDataset(`${FOLDER}/again`);
    const tag = await contentTag(`${FOLDER}/again/a.csv`);
    await write("again/a.csv", "a\n1\n7\n9\n");
    assert.notEqual(await contentTag(`${FOLDER}/again/a.csv`), tag);
    assert.equal((await rejection(readTable(dataset))).code, "data.changed");
  });
});

Deno.test("wildcards choose files, and names of folders become columns", async () => {
  for (const [day, rows] of [["2013-09-30", 1], ["2013-10-01", 2], ["2013-10-02", 3]] as const) {
    await write(`days/day=${day}/hour=05/a.csv`, "x\n" + "1\n".repeat(rows));
    await write(`days/day=${day}/_temporary/a.csv`, "broken");
  }
  const october = await openDataset(`${FOLDER}/days/day=2013-10-*`);
  assert.deepEqual(october.fields, [
    { name: "x", kind: "number", type: "int64" },
    { name: "day", kind: "timestamp", type: "date" },
    { name: "hour", kind: "number", type: "int64" },
  ]);
  const table = await readTable(october);
  const first = "2013-10-01T00:00:00Z", second = "2013-10-02T00:00:00Z";
  assert.deepEqual(keysOf(table, "day"), [first, first, second, second, second]);
  assert.deepEqual(keysOf(table, "hour"), ["5", "5", "5", "5", "5"]);
  assert.equal((await openDataset(`${FOLDER}/days/**/a.csv`)).rows, 6);
  assert.equal((await openDataset(`${FOLDER}/*/day=2013-10-0?/*/*.csv`)).rows, 5);
  const none = await rejection(openDataset(`${FOLDER}/days/day=2014-*`));
  assert.equal(none.code, "data.empty");

  await Deno.mkdir(`${FOLDER}/hive/day=2013-02-01`, { recursive: true });
  await Deno.copyFile(MONTH, `${FOLDER}/hive/day=2013-02-01/a.parquet`);
  const parquet = await openDataset(`${FOLDER}/hive`);
  const [batch] = await Array.fromAsync(parquet.batches({ columns: ["day"], batchRows: 2 }));
  assert.deepEqual(batch && keysOf(batch, "day"), ["2013-02-01T00:00:00Z", "2013-02-01T00:00:00Z"]);
});

Deno.test("a model's types decide how text is read for it", async () => {
  await write("typed/a.csv", "code,amount\n7,1\n8,2\n");
  const schema = {
    version: 1,
    target: { objective: "regression", label: "y" },
    features: [
      { name: "code", kind: "categorical", type: "string" },
      { name: "amount", kind: "number", type: "double" },
    ],
    dropped: [],
  } as const;
  const types = typesOf(schema);
  const { fields } = await openDataset(`${FOLDER}/typed`, { types });
  assert.deepEqual(fields.map(({ kind }) => kind), ["string", "number"]);
  await write("typed/b.csv", "code,amount\n7,1\n8,?\n");
  const error = await rejection(openDataset(`${FOLDER}/typed`, { types }));
  assert.match(error.message, /line 3 of .*b\.csv has "\?" in column amount, which is double/);
  assert.deepEqual(error.place, { file: `${FOLDER}/typed/b.csv`, line: 3, column: "amount" });
});

Deno.test("train, evaluate and score give the same from CSV and NDJSON as from parquet", async () => {
  const measured: unknown[] = [], scored: unknown[] = [];
  for (const format of ["parquet", "csv", "ndjson"]) {
    const data = `${FOLDER}/flights/${format}`, out = `${FOLDER}/out/${format}`;
    const at = ["--tracking-uri", `${out}/mlruns`];
    const valid = await task("training", ["validate", "--data", data, "--label", "late"]);
    assert.equal(valid.code, 0, valid.log);
    const trained = await task("train", [
      ...["--train-data", data, "--label", "late", "--key-column", "flight_id"],
      ...["--n-estimators", "5", "--model-name", "text", "--output", out, ...at],
    ]);
    assert.equal(trained.code, 0, trained.log);
    measured.push(JSON.parse(await Deno.readTextFile(`${out}/evaluation.json`)).metrics);
    const evaluated = await task("training", [
      ...["evaluate", "--model", `${out}/model`, "--train-data", data, ...at],
      ...["--output", `${out}/again`],
    ]);
    assert.equal(evaluated.code, 0, evaluated.log);
    // With the model of the parquet: what a model takes does not depend on the format.
    const result = await task("score", [
      ...["--data", data, "--model-uri", `${FOLDER}/out/parquet/model`, "--run-id", format, ...at],
      ...["--output", `${out}/predictions`, "--run-state", `${out}/runs`],
    ]);
    assert.equal(result.code, 0, result.log);
    scored.push(await predictionsIn(`${out}/predictions`));
  }
  assert.deepEqual(measured[1], measured[0]);
  assert.deepEqual(measured[2], measured[0]);
  assert.ok(Object.keys(Object(scored[0])).length > 5000);
  assert.deepEqual(scored[1], scored[0]);
  assert.deepEqual(scored[2], scored[0]);
});

Deno.test("training validate tells what it did not read, or not as one may think", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ x: i === 17 ? "n/a" : i, tags: [i] }));
  await write("told/a.ndjson", rows.map((row) => JSON.stringify(row)).join("\n"));
  const { code, log } = await task("training", [
    ...["validate", "--data", `${FOLDER}/told`, "--report", `${FOLDER}/told-report`],
  ]);
  assert.equal(code, 0, log);
  assert.match(log, /"column x is text: line 18 of .*a\.ndjson has \\"n\/a\\""/);
  assert.match(log, /"column is not read","column":"tags","type":"list"/);
});

Deno.test("folders below a channel are columns, whatever SageMaker filled it from", async () => {
  const root = `${FOLDER}/ml`, data = "/opt/ml/processing/input/data";
  const input = {
    InputName: "data",
    S3Input: { S3Uri: "s3://b/x.manifest", S3DataType: "ManifestFile", LocalPath: data },
  };
  const output = { OutputName: "report", S3Output: { LocalPath: "/opt/ml/processing/output" } };
  const job = { ProcessingInputs: [input], ProcessingOutputConfig: { Outputs: [output] } };
  await write("ml/config/processingjobconfig.json", JSON.stringify(job));
  await write("ml/config/resourceconfig.json", '{"current_host": "algo-1", "hosts": ["algo-1"]}');
  for (const day of ["2013-10-01", "2013-10-02"]) {
    const rows = Array.from({ length: 50 }, (_, i) => `${i},${i % 2 === 0}\n`).join("");
    await write(`ml/processing/input/data/day=${day}/a.csv`, `x,late\n${rows}`);
  }
  const { code, summary, log } = await task("training", ["validate", "--label", "late"], {
    ML_ROOT: root,
  });
  assert.equal(code, 0, log);
  const columns = summary["columns"];
  assert.ok(Array.isArray(columns));
  assert.deepEqual(columns.map(({ name, type }) => `${name} ${type}`), [
    "x int64",
    "late bool",
    "day date",
  ]);
});

/** By key, what was predicted. */
async function predictionsIn(folder: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(found, await predictionsIn(path));
    else if (/\.(ndjson|jsonl)$/.test(name)) {
      for (const line of (await Deno.readTextFile(path)).trim().split("\n")) {
        const { key, value } = JSON.parse(line);
        const { probability } = typeof value === "string" ? JSON.parse(value) : value ?? {};
        if (probability !== undefined) found[key] = probability;
      }
    }
  }
  return found;
}

/** Values of a column as the oracle writes them: exact, times in microseconds. */
function exactly(table: Batch, name: string): (string | null)[] {
  const column = table.columns.find((each) => each.name === name);
  if (column?.kind !== "timestamp") return keysOf(table, name);
  return Array.from(column.values, (value) => value === -(2n ** 63n) ? null : String(value));
}

/** Python's spelling of numbers in JavaScript's. */
function normalised(kind: string): (value: string | null) => string | null {
  return (value) => {
    // Integers have all their digits in both; the rest compares as doubles.
    if (value === null || kind !== "number" || /^-?\d+$/.test(value)) return value;
    return String(Number(value));
  };
}

async function write(name: string, content: string | Uint8Array): Promise<void> {
  const path = `${FOLDER}/${name}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
}

/** A text packed with gzip, behind so many mebibytes of blank lines. */
async function packed(text: string, mebibytes = 0): Promise<Uint8Array> {
  const blank = new Uint8Array(2 ** 20).fill(10);
  const parts = [new TextEncoder().encode(text), ...Array.from({ length: mebibytes }, () => blank)];
  const stream = new Blob(parts).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function rejection(promise: Promise<unknown>): Promise<DataError> {
  const error = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof DataError, `${error}`);
  return error;
}
