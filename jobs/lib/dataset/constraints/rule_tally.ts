import { z } from "zod";
import { type BrokenRows, EXAMPLES, type RowRule } from "./row_rules.ts";

const count = z.int().nonnegative();
const tallySchema = z.object({
  rows: count,
  rejected: count,
  counts: z.array(count),
  examples: z.array(z.array(z.string())),
});

/** A {@linkcode RuleTally} as JSON; counts and examples by rule. */
export interface TallyJson {
  /** Rows judged. */
  readonly rows: number;
  /** Rows that break a strict rule. */
  readonly rejected: number;
  /** Rows that break the rule. */
  readonly counts: readonly number[];
  /** A few of the values. */
  readonly examples: readonly (readonly string[])[];
}

/** How often each rule was broken over many batches; tallies of parts merge to that of the whole. */
export class RuleTally {
  /** Rows judged. */
  rows = 0;
  /** Rows that break a strict rule. */
  rejected = 0;
  /** What was judged by. */
  readonly rules: readonly RowRule[];
  #counts: number[];
  #examples: string[][];

  /** A tally of no rows. */
  constructor(rules: readonly RowRule[]) {
    this.rules = rules;
    this.#counts = rules.map(() => 0);
    this.#examples = rules.map(() => []);
  }

  /** Rows that break the rule of this index, and a few of the values. */
  of(rule: number): { readonly count: number; readonly examples: readonly string[] } {
    return { count: this.#counts[rule] ?? 0, examples: this.#examples[rule] ?? [] };
  }

  /** Takes what was found in a batch of so many rows. */
  add(rows: number, { counts, examples, rejected }: BrokenRows): void {
    this.#take(rows, rejected.size, counts, examples);
  }

  /** Takes all that another tally of the same rules has seen. */
  merge(other: RuleTally): void {
    this.#take(other.rows, other.rejected, other.#counts, other.#examples);
  }

  /** As JSON. */
  toJSON(): TallyJson {
    const { rows, rejected } = this;
    return { rows, rejected, counts: this.#counts, examples: this.#examples };
  }

  /**
   * The tally that {@linkcode toJSON} wrote.
   *
   * @throws {z.ZodError} if it is none
   * @throws {RangeError} if it is of other rules
   */
  static parse(json: unknown, rules: readonly RowRule[]): RuleTally {
    const { rows, rejected, counts, examples } = tallySchema.parse(json);
    if (counts.length !== rules.length || examples.length !== rules.length) {
      throw new RangeError(`a tally of ${counts.length} rules instead of ${rules.length}`);
    }
    const tally = new RuleTally(rules);
    tally.#take(rows, rejected, counts, examples);
    return tally;
  }

  #take(
    rows: number,
    rejected: number,
    counts: readonly number[],
    examples: readonly (readonly string[])[],
  ): void {
    this.rows += rows;
    this.rejected += rejected;
    this.#counts = this.#counts.map((sum, i) => sum + (counts[i] ?? 0));
    this.#examples = this.#examples.map((known, i) =>
      [...new Set([...known, ...examples[i] ?? []])].slice(0, EXAMPLES)
    );
  }
}
