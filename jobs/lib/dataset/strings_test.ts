import assert from "node:assert/strict";
import fc from "fast-check";
import { internStrings } from "./strings.ts";

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
      const texts = cells.map((cell) => new TextEncoder().encode(cell ?? "left over"));
      const sizes = Uint32Array.from(texts, ({ length }) => length);
      const starts = sizes.map((_, i) => sizes.subarray(0, i).reduce((sum, size) => sum + size, 0));
      const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
      for (const [i, text] of texts.entries()) bytes.set(text, starts[i]);
      const placed = { bytes, starts, sizes };
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
