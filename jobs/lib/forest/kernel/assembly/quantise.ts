// The twin of `codes` in ../../quantise.ts: a code is found by two comparisons with 16 edges at once.

/**
 * Writes the codes of `count` values to every `stride`-th byte from `out`. Four at a time: each waits
 * for its comparisons, so four wait together.
 *
 * @param edges 256 of them, filled up with +Infinity: 16 segments of 16
 * @returns 1 if +Infinity is among the values
 */
export function quantise(values: usize, count: u32, edges: usize, out: usize, stride: usize): u32 {
  // The last edge of each segment; the greatest of 256 is +Infinity.
  const p = pivots(edges), q = pivots(edges + 256), r = pivots(edges + 512), s = pivots(edges + 768);
  const infinity = f32x4.splat(f32.POSITIVE_INFINITY);
  let infinite = i32x4.splat(0);
  let left = count;
  for (; left >= 4; left -= 4, values += 16, out += 4 * stride) {
    const four = v128.load(values);
    const present = f32x4.eq(four, four);
    infinite = v128.or(infinite, f32x4.eq(four, infinity));
    store<u8>(out, codeOf(values, p, q, r, s, edges) & i32x4.extract_lane(present, 0));
    store<u8>(out + stride, codeOf(values + 4, p, q, r, s, edges) & i32x4.extract_lane(present, 1));
    store<u8>(out + 2 * stride, codeOf(values + 8, p, q, r, s, edges) & i32x4.extract_lane(present, 2));
    store<u8>(out + 3 * stride, codeOf(values + 12, p, q, r, s, edges) & i32x4.extract_lane(present, 3));
  }
  let last: u32 = 0;
  for (; left > 0; left--, values += 4, out += stride) {
    const value = load<f32>(values);
    store<u8>(out, value == value ? codeOf(values, p, q, r, s, edges) : 0);
    last |= u32(value == f32.POSITIVE_INFINITY);
  }
  return last | u32(v128.any_true(infinite));
}

@inline
function pivots(edges: usize): v128 {
  return f32x4(load<f32>(edges, 60), load<f32>(edges, 124), load<f32>(edges, 188), load<f32>(edges, 252));
}

/** 1 + how many edges are less than the value. */
@inline
function codeOf(at: usize, p: v128, q: v128, r: v128, s: v128, edges: usize): u32 {
  const value = v128.load32_splat(at);
  const segment = countLess(p, q, r, s, value);
  const from = edges + (<usize>segment << 6);
  const within = countLess(v128.load(from), v128.load(from, 16), v128.load(from, 32), v128.load(from, 48), value);
  return 1 + (segment << 4) + within;
}

/** How many of 16 edges are less than the value in all four lanes. */
@inline
function countLess(a: v128, b: v128, c: v128, d: v128, value: v128): u32 {
  const low = i16x8.narrow_i32x4_s(f32x4.lt(a, value), f32x4.lt(b, value));
  const high = i16x8.narrow_i32x4_s(f32x4.lt(c, value), f32x4.lt(d, value));
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)));
}
