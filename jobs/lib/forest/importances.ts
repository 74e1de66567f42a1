/**
 * Feature importances: the mean decrease in impurity.
 *
 * @see https://scikit-learn.org/stable/modules/ensemble.html#feature-importance-evaluation
 * @module
 */

/** Adds up the trees' decreases so that every tree that splits counts the same. */
export class Importances {
  readonly #sum: Float64Array;

  constructor(columns: number) {
    this.#sum = new Float64Array(columns);
  }

  /** Adds one tree: per column how much its splits lowered the weighted impurity. */
  add(decrease: Float64Array): void {
    const shares = normalised(decrease);
    for (let k = 0; k < shares.length; k++) {
      this.#sum[k] = (this.#sum[k] as number) + (shares[k] as number);
    }
  }

  /** One value a column, not negative, that sum to 1; all 0 if no split lowered anything. */
  result(): Float64Array {
    return normalised(this.#sum);
  }
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum > 0 ? values.map((value) => value / sum) : new Float64Array(values.length);
}
