// The twin of ../../log2.ts.
const SQRT_HALF: f64 = 0.7071067811865476;
const SCALE: f64 = 2.8853900817779268;

export function log2(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <i32>(bits >> 52) - 1022;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | (<u64>1022 << 52));
  if (m < SQRT_HALF) {
    m *= 2;
    exponent--;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum: f64 = 0;
  for (let k: f64 = 21; k >= 1; k -= 2) sum = sum * q + 1 / k;
  return <f64>exponent + SCALE * s * sum;
}
