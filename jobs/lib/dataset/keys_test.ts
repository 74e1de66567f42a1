import assert from "node:assert/strict";
import fc from "fast-check";
import { batchOf } from "./batch_of.ts";
import { isoTime, keysOf, packColumn, packPlaced } from "./keys.ts";

Deno.test("keysOf() keeps int64 keys exact and writes missing ones as null", () => {
  const batch = batchOf({
    id: [2n ** 63n - 1n, null, -(2n ** 63n)],
    name: ["x", null, ""],
    flag: [true, null, false],
    part: [0.1, null, -0],
    at: [new Date("2013-10-01T05:30:00Z"), null, new Date(-1)],
  });
  assert.deepEqual(keysOf(batch, "id"), ["9223372036854775807", null, "-9223372036854775808"]);
  assert.deepEqual(keysOf(batch, "name"), ["x", null, null]);
  assert.deepEqual(keysOf(batch, "flag"), ["true", null, "false"]);
  assert.deepEqual(keysOf(batch, "part"), ["0.1", null, "0"]);
  assert.deepEqual(keysOf(batch, "at"), [
    "2013-10-01T05:30:00Z",
    null,
    "1969-12-31T23:59:59.999000Z",
  ]);
  assert.throws(() => keysOf(batch, "nope"), TypeError);
});

Deno.test("packColumn() is keysOf() in UTF-8, missing ones empty", () => {
  const batch = batchOf({
    id: [2n ** 63n - 1n, null, 7n],
    name: ["é鍵", null, ""],
    flag: [true, null, false],
    at: [new Date("2013-10-01T05:30:00Z"), null, new Date(-1)],
  });
  for (const column of batch.columns) {
    const { bytes, offsets } = packColumn(column, batch.rows);
    const read = Array.from({ length: batch.rows }, (_, row) => {
      return new TextDecoder().decode(bytes.subarray(offsets[row], offsets[row + 1]));
    });
    assert.deepEqual(read, keysOf(batch, column.name).map((key) => key ?? ""), column.name);
  }
});

Deno.test("packPlaced() copies strings from wherever they are", () => {
  const row = fc.record({
    gap: fc.constantFrom(0, 0, 0, 3),
    text: fc.string(),
    valid: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(row), (rows) => {
    const texts = rows.map(({ text }) => new TextEncoder().encode(text));
    const sizes = Uint32Array.from(texts, ({ length }) => length);
    const starts = new Uint32Array(rows.length);
    let end = 0;
    for (const [i, { gap }] of rows.entries()) {
      starts[i] = end + gap;
      end += gap + (sizes[i] ?? 0);
    }
    const from = new Uint8Array(end).fill(33);
    for (const [i, text] of texts.entries()) from.set(text, starts[i]);
    const { bytes, offsets } = packPlaced(
      { bytes: from, starts, sizes },
      (i) => rows[i]?.valid === true,
    );
    assert.deepEqual(
      rows.map((_, i) => new TextDecoder().decode(bytes.subarray(offsets[i], offsets[i + 1]))),
      rows.map(({ text, valid }) => valid ? text : ""),
    );
  }));
});

Deno.test("isoTime() is distinct for distinct times and read by Date to the millisecond", () => {
  const moment = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
  fc.assert(fc.property(moment, (micros) => {
    const text = isoTime(micros);
    assert.equal(
      new Date(text).getTime(),
      Math.floor(Number(micros / 1000n) - Number(micros % 1000n < 0n)),
    );
    assert.notEqual(text, isoTime(micros + 1n));
  }));
  assert.equal(isoTime(2n ** 63n - 1n), "9223372036854775807");
});
