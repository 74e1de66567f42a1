import assert from "node:assert/strict";
import fc from "fast-check";
import { checkChunk, Malformed, readFooter } from "./mod.ts";

/** A footer of one int32 column `a` in one row group of 10 rows. */
const FOOTER = Uint8Array.from([
  ...[0x15, 0x02], // version 1
  ...[0x19, 0x2c], // schema: 2 elements
  ...[0x48, 0x01, 0x72, 0x15, 0x02, 0x00], // "r", 1 child
  ...[0x15, 0x02, 0x25, 0x00, 0x18, 0x01, 0x61, 0x00], // int32, required, "a"
  ...[0x16, 0x14], // 10 rows
  ...[0x19, 0x1c], // 1 row group
  ...[0x19, 0x1c], // of 1 column
  ...[0x26, 0x08, 0x1c], // file offset, metadata:
  ...[0x15, 0x02, 0x19, 0x15, 0x00, 0x19, 0x18, 0x01, 0x61, 0x15, 0x00], // int32, PLAIN, "a", codec 0
  ...[0x16, 0x14, 0x16, 0x66, 0x16, 0x66, 0x26, 0x08, 0x00, 0x00], // 10 values, 51 bytes, at 4
  ...[0x16, 0x66, 0x16, 0x14, 0x00], // 51 bytes, 10 rows
  0x00,
]);

/** A page of 40 bytes with 10 values and the checksum of zeros. */
const HEADER = [0x15, 0x00, 0x15, 0x50, 0x15, 0x50, 0x2c, 0x15, 0x14, 0x15, 0x00, 0x00, 0x00];

Deno.test("readFooter() gives row groups and the places of their columns", () => {
  const { rows, groups } = readFooter(FOOTER, 57);
  assert.equal(rows, 10);
  assert.deepEqual(groups, [{
    rows: 10,
    chunks: [{
      place: { rowGroup: 0, column: "a" },
      start: 4,
      end: 55,
      values: 10,
      codec: 0,
      dictionary: false,
    }],
  }]);
  assert.throws(() => readFooter(FOOTER, 50), (error) => {
    assert.ok(error instanceof Malformed);
    assert.deepEqual(error.place, { rowGroup: 0, column: "a" });
    return /at 4 and 4, 51 bytes long, where the file has pages up to 50/.test(error.message);
  });
});

Deno.test("readFooter() takes any bytes, or says that they are malformed", () => {
  const edits = fc.array(fc.tuple(fc.nat(FOOTER.length), fc.nat(255)), { maxLength: 8 });
  fc.assert(fc.property(edits, fc.nat(FOOTER.length), (edits, length) => {
    const bytes = FOOTER.slice(0, edits.length % 2 === 0 ? FOOTER.length : length);
    for (const [at, value] of edits) bytes[at] = value;
    try {
      readFooter(bytes, 57);
    } catch (error) {
      assert.ok(error instanceof Malformed, `${error}`);
    }
  }));
});

Deno.test("checkChunk() finds pages that are not as their headers and the footer say", () => {
  const chunk = {
    place: { column: "a" },
    start: 4,
    end: 57,
    values: 10,
    codec: 0,
    dictionary: false,
  };
  const bytes = Uint8Array.from([...HEADER, ...new Uint8Array(40)]);
  checkChunk(bytes, chunk, 1000);
  const wrong = (found: RegExp, change: () => void) => {
    assert.throws(change, (error) => error instanceof Malformed && found.test(error.message));
  };
  wrong(/has 40 bytes where 39 are left/, () => checkChunk(bytes.subarray(0, -1), chunk, 1000));
  wrong(/more than 39/, () => checkChunk(bytes, chunk, 39));
  wrong(/end after 10 of 11/, () => checkChunk(bytes, { ...chunk, values: 11 }, 1000));
  wrong(/10 values, not 9/, () => checkChunk(bytes, { ...chunk, values: 9 }, 1000));
  for (
    const [index, value, found] of [
      [1, 0x08, /page 0 is of type 4/],
      [3, 0x52, /has 40 bytes, not 41/],
      [5, 0x4f, /has -40 bytes/],
      [8, 0x13, /has -10 values/],
      [10, 0x14, /the encoding 10/],
    ] as const
  ) {
    wrong(found, () => checkChunk(bytes.with(index, value), chunk, 1000));
  }
});

Deno.test("checkChunk() compares checksums where there are any", () => {
  // CRC-32 of 40 zeros, as zlib has it, as a signed number in zigzag.
  const crc = 0xe9ec3db1 | 0;
  const encoded: number[] = [];
  let zigzag = (crc << 1 ^ crc >> 31) >>> 0;
  for (; zigzag > 127; zigzag = Math.floor(zigzag / 128)) encoded.push(zigzag % 128 + 128);
  encoded.push(zigzag);
  const header = [...HEADER.slice(0, 6), 0x15, ...encoded, 0x1c, ...HEADER.slice(7)];
  const chunk = {
    place: { column: "a" },
    start: 4,
    end: 63,
    values: 10,
    codec: 0,
    dictionary: false,
  };
  const bytes = Uint8Array.from([...header, ...new Uint8Array(40)]);
  checkChunk(bytes, chunk, 1000);
  fc.assert(fc.property(fc.nat(39), fc.integer({ min: 1, max: 255 }), (at, value) => {
    assert.throws(
      () => checkChunk(bytes.with(header.length + at, value), chunk, 1000),
      (error) => error instanceof Malformed && error.trouble === "checksum",
    );
  }));
});
