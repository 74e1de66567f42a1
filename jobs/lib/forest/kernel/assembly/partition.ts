// Copies the records of a node: those that go left in their order from `to` up, the others from the
// node's last place down.
import { stride } from "./state";

/**
 * @param from The node's first record in the order of rows; `step` leads to the next
 * @param to Where the node begins in the other buffer
 * @returns How many go left
 */
export function partition(
  from: usize, rows: u32, step: isize, to: usize, column: usize, bin: u32, missingLeft: bool,
): u32 {
  // Missing, code 0, becomes the greatest number where it goes right: left is then one range.
  const shift: u32 = missingLeft ? 0 : 1;
  const range = bin - shift;
  const last = to + (rows - 1) * stride;
  if (stride == 16) return partition1(from, rows, step, to, last, column, shift, range);
  if (stride == 32) return partition2(from, rows, step, to, last, column, shift, range);
  if (stride == 48) return partition3(from, rows, step, to, last, column, shift, range);
  return partitionAny(from, rows, step, to, last, column, shift, range);
}

@inline
function goesLeft(record: usize, column: usize, shift: u32, range: u32): bool {
  return <u32>load<u8>(record + column) - shift <= range;
}

function partition1(
  from: usize, rows: u32, step: isize, left: usize, right: usize, column: usize, shift: u32, range: u32,
): u32 {
  const first = left;
  for (let i: u32 = 0; i < rows; i++, from += step) {
    const isLeft = goesLeft(from, column, shift, range);
    v128.store(select<usize>(left, right, isLeft), v128.load(from));
    left += select<usize>(16, 0, isLeft);
    right -= select<usize>(0, 16, isLeft);
  }
  return <u32>((left - first) >> 4);
}

function partition2(
  from: usize, rows: u32, step: isize, left: usize, right: usize, column: usize, shift: u32, range: u32,
): u32 {
  const first = left;
  for (let i: u32 = 0; i < rows; i++, from += step) {
    const isLeft = goesLeft(from, column, shift, range);
    const a = v128.load(from), b = v128.load(from, 16);
    const to = select<usize>(left, right, isLeft);
    v128.store(to, a);
    v128.store(to, b, 16);
    left += select<usize>(32, 0, isLeft);
    right -= select<usize>(0, 32, isLeft);
  }
  return <u32>((left - first) >> 5);
}

function partition3(
  from: usize, rows: u32, step: isize, left: usize, right: usize, column: usize, shift: u32, range: u32,
): u32 {
  const first = left;
  for (let i: u32 = 0; i < rows; i++, from += step) {
    const isLeft = goesLeft(from, column, shift, range);
    const a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32);
    const to = select<usize>(left, right, isLeft);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    left += select<usize>(48, 0, isLeft);
    right -= select<usize>(0, 48, isLeft);
  }
  return <u32>((left - first) / 48);
}

function partitionAny(
  from: usize, rows: u32, step: isize, left: usize, right: usize, column: usize, shift: u32, range: u32,
): u32 {
  const first = left, size = stride;
  for (let i: u32 = 0; i < rows; i++, from += step) {
    const isLeft = goesLeft(from, column, shift, range);
    const to = select<usize>(left, right, isLeft);
    for (let k: usize = 0; k < size; k += 16) v128.store(to + k, v128.load(from + k));
    left += select<usize>(size, 0, isLeft);
    right -= select<usize>(0, size, isLeft);
  }
  return <u32>((left - first) / size);
}
