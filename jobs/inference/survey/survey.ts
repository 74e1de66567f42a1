/**
 * What rows to score look like, and what is predicted for them: gathered while they are scored, and
 * mergeable, so that a run of several shards is judged as one.
 *
 * @module
 */

import {
  type Batch,
  type BrokenRows,
  DatasetProfile,
  parseProfile,
  predictionTable,
  profileJson,
  type RowRule,
  RowRules,
  RuleTally,
  sampledRows,
  type Sampler,
  sampler,
  take,
  type Target,
} from "../../lib/dataset/mod.ts";
import type { Baseline } from "./baseline.ts";

/** Rows of a run that distributions are measured on: enough for any drift, and quick. */
const SAMPLE_ROWS = 32_768;

/** What a run's rows are held against. */
export class SurveyPlan {
  /** The rules that each row is judged by. */
  readonly rules: RowRules | undefined;
  readonly #target: Target;
  readonly #isIn: Sampler;

  /**
   * Decides what is looked at; all shards of a run decide alike.
   *
   * @param columns that the model takes
   * @param rows of the whole run
   */
  constructor(
    { constraints }: Pick<Baseline, "constraints">,
    target: Target,
    columns: readonly string[],
    rows: number,
  ) {
    this.rules = constraints && new RowRules(constraints, columns);
    this.#target = target;
    this.#isIn = sampler(rows, SAMPLE_ROWS);
  }

  /** A survey that has seen nothing. */
  begin(): Survey {
    return new Survey(this.rules?.rules ?? [], this.#target);
  }

  /** Which rows of a batch are looked at closely. @param first the shard's number of its first row */
  sample(first: number, rows: number): Uint32Array {
    return sampledRows(this.#isIn, first, rows);
  }
}

/** See the module. */
export class Survey {
  /** Of the features of the rows in the sample. */
  readonly features: DatasetProfile;
  /** Of the predictions for them, but for those that are put aside. */
  readonly predictions: DatasetProfile;
  /** Of all rows. */
  readonly tally: RuleTally;
  readonly #target: Target;

  /** Begins with no rows, or with those that others have seen. */
  constructor(
    rules: readonly RowRule[],
    target: Target,
    { features = new DatasetProfile(), predictions = new DatasetProfile(), tally }: {
      features?: DatasetProfile;
      predictions?: DatasetProfile;
      tally?: RuleTally;
    } = {},
  ) {
    this.#target = target;
    this.features = features;
    this.predictions = predictions;
    this.tally = tally ?? new RuleTally(rules);
  }

  /** Takes the rules that rows of a batch break, and that there are so many. */
  judged(rows: number, broken: BrokenRows | undefined): void {
    if (broken === undefined) this.tally.rows += rows;
    else this.tally.add(rows, broken);
  }

  /**
   * Takes rows of the sample.
   *
   * @param outputs the model's for these rows
   * @param isAside whether the row of this index is put aside, so that nothing is predicted for it
   */
  looked(
    sample: Batch,
    outputs: readonly Float32Array[],
    isAside: (index: number) => boolean,
  ): void {
    this.features.add(sample);
    this.predicted(sample.rows, outputs, isAside);
  }

  /** Takes predictions; see {@linkcode Survey.looked}. */
  predicted(
    count: number,
    outputs: readonly Float32Array[],
    isAside: (index: number) => boolean,
  ): void {
    const rows = new Uint32Array(count);
    let kept = 0;
    for (let index = 0; index < count; index++) {
      if (!isAside(index) && areFinite(outputs, index)) rows[kept++] = index;
    }
    const published = kept === count
      ? outputs
      : outputs.map((output) => at(output, rows.subarray(0, kept)));
    this.predictions.add(predictionTable(this.#target, published));
  }

  /** Takes all that another survey of the same plan has seen. */
  merge(other: Survey): void {
    this.features.merge(other.features);
    this.predictions.merge(other.predictions);
    this.tally.merge(other.tally);
  }

  /** As JSON. */
  toJSON(): Record<string, unknown> {
    return {
      version: 1,
      features: profileJson(this.features),
      predictions: profileJson(this.predictions),
      rules: this.tally,
    };
  }

  /**
   * The survey that {@linkcode Survey.toJSON} wrote.
   *
   * @throws if it is none, or of other rules
   */
  static parse(json: unknown, plan: SurveyPlan): Survey {
    const { features, predictions, rules } = Object(json);
    const empty = plan.begin();
    return new Survey(empty.tally.rules, empty.#target, {
      features: parseProfile(features),
      predictions: parseProfile(predictions),
      tally: RuleTally.parse(rules, empty.tally.rules),
    });
  }
}

/** The rows of a batch that are in a sample, with the model's outputs for them. */
export function sampleOf(
  batch: Batch,
  outputs: readonly Float32Array[],
  rows: Uint32Array,
): { readonly sample: Batch; readonly outputs: readonly Float32Array[] } {
  if (rows.length === batch.rows) return { sample: batch, outputs };
  return { sample: take(batch, rows), outputs: outputs.map((output) => at(output, rows)) };
}

/** Whether the model gives numbers for a row. A loop: `every()` would cost a function a row. */
export function areFinite(outputs: readonly Float32Array[], index: number): boolean {
  for (const output of outputs) if (!Number.isFinite(output[index])) return false;
  return true;
}

function at(values: Float32Array, rows: Uint32Array): Float32Array {
  const picked = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] ?? 0] ?? NaN;
  return picked;
}
