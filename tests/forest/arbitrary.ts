/**
 * Random training sets for properties: small, with everything that real columns contain.
 *
 * @module
 */

import fc from "fast-check";
import { Random } from "../../jobs/lib/forest/random.ts";
import type { ForestOptions, Matrix, MaxFeatures, TrainingSet } from "../../jobs/lib/forest/mod.ts";

/** How large a random training set gets, and what is predicted. */
export interface Bounds {
  readonly rows?: number;
  readonly columns?: number;
  /** Most classes; 0 for regression. */
  readonly classes: number;
}

/** A training set whose columns have gaps, infinities, ties, or a single value. */
export function trainingSet(bounds: Bounds): fc.Arbitrary<TrainingSet> {
  const { rows: mostRows = 30, columns: mostColumns = 4, classes: mostClasses } = bounds;
  const classCount = mostClasses === 0 ? fc.constant(0) : fc.integer({ min: 1, max: mostClasses });
  return fc.tuple(fc.integer({ min: 1, max: mostRows }), classCount).chain(([rows, classes]) =>
    fc.record({
      matrix: matrix(rows, fc.integer({ min: 1, max: mostColumns })),
      labels: classes === 0
        ? fc.float64Array({ minLength: rows, maxLength: rows, min: -1e6, max: 1e6, noNaN: true })
        : labels(rows, classes),
      classes: fc.constant(classes),
    })
  );
}

/** A matrix of random columns. */
export function matrix(rows: number, columns: fc.Arbitrary<number>): fc.Arbitrary<Matrix> {
  return columns.chain((count) => fc.array(column(rows), { minLength: count, maxLength: count }))
    .map((columns) => ({ rows, columns, names: columns.map((_, i) => `c${i}`) }));
}

/** Hyperparameters for a few small trees. */
export function options(objective: ForestOptions["objective"]): fc.Arbitrary<ForestOptions> {
  return fc.record({
    objective: fc.constant(objective),
    trees: fc.integer({ min: 1, max: 6 }),
    maxDepth: fc.integer({ min: 0, max: 5 }),
    minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
    maxFeatures: fc.constantFrom<MaxFeatures[]>("sqrt", "log2", "all", 0.5, 1),
    classWeight: fc.constantFrom("none", "balanced"),
    seed: fc.nat(),
    threads: fc.constant(1),
  });
}

/**
 * A larger training set, the same for the same seed: columns of every granularity, with gaps
 * and infinite values, and labels that depend on them.
 */
export function mixedSet(
  rows: number,
  columns: number,
  classes: number,
  seed: number,
): TrainingSet {
  const random = new Random(seed);
  const values = Array.from({ length: columns }, (_, c) => {
    const distinct = [2, 5, 40, 300, 2 ** 32][c % 5] as number;
    return Float32Array.from({ length: rows }, () => {
      const special = c % 3 === 1 ? random.below(20) : Infinity;
      if (special < 2) return NaN;
      return special === 2 ? Infinity : random.below(distinct) - distinct / 3;
    });
  });
  const noise = Float64Array.from({ length: rows }, (_, row) => {
    // What is missing tells more than what is there.
    const signalOf = (value: number, c: number) =>
      Number.isNaN(value) ? 5 : value > 0 ? 1 + c % 3 : 0;
    const signal = values.reduce((sum, column, c) => sum + signalOf(column[row]!, c), 0);
    return signal + random.below(1000) / 400;
  });
  return {
    matrix: { rows, columns: values, names: values.map((_, c) => `c${c}`) },
    labels: classes > 0 ? Int32Array.from(noise, (v) => Math.floor(v) % classes) : noise,
    classes,
  };
}

function labels(rows: number, classes: number): fc.Arbitrary<Int32Array> {
  const label = fc.integer({ min: 0, max: classes - 1 });
  return fc.array(label, { minLength: rows, maxLength: rows }).map((all) => Int32Array.from(all));
}

function column(rows: number): fc.Arbitrary<Float32Array> {
  const special = fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 3.4028234663852886e38, 1e-45);
  const value = fc.oneof(
    fc.constant(fc.constant(1)),
    fc.constant(fc.integer({ min: 0, max: 3 })),
    fc.constant(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(NaN))),
    fc.constant(fc.oneof(fc.float(), special)),
  );
  return value.chain((each) => fc.array(each, { minLength: rows, maxLength: rows }))
    .map((values) => new Float32Array(values));
}
