import assert from "node:assert/strict";
import fc from "fast-check";
import { decimal, digitsOf, writeDecimal, writeInteger, writeJsonText } from "./ascii.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function written(write: (bytes: Uint8Array) => number): string {
  const bytes = new Uint8Array(1_000);
  return decoder.decode(bytes.subarray(0, write(bytes)));
}

Deno.test("decimal() reads back as the same float32, in at most nine digits", () => {
  const any = fc.float({ noNaN: true, noDefaultInfinity: true });
  const probability = fc.float({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.oneof(any, probability), (value) => {
    const text = decimal(value);
    assert.ok(Object.is(Math.fround(JSON.parse(text)), value === 0 ? 0 : value));
    const digits = text.replace(/e.*$/, "").replaceAll(/[-.]/g, "").replaceAll(/^0+|0+$/g, "");
    assert.ok(digits.length <= 9, text);
  }));
});

Deno.test("writeDecimal() writes what decimal() is, at every boundary and in between", () => {
  const same = (value: number) =>
    assert.equal(written((bytes) => writeDecimal(bytes, 0, value)), decimal(value));
  // The float32 next to each power of ten and of two, and some on both sides.
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  for (
    const around of [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2 ** -13, 2 ** -10, 2 ** -3, 1e-30, 7e9]
  ) {
    for (let step = -2_000; step <= 2_000; step++) {
      float[0] = around;
      bits[0]! += step;
      same(float[0]!);
      same(-float[0]!);
    }
  }
  for (const value of [0, -0, 1, 0.1, 0.25, 3e38, 1e-45]) same(Math.fround(value));
  fc.assert(fc.property(fc.float({ min: 0, max: 1, noNaN: true }), same), { numRuns: 3_000 });
  // Shares of a forest of a hundred trees have few digits.
  for (let share = 0; share <= 1_000; share++) same(Math.fround(share / 1_000));
});

Deno.test("writeInteger() writes an index, however large", () => {
  fc.assert(fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (value) => {
    assert.equal(written((bytes) => writeInteger(bytes, 0, value)), String(value));
    assert.equal(digitsOf(value), String(value).length);
  }));
});

Deno.test("writeJsonText() is JSON.stringify() on UTF-8", () => {
  const units = ["binary", "grapheme", "binary-ascii"] as const;
  fc.assert(
    fc.property(fc.oneof(...units.map((unit) => fc.string({ unit, maxLength: 100 }))), (text) => {
      const utf8 = new TextEncoder().encode(text);
      const json = written((bytes) => writeJsonText(bytes, 0, utf8, 0, utf8.length));
      assert.equal(`"${json}"`, JSON.stringify(text.toWellFormed()));
    }),
  );
});
