import assert from "node:assert/strict";
import fc from "fast-check";
import { MessagePacker, PackedMessages, packHeaders } from "./packed.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.nat(10_000).map((size) => "x".repeat(size)),
);
const message = fc.record({
  key: text,
  value: text,
  headers: fc.dictionary(fc.string({ unit: "grapheme" }), text, {
    maxKeys: 70,
    noNullPrototype: true,
  }),
}, { noNullPrototype: true });

Deno.test("PackedMessages gives back what was packed, whole and in slices", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), fc.nat(20), fc.nat(20), (all, a, b) => {
      const packed = PackedMessages.of(all);
      assert.deepEqual([...packed], all);
      assert.equal(packed.length, all.length);
      const [first, end] = [Math.min(a, b, all.length), Math.min(Math.max(a, b), all.length)];
      const slice = packed.slice(first, end);
      assert.deepEqual([...slice], all.slice(first, end));
      assert.equal(slice.size, slice.starts.reduce((sum, _, i) => sum + slice.sizeOf(i), 0));
    }),
    { numRuns: 40 },
  );
});

Deno.test("MessagePacker writes over messages only once they were given back", () => {
  const packer = new MessagePacker();
  const pack = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    packer.add(bytes, bytes, packHeaders({}));
    return packer.take();
  };
  const texts = (packed: PackedMessages) => [...packed].map(({ value }) => value);
  const [first, second] = [pack("a".repeat(10_000)), pack("b")];
  packer.reuse(first);
  const third = pack("c");
  assert.deepEqual(texts(first), ["a".repeat(10_000)]);
  const fourth = pack("d");
  assert.equal(fourth.bytes, first.bytes);
  assert.deepEqual([second, third, fourth].map(texts), [["b"], ["c"], ["d"]]);
  packer.reuse(fourth);
  packer.reuse(third);
  assert.deepEqual(texts(pack("e".repeat(50_000))), ["e".repeat(50_000)]);
});
