/**
 * The order of a column's categories, in which a threshold splits like a subset.
 *
 * @module
 */
import { MISSING_STRING, type StringColumn } from "../column.ts";
import type { Labels } from "./target.ts";

/**
 * The categories of the given rows, ordered by the mean label. For two classes and for regression no
 * subset splits better than a threshold in this order (Fisher 1958; Breiman et al. 1984, 4.2.2); for
 * more classes the order is along the first principal component of the categories' class
 * probabilities (Coppersmith, Hong and Hosking 1999). Equal ones are ordered by name.
 *
 * @param labels One for each row of the column.
 * @param classes Number of classes; 0 for regression.
 * @param leastRows Rarer categories are left out, so that they are encoded as one that training has not
 * seen; the most frequent one stays in any case.
 */
export function orderCategories(
  column: StringColumn,
  rows: Uint32Array,
  labels: Labels,
  classes: number,
  leastRows = 1,
): string[] {
  const nameOf = (code: number) => column.dictionary[code] ?? "";
  const width = classes > 2 ? classes : 1;
  const counts = new Float64Array(column.dictionary.length);
  const sums = new Float64Array(column.dictionary.length * width);
  for (const row of rows) {
    const code = column.codes[row] ?? MISSING_STRING;
    const label = labels[row] ?? NaN;
    if (code === MISSING_STRING) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    const at = width > 1 ? code * width + label : code;
    sums[at] = (sums[at] ?? 0) + (width > 1 ? 1 : label);
  }
  // By name from here on: the dictionary's order depends on how the data lies in files.
  const most = counts.reduce((most, count) => Math.max(most, count), 1);
  const seen = [...counts.keys()].filter((code) => (counts[code] ?? 0) >= Math.min(leastRows, most))
    .sort((a, b) => nameOf(a) < nameOf(b) ? -1 : 1);
  const means = seen.map((code) =>
    sums.slice(code * width, (code + 1) * width).map((sum) => sum / (counts[code] ?? 1))
  );
  const weights = seen.map((code) => counts[code] ?? 0);
  const scores = width === 1 ? means.map((mean) => mean[0] ?? 0) : principalScores(means, weights);
  return seen
    .map((code, i) => ({ value: nameOf(code), score: scores[i] ?? 0 }))
    .sort((a, b) => a.score - b.score) // stable: equal ones stay by name
    .map(({ value }) => value);
}

const ITERATIONS = 100;

/** Projections on the first principal component of weighted points, found by power iteration. */
function principalScores(points: readonly Float64Array[], weights: readonly number[]): number[] {
  const size = points[0]?.length ?? 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weightedSum(points, weights.map((weight) => weight / total), size);
  const centred = points.map((point) => point.map((value, k) => value - (mean[k] ?? 0)));
  // The heaviest point is not orthogonal to the component, which a fixed direction may be.
  const heaviest = centred
    .map((point, i) => ({ point, weight: (weights[i] ?? 0) * dot(point, point) }))
    .reduce((most, each) => each.weight > most.weight ? each : most, {
      point: new Float64Array(size),
      weight: 0,
    });
  let direction = unit(heaviest.point);
  for (let i = 0; i < ITERATIONS; i++) {
    const pulls = centred.map((point, j) => (weights[j] ?? 0) * dot(point, direction));
    const next = unit(weightedSum(centred, pulls, size));
    const moved = 1 - Math.abs(dot(next, direction));
    direction = next;
    if (!(moved > 1e-15)) break;
  }
  // A component has no sign of its own: its largest entry is made positive.
  const largest = direction.reduce((most, x) => Math.abs(x) > Math.abs(most) ? x : most, 0);
  const sign = largest < 0 ? -1 : 1;
  return centred.map((point) => sign * dot(point, direction));
}

function weightedSum(
  points: readonly Float64Array[],
  weights: readonly number[],
  size: number,
): Float64Array {
  const sum = new Float64Array(size);
  for (const [i, point] of points.entries()) {
    const weight = weights[i] ?? 0;
    for (let k = 0; k < size; k++) sum[k] = (sum[k] ?? 0) + weight * (point[k] ?? 0);
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}
