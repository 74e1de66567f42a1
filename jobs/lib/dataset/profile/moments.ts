/**
 * Count, extremes, mean and standard deviation of a stream of numbers.
 *
 * @module
 */

/** What is known of the finite numbers so far. */
export interface Moments {
  /** How many. */
  readonly count: number;
  /** 0 without a number. */
  readonly mean: number;
  /** Sum of the squared distances from the mean. */
  readonly squares: number;
  /** Infinity without a number. */
  readonly min: number;
  /** -Infinity without a number. */
  readonly max: number;
}

/** Of no numbers. */
export const NO_MOMENTS: Moments = { count: 0, mean: 0, squares: 0, min: Infinity, max: -Infinity };

/** What one pass tells of some numbers. */
export interface Extent {
  /** How many are finite. */
  readonly count: number;
  /** Of the finite ones. */
  readonly sum: number;
  /** Infinity without a finite one. */
  readonly min: number;
  /** -Infinity without a finite one. */
  readonly max: number;
  /** NaN. */
  readonly missing: number;
  /** Of either sign. */
  readonly infinite: number;
  /** Finite ones that are not whole. */
  readonly fractional: number;
}

/** Looks at numbers once. */
export function extentOf(values: Float64Array): Extent {
  const rows = values.length;
  let missing = 0, infinite = 0, fractional = 0, sum = 0, min = Infinity, max = -Infinity;
  for (let row = 0; row < rows; row++) {
    const value = (values[row] ?? NaN) + 0; // -0 is 0
    // Of an infinity or NaN the difference is NaN: isFinite() at half its price.
    if (value - value === 0) {
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
      if (Math.floor(value) !== value) fractional++;
    } else if (value === value) infinite++;
    else missing++;
  }
  return { count: rows - missing - infinite, sum, min, max, missing, infinite, fractional };
}

/** The moments of the numbers of which this is the extent: a second pass, exact to rounding. */
export function momentsWithin({ count, sum, min, max }: Extent, values: Float64Array): Moments {
  if (count === 0) return NO_MOMENTS;
  const mean = sum / count;
  return { count, mean, squares: squaresAround(mean, values), min, max };
}

function squaresAround(mean: number, values: Float64Array): number {
  const rows = values.length;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? NaN;
    if (value - value === 0) squares += (value - mean) * (value - mean);
  }
  return squares;
}

/** Of finite numbers, each of which came `counts[i]` times. */
export function momentsOf(values: Float64Array, counts: Uint32Array): Moments {
  let count = 0, sum = 0, min = Infinity, max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0, times = counts[i] ?? 0;
    if (times === 0) continue;
    count += times;
    sum += value * times;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return NO_MOMENTS;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    squares += ((values[i] ?? 0) - mean) ** 2 * (counts[i] ?? 0);
  }
  return { count, mean, squares, min, max };
}

/** Of two streams together (Chan, Golub and LeVeque 1979, equation 1.5). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    mean: a.mean + delta * (b.count / count),
    squares: a.squares + b.squares + delta * delta * (a.count * b.count / count),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

/** Standard deviation of the population, as Model Monitor has it; 0 without a number. */
export function deviation({ count, squares }: Moments): number {
  return count === 0 ? 0 : Math.sqrt(squares / count);
}
