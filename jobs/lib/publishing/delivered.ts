/**
 * Counts what was published.
 *
 * @module
 */
import type { SinkStatistics } from "./sink.ts";

/** Counts while publishing goes on, for a sink's statistics. */
export class Delivered {
  #messages = 0;
  #bytes = 0;
  #transactions = 0;
  #retries = 0;
  #errors = 0;

  /** A transaction was committed. */
  committed(messages: number, bytes: number): void {
    this.#messages += messages;
    this.#bytes += bytes;
    this.#transactions++;
  }

  /** Something was asked or sent again. */
  retried(): void {
    this.#retries++;
  }

  /** A producer was discarded. */
  failed(): void {
    this.#errors++;
  }

  /** The counts so far. */
  get statistics(): SinkStatistics {
    return {
      messages: this.#messages,
      bytes: this.#bytes,
      transactions: this.#transactions,
      retries: this.#retries,
      errors: this.#errors,
    };
  }
}
