/**
 * The histogram of a node in one column: for each bin how many rows it has and their summary.
 *
 * @module
 */

import type { Criterion, WeightedRows } from "./criterion.ts";
import { MAX_BINS } from "./quantise.ts";

/** One histogram, filled anew for each node and column. */
export class Histogram {
  /** Rows of each code; code 0 is missing. */
  readonly counts: Int32Array = new Int32Array(MAX_BINS + 1);
  /** The summary of code `c` starts at `c * criterion.size`. */
  readonly summaries: Float64Array;
  readonly #criterion: Criterion;

  constructor(criterion: Criterion) {
    this.#criterion = criterion;
    this.summaries = new Float64Array((MAX_BINS + 1) * criterion.size);
  }

  /** Counts the rows of a node into bins that are all empty. */
  fill(codes: Uint8Array, { rows, start, end, weights }: WeightedRows): void {
    const { counts, summaries } = this;
    const criterion = this.#criterion;
    const size = criterion.size;
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      const code = codes[row] as number;
      counts[code] = (counts[code] as number) + 1;
      criterion.add(summaries, code * size, row, weights[row] as number);
    }
  }

  /** Adds the summary of a code to `sum`. */
  addTo(sum: Float64Array, code: number): void {
    const at = code * sum.length;
    for (let k = 0; k < sum.length; k++) {
      sum[k] = (sum[k] as number) + (this.summaries[at + k] as number);
    }
  }

  /** Empties the bins again, touching only those that are not. */
  clear(): void {
    const size = this.#criterion.size;
    for (let code = 0; code <= MAX_BINS; code++) {
      if (this.counts[code] === 0) continue;
      this.counts[code] = 0;
      this.summaries.fill(0, code * size, (code + 1) * size);
    }
  }
}
