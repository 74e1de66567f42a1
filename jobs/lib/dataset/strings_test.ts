import assert from "node:assert/strict";
import fc from "fast-check";
import { internIndices, internStrings, type PlacedStrings } from "./strings.ts";

Deno.test("internStrings() gives back every string, each in the dictionary once", () => {
  const values = fc.array(
    fc.option(
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("\ufeffa", "a"),
        fc.nat(2000).map(String),
      ),
    ),
    {
      maxLength: 3000,
      size: "max",
    },
  );
  fc.assert(
    fc.property(values, (cells) => {
      const placed = placedOf(cells.map((cell) => cell ?? "left over"));
      const { codes, dictionary } = internStrings(placed, (row) => cells[row] !== null);
      assert.deepEqual(
        Array.from(codes, (code) => code === -1 ? null : dictionary[code]),
        // A lone surrogate has no UTF-8 of its own; a missing string is null or "".
        cells.map((cell) => cell === null || cell === "" ? null : cell.toWellFormed()),
      );
      assert.equal(new Set(dictionary).size, dictionary.length);
    }),
    { numRuns: 30 },
  );
});

Deno.test("internIndices() is internStrings() of the values that the indices stand for", () => {
  const value = fc.option(fc.constantFrom("", "a", "b", "é鍵", "\ufeffa"));
  const data = fc.array(value, { minLength: 1, maxLength: 12 }).chain((values) =>
    fc.record({
      values: fc.constant(values),
      rows: fc.array(fc.option(fc.nat(values.length - 1)), { maxLength: 50 }),
      whole: fc.constantFrom(Int32Array, Float64Array),
    })
  );
  fc.assert(fc.property(data, ({ values, rows, whole }) => {
    const indices = whole.from(rows.map((index) => index ?? 0));
    const { codes, dictionary } = internIndices(
      indices,
      (row) => rows[row] !== null,
      placedOf(values.map((value) => value ?? "left over")),
      (index) => values[index] !== null,
    );
    assert.deepEqual(
      Array.from(codes, (code) => code === -1 ? null : dictionary[code]),
      rows.map((index) => index === null ? null : values[index] || null),
    );
    assert.equal(new Set(dictionary).size, dictionary.length);
  }));
});

function placedOf(values: readonly string[]): PlacedStrings {
  const texts = values.map((value) => new TextEncoder().encode(value));
  const sizes = Uint32Array.from(texts, ({ length }) => length);
  const starts = sizes.map((_, i) => sizes.subarray(0, i).reduce((sum, size) => sum + size, 0));
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  for (const [i, text] of texts.entries()) bytes.set(text, starts[i]);
  return { bytes, starts, sizes };
}
