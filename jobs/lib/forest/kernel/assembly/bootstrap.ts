// The twin of ../../bootstrap.ts: copies the records of the rows that are drawn, each with its weight.
import { mix, mix4, SPREAD, STEP } from "./random";
import { bufferA, capacity, limits, records, rows, stride } from "./state";

/** Draws the rows of a tree into buffer A. @returns How many distinct ones there are. */
export function drawSample(seed: u32): u32 {
  const size = drawRows(mix(seed + STEP));
  return size > 0 ? size : takeAll();
}

function drawRows(base: u32): u32 {
  const first = v128.load32_splat(limits), second = v128.load32_splat(limits, 4);
  const third = v128.load32_splat(limits, 8), fourth = v128.load32_splat(limits, 12);
  const step = i32x4.splat(4 * SPREAD);
  let hash = i32x4.add(
    i32x4.splat(base),
    i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(SPREAD)),
  );
  let from = records;
  let to = bufferA;
  const end = bufferA + capacity * stride;
  for (let row: u32 = 0; row < rows; row += 4) {
    const bits = mix4(hash);
    hash = i32x4.add(hash, step);
    // Comparisons give -1.
    let times = i32x4.add(
      i32x4.add(i32x4.ge_u(bits, first), i32x4.ge_u(bits, second)),
      i32x4.add(i32x4.ge_u(bits, third), i32x4.ge_u(bits, fourth)),
    );
    if (v128.any_true(i32x4.ge_u(bits, fourth))) {
      for (let k: usize = 16; k < 52; k += 4) {
        times = i32x4.add(times, i32x4.ge_u(bits, v128.load32_splat(limits + k)));
      }
    }
    times = i32x4.neg(times);
    // The last ones of a block may lie behind the rows: records are padded to a multiple of four,
    // and what they weigh there is 0.
    to = take(from, to, i32x4.extract_lane(times, 0));
    from += stride;
    to = take(from, to, i32x4.extract_lane(times, 1));
    from += stride;
    to = take(from, to, i32x4.extract_lane(times, 2));
    from += stride;
    to = take(from, to, i32x4.extract_lane(times, 3));
    from += stride;
    if (to > end) unreachable();
  }
  return <u32>((to - bufferA) / stride);
}

function takeAll(): u32 {
  let to = bufferA;
  for (let row: u32 = 0; row < rows; row++) {
    to = take(records + row * stride, to, 1);
    if (to > bufferA + capacity * stride) unreachable();
  }
  return <u32>((to - bufferA) / stride);
}

/** Copies a record with its weight times `times`. @returns Where the next one goes. */
@inline
function take(from: usize, to: usize, times: u32): usize {
  for (let k: usize = 0; k < stride; k += 16) v128.store(to + k, v128.load(from + k));
  // Both halves of a binary record's weights at once: 13 times 1 does not reach the upper half.
  const weight = load<u32>(from + stride - 4) * times;
  store<u32>(to + stride - 4, weight);
  return to + select<usize>(stride, 0, weight != 0);
}
