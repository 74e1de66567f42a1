/**
 * The binary logarithm by arithmetic that every machine and the kernel do alike; the last digit of
 * `Math.log2` is left to the implementation.
 *
 * @module
 */

const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);
const SQRT_HALF = 0.7071067811865476;
/** 2 / ln 2. */
const SCALE = 2.8853900817779268;

/**
 * log₂ x for x from 1 to 2¹⁰²³, to a few units in the last place, exact for powers of two:
 * `x = m·2ᵉ` with `√½ ≤ m < √2`, `ln m = 2·artanh((m - 1) / (m + 1))` by its series.
 */
export function log2(x: number): number {
  value[0] = x;
  const high = words[1] as number;
  let exponent = (high >>> 20) - 1022;
  words[1] = (high & 0xfffff) | (1022 << 20);
  let m = value[0];
  if (m < SQRT_HALF) {
    m *= 2;
    exponent--;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum = 0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * q + 1 / k;
  return exponent + SCALE * s * sum;
}
