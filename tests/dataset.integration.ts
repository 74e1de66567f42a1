/** The parquet reader against pyarrow, and against files that are not as they should be. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { keysOf, openDataset, type ReadOptions, readTable } from "../jobs/lib/dataset/mod.ts";
import { DataError } from "../jobs/lib/errors.ts";
import { assertAsAnswered } from "./dataset/answers.ts";

const FLIGHTS = new URL("../examples/flights/", import.meta.url);

Deno.test("readTable() reads every type, codec and null as pyarrow does", async (t) => {
  await using folder = await generated();
  const cases = folder.names.filter((name) => name.endsWith(".json"));
  assert.ok(cases.length > 15, `only ${cases.length} cases`);
  for (const name of cases) {
    await t.step(name, () => assertAsAnswered(folder.path, name));
  }
});

Deno.test("batches() reads any part in any size with the same values", async () => {
  await using folder = await generated();
  const dataset = await openDataset(join(folder.path, "small-pages.parquet"));
  const all = await readTable(dataset);
  for (
    const [fromRow, batchRows] of [[0, 1], [0, 7], [499, 1000], [500, 64], [731, 250]] as const
  ) {
    const options: ReadOptions = { fromRow, batchRows, columns: ["view", "int64", "bool"] };
    const batches = await Array.fromAsync(dataset.batches(options));
    assert.ok(batches.every((batch) => batch.rows > 0 && batch.rows <= batchRows));
    let next = fromRow;
    for (const batch of batches) {
      assert.equal(batch.firstRow, next);
      next += batch.rows;
    }
    assert.equal(next, dataset.rows);
    assert.deepEqual(batches[0]?.columns.map((column) => column.name), options.columns);
    for (const column of ["view", "int64", "bool"]) {
      const read = batches.flatMap((batch) => keysOf(batch, column));
      assert.deepEqual(read, keysOf(all, column).slice(fromRow), column);
    }
  }
  assert.deepEqual(await Array.fromAsync(dataset.batches({ fromRow: dataset.rows })), []);
});

Deno.test("batches() names the rows by any column, among those that are read or not", async () => {
  await using folder = await generated();
  const dataset = await openDataset(join(folder.path, "small-pages.parquet"));
  for (const { name: keyColumn } of dataset.fields) {
    const whole = await readTable(dataset, [keyColumn]);
    const options = { fromRow: 3, batchRows: 100, keyColumn };
    for (const columns of [[], [keyColumn]]) {
      const read: (string | null)[] = [];
      for await (const { rows, keys } of dataset.batches({ ...options, columns })) {
        assert.equal(keys?.offsets.length, rows + 1);
        for (let row = 0; row < rows; row++) {
          const name = keys.bytes.subarray(keys.offsets[row], keys.offsets[row + 1]);
          read.push(name.length === 0 ? null : new TextDecoder().decode(name));
        }
      }
      const expected = keysOf(whole, keyColumn).slice(3);
      assert.deepEqual(read.map(asValue(keyColumn)), expected.map(asValue(keyColumn)), keyColumn);
    }
  }
});

/** Names of rows have all digits of decimals, and times of day as one writes them. */
function asValue(column: string): (key: string | null) => unknown {
  if (column.startsWith("decimal")) return (key) => key === null ? null : Number(key);
  if (!column.startsWith("clock")) return (key) => key;
  return (key) => {
    if (key === null || !key.includes(":")) return key === null ? null : Number(key);
    const [hours = 0, minutes = 0, seconds = 0] = key.split(":").map(Number);
    return Math.round((hours * 3600 + minutes * 60 + seconds) * 1e6) / 1e6;
  };
}

Deno.test("batches() names rows by enumerations and decimals with all their digits", async () => {
  const file = parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 1 },
      { name: "size", type: "BYTE_ARRAY", converted_type: "ENUM", repetition_type: "OPTIONAL" },
    ],
    columnData: [{ name: "size", data: ["S", null, "XL"].map((each) => each && encode(each)) }],
  });
  await using folder = await written(`
from decimal import Decimal
w("decimal", id=pa.array([Decimal("12345678901234567890.10"), Decimal("-0.05")], pa.decimal128(38, 2)))
`);
  await Deno.writeFile(`${folder.path}/enum.parquet`, new Uint8Array(file));
  const sizes = await openDataset(`${folder.path}/enum.parquet`);
  assert.deepEqual(sizes.fields, [{ name: "size", kind: "string", type: "string" }]);
  assert.deepEqual(keysOf(await readTable(sizes), "size"), ["S", null, "XL"]);
  const decimals = await openDataset(`${folder.path}/decimal.parquet`);
  const [batch] = await Array.fromAsync(decimals.batches({ columns: [], keyColumn: "id" }));
  assert.equal(new TextDecoder().decode(batch?.keys?.bytes), "12345678901234567890.1-0.05");
});

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("openDataset() reads a folder in the order of its paths, also by URL", async () => {
  const dataset = await openDataset(new URL("train", FLIGHTS).href);
  assert.equal(dataset.rows, 61_082);
  assert.deepEqual(
    dataset.files.map((file) => file.path.slice(-15)),
    Array.from({ length: 9 }, (_, i) => `2013-0${i + 1}.parquet`),
  );
  const [, second, third] = dataset.files;
  assert.ok(second && third);
  const batches = await Array.fromAsync(
    dataset.batches({ files: [third.path, second.path], columns: ["flight_id"] }),
  );
  assert.deepEqual([...new Set(batches.map((batch) => batch.file))], [third.path, second.path]);
  const keys = batches.flatMap((batch) => keysOf(batch, "flight_id"));
  assert.equal(new Set(keys).size, second.rows + third.rows);
});

