/**
 * Where predictions go. A sink takes messages and the progress they amount to in one atomic step, so
 * that after any crash either both are there or neither; the file sink and the Kafka sink keep the
 * same contract.
 *
 * @module
 */

import type { PackedMessages } from "./packed.ts";

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
  /** Of the rows that were scored. */
  readonly messages: PackedMessages;
  /** Of the rows that could not be. */
  readonly deadLetters: PackedMessages;
  /**
   * Which of the transaction's rows the dead letters are, from 0, ascending. With it a sink can cut a
   * transaction that is too large.
   */
  readonly deadRows?: readonly number[];
  /** After this transaction. */
  readonly progress: Progress;
}

/** The record of a completed run, published once to `<topic>.runs`. */
export interface CompletedRun {
  /** The run. */
  readonly run_id: string;
  /** The run that it replaces. */
  readonly supersedes?: string;
  /** Registered model and its version. */
  readonly model: { readonly name: string; readonly version: string };
  /** Nominal time of the run, ISO 8601 in UTC. */
  readonly scored_at: string;
  /** Rows of all inputs. */
  readonly rows: number;
  /** Rows that became messages. */
  readonly accepted: number;
  /** Rows that became dead letters. */
  readonly dead: number;
  /** What was scored. */
  readonly inputs: readonly { readonly path: string; readonly rows: number }[];
}

/** Identity of one shard of one run: what transactional ids and progress are named after. */
export interface ShardIdentity {
  /** `staging`. */
  readonly environment: string;
  /** `inference`. */
  readonly pipeline: string;
  /** The run's id. */
  readonly run: string;
  /** From 0. */
  readonly shard: number;
  /** Hash of the manifest; progress of another manifest is refused. */
  readonly manifest: string;
}

/** What a sink is, wherever it is reached from: what a manifest keeps. */
export interface Destination {
  /** `file:///…` or `kafka://<cluster id>/<topic>`. */
  readonly uri: string;
  /** How many partitions each topic has; keys move when these change. Not for files. */
  readonly partitions?: Readonly<Record<string, number>>;
}

/** Where an opened shard is. */
export interface Opened extends Progress {
  /** False if there was no committed progress: the shard is new, or its progress is lost. */
  readonly found: boolean;
}

/** What the caller knows about a shard that is opened. */
export interface OpenOptions {
  /** True if an earlier attempt began to publish, so that there must be progress. */
  readonly started?: boolean;
}

/** What was published since the sink was made. */
export interface SinkStatistics {
  /** Messages and dead letters. */
  readonly messages: number;
  /** Bytes of them as they were stored or sent, compression included. */
  readonly bytes: number;
  /** Transactions that carried them. */
  readonly transactions: number;
  /** Times that something was asked or sent again. */
  readonly retries: number;
  /** Times that all had to be begun again after an error. */
  readonly errors: number;
}

/** See the module's description. */
export interface Sink {
  /** `file:///…` or `kafka://broker/topic`; for messages to people. */
  readonly uri: string;
  /**
   * Connects and makes sure that all is there that publishing needs; nothing is written. Called
   * before the manifest is; safe to repeat.
   * @throws {DependencyError} what is missing, and what to do about it
   */
  prepare(): Promise<Destination>;
  /**
   * Takes ownership of the shard and returns its committed progress (row 0 if none).
   * @throws {DependencyError} `publishing.progress-vanished` when an earlier attempt has started, but
   *   there is no progress; then nothing is claimed either, so that it stays visible
   */
  open(shard: ShardIdentity, options?: OpenOptions): Promise<Opened>;
  /**
   * Publishes atomically; resolves once it is durable. Transactions of more than about 8 MB are cut
   * into several.
   * @throws {FencedError} when a newer attempt of this run has taken over
   * @throws {DependencyError} when the outcome cannot be had; the run is resumable
   */
  publish(transaction: Transaction): Promise<void>;
  /** Publishes the run's completion; called once per run, safe to repeat. */
  complete(run: CompletedRun): Promise<void>;
  /** The counts so far. */
  statistics(): SinkStatistics;
  /** Releases connections; what was not published is dropped. */
  close(): Promise<void>;
}
