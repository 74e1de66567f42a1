import assert from "node:assert/strict";
import fc from "fast-check";
import { csvRows } from "./csv.ts";
import { TextError } from "./rows.ts";

const decoder = new TextDecoder();

/** All rows as text, the header first, from blocks cut at every `step`th byte. */
async function read(text: string | Uint8Array, step = 1e9, batchRows = 100): Promise<string[][]> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  async function* blocks() {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
  const all: string[][] = [];
  for await (const { rows, bytes, columns, lines } of csvRows(blocks(), { batchRows })) {
    assert.ok(rows > 0 && rows <= batchRows && lines.length === rows);
    all[0] ??= columns.map(({ name }) => name);
    for (let row = 0; row < rows; row++) {
      all.push(columns.map(({ starts, sizes }) => {
        const start = starts[row] ?? 0;
        return decoder.decode(bytes.subarray(start, start + (sizes[row] ?? 0)));
      }));
    }
  }
  return all;
}

async function problem(text: string | Uint8Array): Promise<[string, number | undefined, string]> {
  const error = await read(text).then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof TextError, `${error}`);
  return [error.code, error.line, error.message];
}

Deno.test("csvRows() gives back what RFC 4180 writes, wherever the blocks are cut", async () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", "é"), maxLength: 6 }),
  );
  const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 })
  );
  await fc.assert(fc.asyncProperty(
    table,
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
    async (rows, step, end, closed) => {
      const names = rows[0]?.map((_, i) => `c${i}`) ?? [];
      const text = [names, ...rows].map((row) => row.map(quoted).join(",")).join(end);
      const read1 = await read(text + (closed ? end : ""), step, 3);
      assert.deepEqual(read1, [names, ...rows]);
    },
  ));
});

function quoted(cell: string): string {
  return /[",\r\n\ufeff]/.test(cell) || cell === "" ? `"${cell.replaceAll('"', '""')}"` : cell;
}

Deno.test("csvRows() finds the delimiter in the header, and leaves blank lines out", async () => {
  assert.deepEqual(await read('\ufeff"a,b";c\n\n1;2\r\n\r\n'), [["a,b", "c"], ["1", "2"]]);
  assert.deepEqual(await read("a\tb\n1,5\t2"), [["a", "b"], ["1,5", "2"]]);
  assert.deepEqual(await read('size\n5" pipe\n'), [["size"], ['5" pipe']]);
});

Deno.test("csvRows() says what is wrong, and in which line", async () => {
  assert.deepEqual(await problem('a,b\n"x\ny",1\n1,2,3\n'), [
    "data.csv-ragged",
    4,
    "line 4 has 3 cells and the header 2",
  ]);
  assert.deepEqual((await problem("a,b\n1\n")).slice(0, 2), ["data.csv-ragged", 2]);
  assert.deepEqual((await problem('a,b\n1,2\n"3,4\n')).slice(0, 2), ["data.csv-quote", 3]);
  assert.deepEqual((await problem('a,b\n"3"x,4\n')).slice(0, 2), ["data.csv-quote", 2]);
  assert.deepEqual((await problem("a,b\r1,2\r")).slice(0, 2), ["data.csv-line-end", 1]);
  assert.deepEqual((await problem("a,,b\n1,2,3")).slice(0, 2), ["data.csv-header", 1]);
  assert.deepEqual((await problem("a,b,a\n1,2,3")).slice(0, 2), ["data.duplicate-column", 1]);
  assert.deepEqual((await problem(""))[0], "data.empty");
  const latin = Uint8Array.from("a\nx\n\u00e9t\u00e9\n", (each) => each.charCodeAt(0));
  assert.deepEqual((await problem(latin)).slice(0, 2), ["data.text-encoding", 3]);
  assert.deepEqual((await problem(Uint8Array.of(0xff, 0xfe, 97, 0)))[0], "data.text-encoding");
  const long = `a\n1\n"${"x".repeat(2 ** 20)}"\n`;
  assert.deepEqual((await problem(long)).slice(0, 2), ["data.line-too-long", 3]);
  // A quote that is never closed is found before the whole file is in memory.
  const open = `a\n"${"x\n".repeat(2 ** 20)}`;
  assert.deepEqual((await problem(open)).slice(0, 2), ["data.line-too-long", 2]);
});
