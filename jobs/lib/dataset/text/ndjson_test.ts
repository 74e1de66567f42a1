import assert from "node:assert/strict";
import fc from "fast-check";
import { ndjsonRows } from "./ndjson.ts";
import { TextError } from "./rows.ts";

const decoder = new TextDecoder();

interface Read {
  readonly text: string;
  readonly isString: boolean;
}

/** Each row's cells that are not empty. */
async function read(text: string, step = 1e9, names?: string[]): Promise<Record<string, Read>[]> {
  const bytes = new TextEncoder().encode(text);
  async function* blocks() {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
  const all: Record<string, Read>[] = [];
  const options = { batchRows: 3, ...(names === undefined ? {} : { names }) };
  for await (const { rows, bytes, columns } of ndjsonRows(blocks(), options)) {
    for (let row = 0; row < rows; row++) {
      const cells = columns.flatMap(({ name, starts, sizes, strings }) => {
        const start = starts[row] ?? 0, size = sizes[row] ?? 0;
        const text = decoder.decode(bytes.subarray(start, start + size));
        return size === 0 ? [] : [[name, { text, isString: strings?.[row] === 1 }] as const];
      });
      all.push(Object.fromEntries(cells));
    }
  }
  return all;
}

Deno.test("ndjsonRows() gives back what JSON writes, wherever the blocks are cut", async () => {
  const value = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => name !== "__proto__");
  await fc.assert(fc.asyncProperty(
    fc.array(fc.dictionary(key, value, { noNullPrototype: true, maxKeys: 4 }), { maxLength: 9 }),
    fc.integer({ min: 1, max: 30 }),
    async (rows, step) => {
      const text = rows.map((row) => JSON.stringify(row)).join("\n");
      const expected = rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).filter(([, value]) => value !== null && value !== "")
            .map(([name, value]) => [
              name,
              // JSON.stringify() has no -0.
              {
                text: String(Object.is(value, -0) ? 0 : value),
                isString: typeof value === "string",
              },
            ]),
        )
      );
      assert.deepEqual(await read(text, step), expected);
    },
  ));
});

Deno.test("ndjsonRows() keeps all digits of integers, and reads only what is asked for", async () => {
  const [row] = await read('{"id": 9007199254740993, "x": 12345678901234567890, "y": [1]}', 7, [
    "id",
  ]);
  assert.deepEqual(row, { id: { text: "9007199254740993", isString: false } });
});

Deno.test("ndjsonRows() says what is wrong, and in which line", async () => {
  const wrong: [string, string, number][] = [
    ['{"a": 1}\n\n{"a": ', "data.json-line", 3],
    ['{"a": 1}\n[1]', "data.json-line", 2],
    [`${"[".repeat(100_000)}`, "data.json-line", 1],
    [`{"a": 1}\n{"a": "${"x".repeat(2 ** 20)}"}`, "data.line-too-long", 2],
  ];
  for (const [text, code, line] of wrong) {
    const error = await read(text, 4096).then(() => undefined, (error: unknown) => error);
    assert.ok(error instanceof TextError, `${error}`);
    assert.deepEqual([error.code, error.line], [code, line]);
  }
});

Deno.test("ndjsonRows() holds no more than what it gives, however many keys there are", async () => {
  const lines = Array.from({ length: 9000 }, (_, i) => `{"k${i}": ${i}, "all": "x"}`);
  const bytes = new TextEncoder().encode(lines.join("\n"));
  async function* blocks() {
    yield await Promise.resolve(bytes);
  }
  let rows = 0, cells = 0;
  for await (const read of ndjsonRows(blocks(), { batchRows: 16_384 })) {
    rows += read.rows;
    cells = Math.max(cells, read.rows * read.columns.length);
    assert.ok(read.columns.every(({ sizes }) => sizes.length === read.rows));
  }
  assert.equal(rows, 9000);
  assert.ok(cells < 2 ** 23, `${cells} cells at once`);
});
