/**
 * Whole numbers that lie close to each other, as codes, ages and minutes do: what a batch of them holds
 * is told by how often each comes, without sorting or hashing them one by one.
 *
 * @module
 */
import type { Extent, Moments } from "./moments.ts";
import { BUFFER, type Counts } from "./quantiles.ts";

/** Most different numbers. */
const MOST_PLACES = 65_536;

const room = new Uint32Array(MOST_PLACES);

/**
 * Counts numbers of a known extent: good until the next are counted; undefined unless all are whole and
 * they are many for their range.
 */
export function countsOf(
  values: Float64Array,
  { count, min, max, infinite, fractional }: Extent,
): Counts | undefined {
  const places = max - min + 1;
  if (count < BUFFER || places > Math.min(count, MOST_PLACES)) return undefined;
  // Beyond 2^53 several 64-bit integers are the same double.
  if (fractional > 0 || infinite > 0 || Math.max(-min, max) >= 2 ** 53) return undefined;
  const counts = room.subarray(0, places).fill(0), rows = values.length;
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? NaN;
    if (value !== value) continue;
    const at = value - min;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { first: min, counts, total: count };
}

/** The moments of what was counted. */
export function momentsOfCounts(
  { first, counts }: Counts,
  { count, sum, min, max }: Extent,
): Moments {
  const mean = sum / count;
  let squares = 0;
  for (let at = 0; at < counts.length; at++) {
    const difference = first + at - mean;
    squares += difference * difference * (counts[at] ?? 0);
  }
  return { count, mean, squares, min, max };
}
