/**
 * The most frequent strings of a stream, with their counts.
 *
 * @module
 */

/** Strings that are counted at the same time. */
const CAPACITY = 4_096;

/**
 * Misra–Gries summary (1982; merging: Agarwal et al. 2012): exact while there are at most 4,096
 * different strings; beyond, every count is too low by at most {@linkcode error}, and no string that is
 * more frequent than that is missing.
 */
export class FrequentValues {
  #counts: Map<string, number>;
  #error: number;

  /** Empty, or with what {@linkcode entries} and {@linkcode error} gave. */
  constructor(counts: Iterable<readonly [string, number]> = [], error = 0) {
    this.#counts = new Map(counts);
    this.#error = error;
  }

  /** Takes `count` rows of a value. */
  add(value: string, count: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    if (this.#counts.size > 2 * CAPACITY) this.#shrink();
  }

  /** Takes all that another summary has seen. */
  merge(other: FrequentValues): void {
    for (const [value, count] of other.#counts) this.add(value, count);
    this.#error += other.#error;
  }

  /** How much a count may be too low; 0 if all are exact. */
  get error(): number {
    if (this.#counts.size > CAPACITY) this.#shrink();
    return this.#error;
  }

  /** Values with their counts, the most frequent first, equal ones by name. */
  entries(): [string, number][] {
    if (this.#counts.size > CAPACITY) this.#shrink();
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }

  #shrink(): void {
    const counts = Float64Array.from(this.#counts.values()).sort();
    const less = counts[counts.length - 1 - CAPACITY] ?? 0;
    this.#error += less;
    const kept = new Map<string, number>();
    for (const [value, count] of this.#counts) if (count > less) kept.set(value, count - less);
    this.#counts = kept;
  }
}
