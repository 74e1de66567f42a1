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

/** Of an array's finite numbers, in two passes: exact to rounding. */
export function momentsOf(values: Float64Array): Moments {
  let count = 0, sum = 0, min = Infinity, max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] ?? NaN) + 0; // -0 is 0
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return NO_MOMENTS;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
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