Deno.test("openDataset() widens numbers and refuses other differences between files", async () => {
  await using folder = await written(`
w("a/1", a=pa.array([1], pa.int32()), b=["x"], c=pa.nulls(1))
w("a/2", a=pa.array([2**53 + 1], pa.int64()), b=pa.array(["y"]).dictionary_encode(), c=[True])
w("kind/1", a=[1])
w("kind/2", a=["x"])
w("more/1", a=[1])
w("more/2", a=[1], b=[2])
w("less/1", a=[1], b=[2])
w("less/2", a=[1])
pq.write_table(pa.table([[1], [2]], names=["a", "a"]), f"{folder}/twice.parquet")
`);
  const dataset = await openDataset(folder.path + "/a");
  assert.deepEqual(dataset.fields.map((field) => field.type), ["int64", "string", "bool"]);
  const table = await readTable(dataset);
  assert.deepEqual(keysOf(table, "a"), ["1", "9007199254740993"]);
  assert.deepEqual(keysOf(table, "b"), ["x", "y"]);
  assert.deepEqual(keysOf(table, "c"), [null, "true"]);
  for (
    const [name, message] of [
      ["kind", /kind\/2\.parquet.*column a is string, but int64 in .*kind\/1\.parquet/],
      ["more", /more\/2\.parquet.*has a column b/],
      ["less", /less\/2\.parquet.*has no column b/],
    ] as const
  ) {
    const error = await rejection(openDataset(`${folder.path}/${name}`));
    assert.equal(error.code, "data.schema-differs");
    assert.match(error.message, message);
  }
  const twice = await rejection(openDataset(folder.path + "/twice.parquet"));
  assert.equal(twice.code, "data.duplicate-column");
});

Deno.test("openDataset() names what is wrong with the input", async (t) => {
  await using folder = await written(`
import os, stat
w("good", a=list(range(1000)))
w("empty", a=pa.array([], pa.int64()))
whole = open(f"{folder}/good.parquet", "rb").read()
for name, data in {"cut": whole[:-9], "zero": b"", "text": b"PAR2, not parquet", "tiny": b"PAR1"}.items():
    open(f"{folder}/{name}.parquet", "wb").write(data)
footer = bytearray(whole)
footer[-30:-20] = b"\\xff" * 10
open(f"{folder}/footer.parquet", "wb").write(footer)
os.makedirs(f"{folder}/nothing/_hidden")
w("nothing/.hidden", a=[1])
os.makedirs(f"{folder}/others")
open(f"{folder}/others/data.txt", "w").write("a")
os.mkfifo(f"{folder}/pipe.parquet")
os.makedirs(f"{folder}/loop")
os.symlink(f"{folder}/loop", f"{folder}/loop/again")
`);
  const wrong: readonly [path: string, code: string, message: RegExp][] = [
    ["absent", "data.not-found", /there is no .*absent/],
    ["cut.parquet", "data.not-parquet", /ends after \d+ bytes without a parquet footer/],
    ["zero.parquet", "data.not-parquet", /it is empty/],
    ["text.parquet", "data.not-parquet", /begins with "PAR2"/],
    ["tiny.parquet", "data.not-parquet", /ends after 4 bytes/],
    ["footer.parquet", "data.corrupt", /Write the file again/],
    ["empty.parquet", "data.empty", /has no rows/],
    ["nothing", "data.empty", /has no files/],
    ["others", "data.empty", /no files of a known format, only .*data\.txt/],
    ["pipe.parquet", "data.not-parquet", /neither a file nor a folder/],
  ];
  for (const [path, code, message] of wrong) {
    await t.step(path, async () => {
      const error = await rejection(openDataset(`${folder.path}/${path}`));
      assert.deepEqual([error.code, error.exitCode], [code, 3], error.message);
      assert.match(error.message, message);
      assert.ok(error.place.file?.endsWith(path), `place is ${error.place.file}`);
    });
  }
  await t.step("a folder that contains itself", async () => {
    const error = await rejection(openDataset(`${folder.path}/loop`));
    assert.equal(error.code, "data.link");
    assert.match(error.message, /loop\/again leads to a folder that it is in itself/);
  });
  await t.step("a column that is not there", async () => {
    const dataset = await openDataset(folder.path + "/good.parquet");
    const error = await rejection(readTable(dataset, ["A"]));
    assert.match(error.message, /Cannot read column A .*Did you mean a\?/);
  });
  await t.step("a file that is written again while it is read", async () => {
    const dataset = await openDataset(folder.path + "/good.parquet");
    await Deno.copyFile(folder.path + "/empty.parquet", folder.path + "/good.parquet");
    assert.equal((await rejection(readTable(dataset))).code, "data.changed");
  });
});

