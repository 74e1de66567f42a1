/**
 * The out-of-bag score: each row is predicted by the trees that did not draw it, so that the training
 * set itself says how good the forest is on rows it has not seen.
 *
 * @see Breiman: Out-of-bag estimation, 1996
 * @module
 */

import { drawSample, poissonLimits } from "./bootstrap.ts";
import { breathe } from "./breathe.ts";
import { drawsPerRow } from "./counts.ts";
import type { Forest, ForestOptions, TrainingSet } from "./forest.ts";
import { deriveSeed } from "./random.ts";
import { findLeaves } from "./route.ts";

/** What the rows say of trees that did not draw them. */
export interface OutOfBag {
  /** Accuracy, or R² for regression; NaN if every tree drew every row. */
  readonly score: number;
  /** The score with the first 1, 2, … trees. */
  readonly curve: Float64Array;
  /** How many rows at least one tree did not draw. */
  readonly rows: number;
}

/**
 * Scores a forest of {@linkcode forestEngine} on the rows it was trained on.
 *
 * @param options Those it was trained with.
 */
export async function outOfBag(
  forest: Forest,
  set: TrainingSet,
  options: Pick<ForestOptions, "seed" | "maxSamples">,
  signal?: AbortSignal,
): Promise<OutOfBag> {
  const { rows } = set.matrix;
  const limits = poissonLimits(drawsPerRow(options.maxSamples, rows));
  const score = set.classes > 0 ? new Accuracy(forest, set) : new Determination(forest, set);
  const curve = new Float64Array(forest.trees.length);
  const out = new Int32Array(rows);
  const leaves = new Int32Array(rows);
  for (const [number, tree] of forest.trees.entries()) {
    await breathe(signal);
    const seed = deriveSeed(deriveSeed(options.seed, number), 0);
    const { weights } = drawSample(rows, seed, undefined, limits);
    let count = 0;
    for (let row = 0; row < rows; row++) if (weights[row] === 0) out[count++] = row;
    findLeaves(tree, set.matrix, out, count, leaves);
    for (let i = 0; i < count; i++) score.add(out[i] as number, tree.value, leaves[i] as number);
    curve[number] = score.value();
  }
  return { score: curve.at(-1) ?? NaN, curve, rows: score.rows };
}

/** The part of the rows whose most probable class is theirs. */
class Accuracy {
  rows = 0;
  readonly #sums: Float64Array;
  readonly #labels: TrainingSet["labels"];
  readonly #classes: number;
  readonly #targets: number;
  readonly #share: number;
  /** 0 for rows not met, 1 for those predicted wrongly, 2 for those predicted rightly. */
  readonly #state: Uint8Array;
  #right = 0;

  constructor(forest: Forest, set: TrainingSet) {
    this.#labels = set.labels;
    this.#classes = set.classes;
    this.#targets = forest.targets;
    this.#share = 1 / forest.trees.length;
    this.#sums = new Float64Array(set.matrix.rows * set.classes);
    this.#state = new Uint8Array(set.matrix.rows);
  }

  add(row: number, values: Float32Array, leaf: number): void {
    const at = row * this.#classes;
    for (let k = 0; k < this.#targets; k++) {
      const value = values[leaf * this.#targets + k] as number;
      if (this.#classes === 2) {
        this.#sum(at, this.#share - value);
        this.#sum(at + 1, value);
      } else this.#sum(at + k, value);
    }
    const isRight = this.#mostProbable(at) === this.#labels[row];
    if (this.#state[row] === 0) this.rows++;
    if (this.#state[row] === 2) this.#right--;
    if (isRight) this.#right++;
    this.#state[row] = isRight ? 2 : 1;
  }

  value(): number {
    return this.#right / this.rows;
  }

  #sum(at: number, value: number): void {
    this.#sums[at] = (this.#sums[at] as number) + value;
  }

  #mostProbable(at: number): number {
    let best = 0;
    for (let k = 1; k < this.#classes; k++) {
      if ((this.#sums[at + k] as number) > (this.#sums[at + best] as number)) best = k;
    }
    return best;
  }
}

/** R², the part of the labels' variance that is explained. */
class Determination {
  rows = 0;
  readonly #labels: TrainingSet["labels"];
  readonly #trees: number;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;

  constructor(forest: Forest, set: TrainingSet) {
    this.#labels = set.labels;
    this.#trees = forest.trees.length;
    this.#sums = new Float64Array(set.matrix.rows);
    this.#counts = new Uint32Array(set.matrix.rows);
  }

  add(row: number, values: Float32Array, leaf: number): void {
    this.#sums[row] = (this.#sums[row] as number) + (values[leaf] as number);
    if (this.#counts[row] === 0) this.rows++;
    this.#counts[row] = (this.#counts[row] as number) + 1;
  }

  value(): number {
    let mean = 0;
    this.#each((label) => mean += label / this.rows);
    let squares = 0;
    let errors = 0;
    this.#each((label, predicted) => {
      squares += (label - mean) ** 2;
      errors += (label - predicted) ** 2;
    });
    return 1 - errors / squares;
  }

  #each(visit: (label: number, predicted: number) => void): void {
    for (let row = 0; row < this.#counts.length; row++) {
      const count = this.#counts[row] as number;
      if (count === 0) continue;
      // Leaves hold a tree's part of the forest's mean.
      visit(this.#labels[row] as number, (this.#sums[row] as number) * this.#trees / count);
    }
  }
}
