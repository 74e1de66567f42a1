// The twin of ../../random.ts.
export const STEP: u32 = 0x9e3779b9;
export const SPREAD: u32 = 0x85ebca6b;

@inline
export function mix(bits: u32): u32 {
  let x = bits;
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

/** The same for four. */
@inline
export function mix4(bits: v128): v128 {
  let x = bits;
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(<i32>0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

@inline
export function deriveSeed(seed: u32, index: u32): u32 {
  return mix(mix(seed + STEP) + index * SPREAD);
}

let state: u32 = 0;

export function startRandom(seed: u32): void {
  state = seed;
}

/** An integer from 0 to `bound - 1`. */
@inline
export function below(bound: u32): u32 {
  state += STEP;
  return <u32>((<u64>mix(state) * bound) >> 32);
}
