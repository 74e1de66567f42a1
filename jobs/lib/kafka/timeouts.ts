/**
 * How long publishing waits for what.
 *
 * @module
 */

/** All in milliseconds. */
export interface Timeouts {
  /** For a connection. */
  readonly connect: number;
  /** For the answer to a request. */
  readonly request: number;
  /** For taking a transactional id and reading its progress. */
  readonly start: number;
  /** For coordinators that are busy with the transaction before, or loading. */
  readonly wait: number;
  /** From the first request of a transaction that counts to its end. */
  readonly send: number;
  /** After which the broker aborts an open transaction by itself: well above all of a transaction. */
  readonly transaction: number;
  /** For brokers that are away in the middle of a run, until the run ends with exit 4. */
  readonly patience: number;
}

/** What holds unless told otherwise. */
export const TIMEOUTS: Timeouts = {
  connect: 5_000,
  request: 10_000,
  start: 40_000,
  wait: 20_000,
  send: 10_000,
  transaction: 60_000,
  patience: 120_000,
};