Deno.test("batches() says which pages are corrupt, and reads other files after", async () => {
  await using folder = await written(`
columns = {"a": list(range(1000)), "b": [str(i) for i in range(1000)]}
pq.write_table(pa.table(columns), f"{folder}/whole.parquet", row_group_size=500, use_dictionary=False, compression="none")
pq.write_table(pa.table(columns), f"{folder}/summed.parquet", row_group_size=500, use_dictionary=False, write_page_checksum=True)
for name in ["whole", "summed"]:
    data = bytearray(open(f"{folder}/{name}.parquet", "rb").read())
    chunk = pq.ParquetFile(f"{folder}/{name}.parquet").metadata.row_group(1).column(1)
    end = chunk.data_page_offset + chunk.total_compressed_size
    data[end - 40:end - 36] = b"\\xff\\xff\\xff\\x7f"
    open(f"{folder}/{name}-corrupt.parquet", "wb").write(data)
`);
  for (
    const [name, code, found] of [
      ["whole", "data.corrupt", /row group 1, column b: /],
      ["summed", "data.checksum", /row group 1, column b: the checksum of page \d is not that/],
    ] as const
  ) {
    const path = `${folder.path}/${name}-corrupt.parquet`;
    const corrupt = await openDataset(path);
    const error = await rejection(readTable(corrupt));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, found);
    assert.deepEqual(error.place, { file: path, rowGroup: 1, column: "b" });
    // The other columns are as they were, and so are other files.
    assert.equal((await readTable(corrupt, ["a"])).rows, 1000);
    assert.equal((await readTable(await openDataset(`${folder.path}/${name}.parquet`))).rows, 1000);
  }
});

Deno.test("openDataset() follows links that stay in the folder, and no others", async () => {
  await using folder = await written(`
w("secret", a=[1])
w("data/..2013/one", a=[1, 2])
w("data/two", a=[3])
os.symlink("..2013", f"{folder}/data/..data")
os.symlink("..data/one.parquet", f"{folder}/data/one.parquet")
os.symlink("data", f"{folder}/channel")
for name, target in {"out": "../secret.parquet", "twice": "two.parquet", "gone": "nothing"}.items():
    os.makedirs(f"{folder}/{name}")
    w(f"{name}/two", a=[3])
    os.symlink(target, f"{folder}/{name}/x.parquet")
`);
  for (const name of ["data", "channel"]) {
    assert.equal((await openDataset(`${folder.path}/${name}`)).rows, 3);
  }
  for (
    const [name, code, message] of [
      ["out", "data.link", /x\.parquet leads to .*\/secret\.parquet, out of .*\/out\. Copy/],
      ["twice", "data.link", /twice\/two\.parquet and .*\/twice\/x\.parquet are one file/],
      ["gone", "data.not-found", /there is no .*\/gone\/x\.parquet/],
    ] as const
  ) {
    const error = await rejection(openDataset(`${folder.path}/${name}`));
    assert.equal(error.code, code);
    assert.match(error.message, message);
  }
});

Deno.test("batches() can be left early", async () => {
  const dataset = await openDataset(new URL("train", FLIGHTS).pathname);
  for (let i = 0; i < 50; i++) {
    for await (const batch of dataset.batches({ batchRows: 100 })) {
      assert.equal(batch.rows, 100);
      break;
    }
  }
  assert.equal((await readTable(dataset, ["late"])).rows, dataset.rows);
});

async function rejection(promise: Promise<unknown>): Promise<DataError> {
  const error = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof DataError, `${error}`);
  return error;
}

interface Folder extends AsyncDisposable {
  readonly path: string;
  readonly names: readonly string[];
}

/** The cases of `dataset/generate.py`. */
function generated(): Promise<Folder> {
  return withPython(new URL("dataset/generate.py", import.meta.url).pathname, []);
}

/** Files written by a few lines of Python, in which `w(name, **columns)` writes one. */
function written(lines: string): Promise<Folder> {
  const prelude = `
import os, sys
import pyarrow as pa, pyarrow.parquet as pq
folder = sys.argv[1]
def w(name, **columns):
    os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
    pq.write_table(pa.table(columns), f"{folder}/{name}.parquet")
`;
  return withPython("-c", [prelude + lines]);
}

async function withPython(script: string, args: readonly string[]): Promise<Folder> {
  const python = Deno.env.get("ML_TEST_PYTHON");
  assert.ok(python, "ML_TEST_PYTHON is not set: run the tests with deno task test");
  const path = await Deno.makeTempDir();
  const { code, stderr } = await new Deno.Command(python, {
    args: [script, ...args, path],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const entries = await Array.fromAsync(Deno.readDir(path));
  return {
    path,
    names: entries.map((entry) => entry.name).sort(),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
