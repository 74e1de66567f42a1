import assert from "node:assert/strict";
import { batchOf } from "./batch_of.ts";
import type { Batch } from "./column.ts";
import type { FileContent } from "./data_file.ts";
import { keysOf } from "./keys.ts";
import { mergeSchemas } from "./merge.ts";
import { partitionsOf, withPartitions } from "./partitions.ts";

function file(
  path: string,
  columns: Parameters<typeof batchOf>[0] = { x: [1, 2, 3] },
): FileContent {
  const batch = batchOf(columns);
  return {
    path,
    bytes: 1,
    rows: batch.rows,
    fields: batch.columns.map(({ name, kind, type }) => ({ name, kind, type })),
    read: async function* ({ fields }) {
      const chosen = fields.flatMap(({ name }) =>
        batch.columns.find((each) => each.name === name) ?? []
      );
      assert.ok(chosen.length > 0, "a file that is asked for nothing says nothing");
      yield await Promise.resolve({ ...batch, columns: chosen });
    },
  };
}

async function rowsOf(files: readonly FileContent[], keyColumn?: string): Promise<Batch[]> {
  const partitioned = files.map(withPartitions);
  const { fields } = mergeSchemas(partitioned);
  const key = fields.find(({ name }) => name === keyColumn);
  const batches: Batch[] = [];
  for (const each of partitioned) {
    const options = { fields, batchRows: 10, fromRow: 0, ...(key === undefined ? {} : { key }) };
    batches.push(...await Array.fromAsync(each.read(options)));
  }
  return batches;
}

const typesIn = (...paths: string[]) =>
  mergeSchemas(paths.map((path) => withPartitions(file(path)))).fields.slice(1)
    .map(({ name, type }) => `${name}: ${type}`);

Deno.test("partitionsOf() reads the folders of paths and URIs", () => {
  assert.deepEqual([...partitionsOf("s3://a=b/x/day=2013-10-01/c=%C3%A9%2F/y=1.parquet")], [
    ["day", "2013-10-01"],
    ["c", "é/"],
  ]);
  assert.deepEqual([...partitionsOf("/d/day=__HIVE_DEFAULT_PARTITION__/x")], [["day", ""]]);
  assert.deepEqual([...partitionsOf("x=1")], []);
});

Deno.test("folders are columns of the type that fits all of them", () => {
  assert.deepEqual(typesIn("d/day=2013-10-01/x", "d/day=2013-10-02/x"), ["day: date"]);
  assert.deepEqual(typesIn("d/month=01/x", "d/month=12/x"), ["month: int64"]);
  assert.deepEqual(typesIn("d/r=1/x", "d/r=EU/x"), ["r: string"]);
  assert.deepEqual(typesIn("d/r=1/x", "d/r=__HIVE_DEFAULT_PARTITION__/x"), ["r: int64"]);
});

Deno.test("what a model takes decides the type of a folder's name", () => {
  const given = new Map([["r", { kind: "string", type: "string" } as const]]);
  assert.equal(mergeSchemas([withPartitions(file("d/r=1/x"))], given).fields[1]?.type, "string");
});

Deno.test("a folder's value is read in every row, and names rows", async () => {
  const read = await rowsOf([file("d/day=2013-10-01/n=07/x"), file("d/day=2013-10-02/n=8/x")], "n");
  assert.deepEqual(read.map((batch) => keysOf(batch, "day")[2]), [
    "2013-10-01T00:00:00Z",
    "2013-10-02T00:00:00Z",
  ]);
  assert.deepEqual(read.map((batch) => keysOf(batch, "n")[0]), ["7", "8"]);
  assert.equal(new TextDecoder().decode(read[0]?.keys?.bytes), "070707");
  const only = withPartitions(file("d/n=1/x"));
  const [n] = only.fields.filter(({ name }) => name === "n");
  assert.ok(n?.kind !== undefined);
  const [batch] = await Array.fromAsync(only.read({ fields: [n], batchRows: 1, fromRow: 0 }));
  assert.deepEqual(batch && keysOf(batch, "n"), ["1", "1", "1"]);
});

Deno.test("a column of the file counts more than its folder", async () => {
  const [batch] = await rowsOf([file("d/x=9/x")]);
  assert.deepEqual(batch && keysOf(batch, "x"), ["1", "2", "3"]);
});
