/**
 * Feature values to bins.
 *
 * A bin says how many of up to 255 ascending edges a value exceeds. Rows come four at a time; a bin
 * goes to two places: a **plane** (a byte a row, one plane a slot, biased so that signed comparison
 * orders it) for the top of the trees, and a **cell** for the rest: rows come in groups of eight, and
 * the cells of a group are eight bytes a slot.
 */

/** Bytes of the 16 pivots that stand before the 16 segments of 16 edges. */
const SEGMENTS: usize = 64;

/**
 * Quantises one column. Missing (NaN) becomes bin 0 in the left slot, 255 in the right one.
 *
 * @param rows A multiple of four.
 * @param edges Pivots (the last edge of each segment), then edges, infinity where there are no more.
 * @param small 1 if there are at most 16 edges.
 * @param leftPlane Where the left slot's bins go; 0 if no node asks it. Likewise `rightPlane`.
 * @param leftCells Where the first group's cells of the left slot are. Likewise `rightCells`.
 * @param stride Bytes of cells a row.
 */
export function quantise(
  values: usize,
  rows: u32,
  edges: usize,
  small: u32,
  leftPlane: usize,
  leftCells: usize,
  rightPlane: usize,
  rightCells: usize,
  stride: usize,
): void {
  for (let i: u32 = 0; i < rows; i += 4) {
    const x = values + (<usize> i << 2);
    const four = v128.load(x);
    let a: u32, b: u32, c: u32, d: u32;
    if (small) {
      a = exceeded(v128.load32_splat(x), edges + SEGMENTS);
      b = exceeded(v128.load32_splat(x, 4), edges + SEGMENTS);
      c = exceeded(v128.load32_splat(x, 8), edges + SEGMENTS);
      d = exceeded(v128.load32_splat(x, 12), edges + SEGMENTS);
    } else {
      a = binOf(v128.load32_splat(x), edges);
      b = binOf(v128.load32_splat(x, 4), edges);
      c = binOf(v128.load32_splat(x, 8), edges);
      d = binOf(v128.load32_splat(x, 12), edges);
    }
    // NaN exceeds nothing: bin 0 already.
    if (leftPlane) put(leftPlane + i, leftCells + <usize>(i & ~7) * stride + (i & 4), a, b, c, d);
    if (rightPlane) {
      const missing = f32x4.ne(four, four);
      a |= i32x4.extract_lane(missing, 0) & 255;
      b |= i32x4.extract_lane(missing, 1) & 255;
      c |= i32x4.extract_lane(missing, 2) & 255;
      d |= i32x4.extract_lane(missing, 3) & 255;
      put(rightPlane + i, rightCells + <usize>(i & ~7) * stride + (i & 4), a, b, c, d);
    }
  }
}

@inline
function binOf(value: v128, edges: usize): u32 {
  const segment = exceeded(value, edges);
  return (segment << 4) + exceeded(value, edges + SEGMENTS + (<usize> segment << 6));
}

/** How many of 16 edges all four lanes' value exceeds. */
@inline
function exceeded(value: v128, edges: usize): u32 {
  const a = f32x4.lt(v128.load(edges), value);
  const b = f32x4.lt(v128.load(edges, 16), value);
  const c = f32x4.lt(v128.load(edges, 32), value);
  const d = f32x4.lt(v128.load(edges, 48), value);
  const low = i16x8.narrow_i32x4_s(a, b);
  const high = i16x8.narrow_i32x4_s(c, d);
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)));
}

@inline
function put(plane: usize, cells: usize, a: u32, b: u32, c: u32, d: u32): void {
  const bins = a | b << 8 | c << 16 | d << 24;
  store<u32>(plane, bins ^ 0x80808080);
  store<u32>(cells, bins);
}
