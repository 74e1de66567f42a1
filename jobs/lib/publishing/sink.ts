/**
 * Where predictions go. A sink takes messages and the progress they amount to in one atomic step, so
 * that after any crash either both are there or neither; the file sink and the Kafka sink keep the
 * same contract.
 *
 * @module
 */

/** One prediction on its way out. */
export interface Message {
  /** The key column's value, or without a key column the event id. */
  readonly key: string;
  /** UTF-8 JSON, see {@linkcode PredictionValue}. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How far a shard is. */
export interface Progress {
  /** Next row of the shard's manifest order, from 0. */
  readonly row: number;
  /** Rows published so far. */
  readonly accepted: number;
  /** Rows that went to the dead letters so far. */
  readonly dead: number;
  /** True in the shard's last transaction. */
  readonly done: boolean;
}

/** Messages that become visible together. */
export interface Transaction {
  readonly messages: readonly Message[];
  readonly deadLetters: readonly Message[];
  /** After this transaction. */
  readonly progress: Progress;
}

/** The record of a completed run, published once to `<topic>.runs`. */
export interface CompletedRun {
  readonly run_id: string;
  readonly supersedes?: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly scored_at: string;
  readonly rows: number;
  readonly accepted: number;
  readonly dead: number;
  readonly inputs: readonly { readonly path: string; readonly rows: number }[];
}

/** Identity of one shard of one run: what transactional ids and progress are named after. */
export interface ShardIdentity {
  readonly environment: string;
  readonly pipeline: string;
  readonly run: string;
  readonly shard: number;
  /** Hash of the manifest; progress of another manifest is refused. */
  readonly manifest: string;
}

/** See the module's description. */
export interface Sink {
  /** `file:///…` or `kafka://broker/topic`; for messages to people. */
  readonly uri: string;
  /** Takes ownership of the shard and returns its committed progress (row 0 if none). */
  open(shard: ShardIdentity): Promise<Progress>;
  /**
   * Publishes atomically; resolves once it is durable.
   * @throws {FencedError} when a newer attempt of this run has taken over
   * @throws {DependencyError} when the outcome cannot be had; the run is resumable
   */
  publish(transaction: Transaction): Promise<void>;
  /** Publishes the run's completion; called once per run, safe to repeat. */
  complete(run: CompletedRun): Promise<void>;
  /** Releases connections; what was not published is dropped. */
  close(): Promise<void>;
}
