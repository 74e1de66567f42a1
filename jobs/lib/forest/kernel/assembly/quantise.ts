// The twin of `codes` in ../../quantise.ts.

/**
 * Writes the codes of `count` values to every `stride`-th byte from `out`. Four at a time: each waits
 * for its comparisons, so four wait together.
 *
 * @param edges 256 of them, filled up with +Infinity
 * @returns 1 if +Infinity is among the values
 */
export function quantise(values: usize, count: u32, edges: usize, out: usize, stride: usize): u32 {
  const end = values + 4 * (count & ~3);
  let at = values;
  let infinite: u32 = 0;
  while (at < end) {
    const a = load<f32>(at), b = load<f32>(at, 4), c = load<f32>(at, 8), d = load<f32>(at, 12);
    let i = edges, j = edges, k = edges, l = edges;
    for (let half: usize = 512; half >= 4; half >>= 1) {
      i += half * usize(load<f32>(i + half - 4) < a);
      j += half * usize(load<f32>(j + half - 4) < b);
      k += half * usize(load<f32>(k + half - 4) < c);
      l += half * usize(load<f32>(l + half - 4) < d);
    }
    store<u8>(out, codeOf(a, i - edges));
    store<u8>(out + stride, codeOf(b, j - edges));
    store<u8>(out + 2 * stride, codeOf(c, k - edges));
    store<u8>(out + 3 * stride, codeOf(d, l - edges));
    infinite |= u32(a == f32.POSITIVE_INFINITY) | u32(b == f32.POSITIVE_INFINITY) |
      u32(c == f32.POSITIVE_INFINITY) | u32(d == f32.POSITIVE_INFINITY);
    at += 16;
    out += 4 * stride;
  }
  for (const last = values + 4 * count; at < last; at += 4, out += stride) {
    const value = load<f32>(at);
    let i = edges;
    for (let half: usize = 512; half >= 4; half >>= 1) {
      i += half * usize(load<f32>(i + half - 4) < value);
    }
    store<u8>(out, codeOf(value, i - edges));
    infinite |= u32(value == f32.POSITIVE_INFINITY);
  }
  return infinite;
}

/** 0 for missing, which is not equal to itself. */
@inline
function codeOf(value: f32, bytes: usize): u32 {
  return (1 + <u32>(bytes >> 2)) * u32(value == value);
}
