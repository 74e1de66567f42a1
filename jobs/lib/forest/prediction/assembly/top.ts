/**
 * The top five levels of a tree for 16 rows at once: all 31 comparisons are made, and each row's
 * outcome is chosen from below upwards, without a branch.
 *
 * A top is 32 addresses of planes, 32 thresholds (biased bytes) and 32 entries: the address of the node from
 * which a row goes on, for each place from left to right at which it can leave the top. A leaf above the fifth
 * level is the entry of all places below it.
 */

/** Offset of the thresholds. */
const THRESHOLDS: usize = 128;
/** Offset of the entries. */
export const ENTRIES: usize = 160;

/** Finds the place of each row, as a byte. */
export function resolveTop(top: usize, places: usize, rows: u32): void {
  for (let i: usize = 0; i < <usize> rows; i += 16) {
    // Comparisons give -1.
    v128.store(places + i, i8x16.neg(fiveLevels(top, 0, i)));
  }
}

/** All ones, that is -1, in the rows whose bin is greater than the node's threshold. */
@inline
function right(top: usize, node: u32, rows: usize): v128 {
  const bins = v128.load(<usize> load<u32>(top + (<usize> node << 2)) + rows);
  return i8x16.gt_s(bins, v128.load8_splat(top + <usize> node, THRESHOLDS));
}

@inline
function twoLevels(top: usize, node: u32, rows: usize): v128 {
  const below = i8x16.sub(right(top, 2 * node + 2, rows), i8x16.splat(2));
  return v128.bitselect(below, right(top, 2 * node + 1, rows), right(top, node, rows));
}

@inline
function threeLevels(top: usize, node: u32, rows: usize): v128 {
  const below = i8x16.sub(twoLevels(top, 2 * node + 2, rows), i8x16.splat(4));
  return v128.bitselect(below, twoLevels(top, 2 * node + 1, rows), right(top, node, rows));
}

@inline
function fourLevels(top: usize, node: u32, rows: usize): v128 {
  const below = i8x16.sub(threeLevels(top, 2 * node + 2, rows), i8x16.splat(8));
  return v128.bitselect(below, threeLevels(top, 2 * node + 1, rows), right(top, node, rows));
}

@inline
function fiveLevels(top: usize, node: u32, rows: usize): v128 {
  const below = i8x16.sub(fourLevels(top, 2 * node + 2, rows), i8x16.splat(16));
  return v128.bitselect(below, fourLevels(top, 2 * node + 1, rows), right(top, node, rows));
}
