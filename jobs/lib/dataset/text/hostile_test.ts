import assert from "node:assert/strict";
import fc from "fast-check";
import { columnOf } from "./columns.ts";
import { csvRows } from "./csv.ts";
import { ndjsonRows } from "./ndjson.ts";
import { TextError, type TextRows } from "./rows.ts";
import { Sights, typeOfSeen } from "./seen.ts";

/** Bytes with many of those that mean something. */
const bytes = fc.tuple(
  fc.constantFrom("", "a\n", "a,b\n", '{"a":1}\n'),
  fc.array(
    fc.oneof(
      fc.constantFrom(...'",\n\r{}[]:-.eE0123456789truefalsn\\ \t;|\u00e9'),
      fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
      fc.constantFrom('{"a":', '"a":1}', "2013-10-01", "T05:30Z", "1e400", "-0", "\ufeff"),
    ),
    { maxLength: 60 },
  ),
).map(([begin, parts]) => new TextEncoder().encode(begin + parts.join("")))
  .chain((text) =>
    fc.tuple(fc.constant(text), fc.nat(text.length), fc.integer({ min: 0, max: 255 }))
  )
  .map(([text, at, byte]) => at < text.length ? text.with(at, byte) : text);

Deno.test("any bytes end in values of the type that was found, or in an error that says what is wrong", async () => {
  const formats = [
    (blocks: AsyncIterable<Uint8Array>) => csvRows(blocks, { batchRows: 4 }),
    (blocks: AsyncIterable<Uint8Array>) => ndjsonRows(blocks, { batchRows: 4 }),
  ];
  for (const rowsOf of formats) {
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 20 }), async (text, step) => {
        const sights = new Sights("a");
        try {
          for await (const rows of rowsOf(blocksOf(text, step))) sights.add(rows);
        } catch (error) {
          if (!(error instanceof TextError)) throw error;
          assert.match(error.code, /^data\.[a-z-]+$/);
          return;
        }
        for await (const rows of rowsOf(blocksOf(text, step))) readAll(rows, sights);
      }),
      { numRuns: 2000 },
    );
  }
});

function readAll({ rows, bytes, columns }: TextRows, sights: Sights): void {
  for (const cells of columns) {
    const type = typeOfSeen(sights.columns.get(cells.name) ?? new Map());
    if (type.kind === undefined) continue;
    const column = columnOf({ name: cells.name, ...type }, cells, bytes);
    const values = column.kind === "string" ? column.codes : column.values;
    assert.equal(values.length, rows);
  }
}

async function* blocksOf(text: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += step) yield text.slice(at, at + step);
}
