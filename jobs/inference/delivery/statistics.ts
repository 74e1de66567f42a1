/**
 * How delivery went: counts, rate, and how long transactions took.
 *
 * @module
 */

import type { SinkStatistics } from "../../lib/publishing/mod.ts";

/** What a shard's publishing measured; goes into its record. */
export interface DeliverySummary {
  /** Rows of this attempt, without those of earlier ones. */
  readonly rows: number;
  readonly transactions: number;
  readonly seconds: number;
  readonly rows_per_second: number;
  /** Milliseconds from handing a transaction over until it is durable: half of all took at most … */
  readonly publish_ms_p50: number;
  /** … and 95 of 100. */
  readonly publish_ms_p95: number;
  readonly publish_ms_max: number;
  /** Bytes of messages and dead letters, as they were stored or sent. */
  readonly bytes: number;
  /** Times that something was asked or sent again. */
  readonly retries: number;
  /** Failures after which the progress was read again. */
  readonly errors: number;
}

/** Counts transactions; as large after a billion as after one. */
export class DeliveryStatistics {
  readonly #begun: number;
  readonly #counts = new Map<number, number>();
  #rows = 0;
  #transactions = 0;
  #longest = 0;

  /** @param begun the clock's milliseconds */
  constructor(begun: number) {
    this.#begun = begun;
  }

  /** Counts a transaction that took so many milliseconds. */
  published(rows: number, milliseconds: number): void {
    this.#rows += rows;
    this.#transactions++;
    this.#longest = Math.max(this.#longest, milliseconds);
    const bucket = Math.ceil(Math.log(Math.max(milliseconds, SMALLEST)) / Math.log(GROWTH));
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
  }

  /**
   * What it comes to.
   *
   * @param now the clock's milliseconds
   * @param sink what the sink counted
   * @param failures attempts of this process that failed before this one
   */
  summary(
    now: number,
    { bytes, retries, errors }: Pick<SinkStatistics, "bytes" | "retries" | "errors">,
    failures: number,
  ): DeliverySummary {
    const seconds = (now - this.#begun) / 1000;
    return {
      rows: this.#rows,
      transactions: this.#transactions,
      seconds: rounded(seconds),
      rows_per_second: seconds > 0 ? Math.round(this.#rows / seconds) : 0,
      publish_ms_p50: rounded(this.#quantile(0.5)),
      publish_ms_p95: rounded(this.#quantile(0.95)),
      publish_ms_max: rounded(this.#longest),
      bytes,
      retries,
      errors: errors + failures,
    };
  }

  /** The upper end of the bucket that the quantile is in. */
  #quantile(share: number): number {
    let left = Math.ceil(this.#transactions * share);
    for (const [bucket, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.min(GROWTH ** bucket, this.#longest);
    }
    return 0;
  }
}

/** Milliseconds below which nothing is told apart. */
const SMALLEST = 0.01;
/** Quantiles are at most a twentieth too high. */
const GROWTH = 1.05;

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
