/**
 * Features that alone predict the label suspiciously well: known only after what is predicted, or the
 * label under another name.
 *
 * @module
 */
import { type Batch, type Column, MISSING_STRING } from "../column.ts";
import { numbersOf } from "../profile/mod.ts";
import { type Labels, type Target, targetValues } from "../features/mod.ts";

/** How well one column alone predicts the label. */
export interface Predictiveness {
  /** Of the data. */
  readonly column: string;
  /** Area under the ROC curve, of several classes each against the rest on average; R² of a number. */
  readonly score: number;
}

/** Rows that the label is predicted for. */
const FEWEST = 100;
/** Bins of a number. */
const BINS = 64;
/** Classes that are asked for, the most frequent ones. */
const CLASSES = 10;

/**
 * Learns the label from each column alone on every other row, and measures it on the rest, so that an
 * identifier tells nothing. The best first; none with fewer than 200 labelled rows.
 */
export function predictiveness(
  table: Batch,
  target: Target,
  columns: readonly string[],
): Predictiveness[] {
  const { labels } = targetValues(target, table);
  const rows = Uint32Array.from(labels.keys()).filter((row) =>
    target.objective === "regression" ? !Number.isNaN(labels[row]) : (labels[row] ?? -1) >= 0
  );
  const learnt = rows.filter((_, i) => i % 2 === 0), asked = rows.filter((_, i) => i % 2 === 1);
  if (asked.length < FEWEST) return [];
  return table.columns.filter(({ name }) => columns.includes(name)).map((column) => {
    const { bins, count } = binned(column, learnt);
    const score = target.objective === "regression"
      ? determination(bins, count, labels, learnt, asked)
      : areaOverClasses(bins, count, labels, learnt, asked, target.classes.length);
    return { column: column.name, score };
  }).toSorted((a, b) => b.score - a.score);
}

/** A bin for each row: 0 without a value, then by value. */
function binned(column: Column, learnt: Uint32Array): { bins: Uint32Array; count: number } {
  if (column.kind === "string") {
    const bins = Uint32Array.from(column.codes, (code) => code === MISSING_STRING ? 0 : code + 1);
    return { bins, count: column.dictionary.length + 1 };
  }
  const values = numbersOf(column);
  const sorted = Float64Array.from(learnt, (row) => values[row] ?? NaN)
    .filter((value) => !Number.isNaN(value)).sort();
  const bounds = [
    ...new Set(
      Array.from(
        { length: BINS - 1 },
        (_, i) => sorted[Math.floor((i + 1) * sorted.length / BINS)] ?? Infinity,
      ),
    ),
  ];
  const bins = Uint32Array.from(values, (value) => {
    if (Number.isNaN(value)) return 0;
    let low = 0, high = bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value < (bounds[middle] ?? Infinity)) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  });
  return { bins, count: bounds.length + 2 };
}

/** R² of the bins' mean labels. */
function determination(
  bins: Uint32Array,
  count: number,
  labels: Labels,
  learnt: Uint32Array,
  asked: Uint32Array,
): number {
  const mean = meanOf(learnt.length, (i) => labels[learnt[i] ?? 0] ?? 0);
  const means = binMeans(bins, count, learnt, (row) => labels[row] ?? 0, mean);
  const middle = meanOf(asked.length, (i) => labels[asked[i] ?? 0] ?? 0);
  let missed = 0, whole = 0;
  for (const row of asked) {
    const value = labels[row] ?? 0;
    missed += (value - (means[bins[row] ?? 0] ?? mean)) ** 2;
    whole += (value - middle) ** 2;
  }
  return whole === 0 ? 0 : 1 - missed / whole;
}

function areaOverClasses(
  bins: Uint32Array,
  count: number,
  labels: Labels,
  learnt: Uint32Array,
  asked: Uint32Array,
  classes: number,
): number {
  const sizes = new Float64Array(classes);
  for (const row of asked) {
    const label = labels[row] ?? 0;
    sizes[label] = (sizes[label] ?? 0) + 1;
  }
  // With two classes one curve is the other's mirror.
  const chosen = [...sizes.keys()].slice(classes === 2 ? 1 : 0)
    .filter((label) => (sizes[label] ?? 0) > 0 && (sizes[label] ?? 0) < asked.length)
    .toSorted((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0)).slice(0, CLASSES);
  let sum = 0, weight = 0;
  for (const label of chosen) {
    const isOf = (row: number) => labels[row] === label ? 1 : 0;
    const share = meanOf(learnt.length, (i) => isOf(learnt[i] ?? 0));
    const scores = binMeans(bins, count, learnt, isOf, share);
    sum += (sizes[label] ?? 0) * areaUnderCurve(bins, scores, asked, isOf);
    weight += sizes[label] ?? 0;
  }
  return weight === 0 ? 0 : sum / weight;
}

/** Means by bin; an empty bin, and as little as one row in any, pulls to the mean of all. */
function binMeans(
  bins: Uint32Array,
  count: number,
  rows: Uint32Array,
  valueOf: (row: number) => number,
  mean: number,
): Float64Array {
  const sums = new Float64Array(count).fill(mean), counts = new Float64Array(count).fill(1);
  for (const row of rows) {
    const bin = bins[row] ?? 0;
    sums[bin] = (sums[bin] ?? 0) + valueOf(row);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return sums.map((sum, bin) => sum / (counts[bin] ?? 1));
}

/** Chance that a row of the class has a higher score than another; equal ones count half. */
function areaUnderCurve(
  bins: Uint32Array,
  scores: Float64Array,
  rows: Uint32Array,
  isOf: (row: number) => number,
): number {
  const positive = new Float64Array(scores.length), negative = new Float64Array(scores.length);
  for (const row of rows) {
    const bin = bins[row] ?? 0;
    const side = isOf(row) === 1 ? positive : negative;
    side[bin] = (side[bin] ?? 0) + 1;
  }
  const order = [...scores.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let below = 0, wins = 0, total = 0;
  for (let i = 0; i < order.length;) {
    let own = 0, others = 0, next = i;
    while (next < order.length && scores[order[next] ?? 0] === scores[order[i] ?? 0]) {
      own += positive[order[next] ?? 0] ?? 0;
      others += negative[order[next] ?? 0] ?? 0;
      next++;
    }
    wins += own * (below + others / 2);
    below += others;
    total += own;
    i = next;
  }
  return wins / (total * below);
}

function meanOf(length: number, at: (index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += at(i);
  return length === 0 ? 0 : sum / length;
}
