import assert from "node:assert/strict";
import fc from "fast-check";
import { ByteReader, ByteWriter } from "./bytes.ts";

Deno.test("ByteReader reads what ByteWriter writes", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 300 });
  fc.assert(fc.property(
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.option(text),
    fc.array(text),
    (int, long, unsigned, nullable, texts) => {
      const writer = new ByteWriter(1);
      writer.int32(int).int64(long).unsignedVarint(unsigned).compactString(nullable)
        .compactArray(texts, (value) => writer.compactString(value)).tags().boolean(true);
      const reader = new ByteReader(writer.written);
      assert.equal(reader.int32(), int);
      assert.equal(reader.int64(), long);
      assert.equal(reader.unsignedVarint(), unsigned);
      assert.equal(reader.compactNullableString(), nullable);
      assert.deepEqual(reader.compactArray(() => reader.compactString()), texts);
      reader.tags();
      assert.equal(reader.boolean(), true);
      assert.equal(reader.left, 0);
    },
  ));
});

Deno.test("ByteReader skips tagged fields and refuses what ends too early", () => {
  const tagged = new ByteWriter();
  tagged.unsignedVarint(2).unsignedVarint(0).unsignedVarint(3).raw(Uint8Array.of(1, 2, 3))
    .unsignedVarint(9).unsignedVarint(0).int8(7);
  const reader = new ByteReader(tagged.written);
  reader.tags();
  assert.equal(reader.int8(), 7);
  assert.throws(() => reader.int8(), RangeError);
  const short = (bytes: number[]) => new ByteReader(Uint8Array.from(bytes));
  assert.throws(() => short([5, 65]).compactString(), RangeError);
  assert.throws(() => short([255, 255, 255, 255, 255, 255]).unsignedVarint(), RangeError);
  assert.throws(() => short([200, 1]).compactArray(() => 0), RangeError);
});
