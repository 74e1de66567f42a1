/**
 * A producer whose transactions happen exactly once.
 *
 * A transaction carries its progress: the offset of a consumer group named after the transactional
 * id, on partition 0 of one topic. `session.ts` says why one session is sound; here is what happens
 * between sessions. After any error the session is discarded with its connections, and a new one
 * takes the transactional id and reads the progress, which says whether the transaction happened and
 * whose the id is now. If it did not happen and is ours, all of it is encoded and sent again. There
 * is no other way to go on after an error, so none that was forgotten.
 *
 * @module
 */
import { DependencyError, messageOf, PlatformError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Delivered } from "../publishing/mod.ts";
import type { TopicMessages } from "./batches.ts";
import { Cluster } from "./cluster.ts";
import type { KafkaConnection } from "./client.ts";
import type { ConnectionSettings } from "./connection.ts";
import { permanentFailure } from "./failures.ts";
import { pause, unlessAborted, within } from "./patience.ts";
import type { Compression } from "./protocol/compression.ts";
import type { CommittedOffset } from "./protocol/transaction_requests.ts";
import { Session } from "./session.ts";
import type { Timeouts } from "./timeouts.ts";

/** Progress as the group's offset keeps it. */
export interface Committed {
  /** The next row. */
  readonly offset: number;
  /** Anything, as JSON of less than a kilobyte. */
  readonly metadata: unknown;
}

/** What a producer is made with. */
export interface ProducerOptions {
  /** The cluster, for messages. */
  readonly connection: KafkaConnection;
  /** The cluster, read. */
  readonly settings: ConnectionSettings;
  /** Transactional id and group. */
  readonly id: string;
  /** Topic on whose partition 0 the progress is committed. */
  readonly topic: string;
  /** Other topics that messages go to. */
  readonly otherTopics?: readonly string[];
  /** Most bytes of a batch, by topic; 900 kB unless told. */
  readonly batchBytes?: ReadonlyMap<string, number>;
  /** `none` unless told. */
  readonly compression?: Compression;
  /** Told of errors that were overcome. */
  readonly log: Log;
  /** How long to wait for what. */
  readonly timeouts: Timeouts;
  /** Counts what happens. */
  readonly delivered: Delivered;
  /** Ends the wait for brokers; a transaction that is on its way is left to succeed or to fail. */
  readonly signal?: AbortSignal | undefined;
}

/** The error of an offset that somebody else has committed. */
export function progressUnreadable(id: string, metadata: string, cause: unknown): DependencyError {
  return new DependencyError({
    code: "kafka.progress-unreadable",
    cannot: "resume the run",
    found: `somebody else has committed an offset of group ${id}: its metadata is '${metadata}'`,
    todo: AS_A_NEW_RUN,
    cause,
  });
}

const AS_A_NEW_RUN =
  "Give the run up and score its inputs as a new one: deno task inference runs " +
  "abandon RUN, then deno task inference runs replay RUN";

/** See the module's description. */
export class ExactlyOnceProducer {
  readonly #options: ProducerOptions;
  #session: Session | undefined;
  #partitions: ReadonlyMap<string, number> | undefined;

  /** Connects to nothing yet. */
  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  /**
   * Makes a transaction happen that leads from one progress to the next.
   *
   * @param happened Given the progress after each initialisation: true if the transaction happened.
   *   It throws if the transaction must not happen any more.
   * @param next The transaction; asked again before every attempt.
   * @throws {DependencyError} `kafka.publish-failed` or a permanent failure
   */
  async commit(
    happened: (committed: Committed | undefined) => boolean,
    next: () => { readonly messages: readonly TopicMessages[]; readonly committed: Committed },
  ): Promise<void> {
    const { delivered, timeouts, log, id, signal } = this.#options;
    const end = Date.now() + timeouts.patience;
    for (let attempt = 0;; attempt++) {
      try {
        const session = this.#session;
        if (session === undefined) {
          if (happened(await this.#initialise())) return;
          continue;
        }
        const { messages, committed: { offset, metadata } } = next();
        const progress = { offset, metadata: JSON.stringify(metadata) };
        const bytes = await session.transact(messages, progress);
        const count = messages.reduce((sum, { messages }) => sum + messages.length, 0);
        delivered.committed(count, bytes);
        return;
      } catch (error) {
        delivered.failed();
        await this.#discard(error);
        signal?.throwIfAborted();
        if (Date.now() > end) throw this.#givenUp(error, attempt + 1);
        log.warn("publishing failed; reading the progress, then trying again", {
          id,
          attempt: attempt + 1,
          error: messageOf(error),
        });
        await unlessAborted(signal, pause(attempt));
      }
    }
  }

  /** Releases the connections; an open transaction is left to time out or to the next attempt. */
  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  async #initialise(): Promise<Committed | undefined> {
    const { settings, timeouts, log, id, topic, otherTopics = [], delivered } = this.#options;
    const cluster = new Cluster({ settings, timeouts, log });
    try {
      const opened = await within(
        timeouts.start,
        unlessAborted(
          this.#options.signal,
          Session.open({
            cluster,
            id,
            progressTopic: topic,
            topics: [topic, ...otherTopics],
            batchBytes: this.#options.batchBytes ?? new Map(),
            compression: this.#options.compression ?? "none",
            transactionTimeout: timeouts.transaction,
            sendTimeout: timeouts.send,
            waitTimeout: timeouts.wait,
            onRetry: (reason) => {
              delivered.retried();
              log.debug("sending again", { id, reason });
            },
          }),
        ),
      );
      this.#session = opened.session;
      this.#checkPartitions(opened.session.partitions);
      const { committed } = opened;
      if (committed === undefined) return undefined;
      return { offset: committed.offset, metadata: this.#parse(committed) };
    } catch (error) {
      cluster.close();
      throw error;
    }
  }

  /** With other partitions than before, a key would change its partition in the middle of a run. */
  #checkPartitions(partitions: ReadonlyMap<string, number>): void {
    for (const [topic, before] of this.#partitions ?? []) {
      const now = partitions.get(topic);
      if (now === before) continue;
      throw new DependencyError({
        code: "kafka.partitions-changed",
        cannot: "go on publishing",
        found: `topic ${topic} had ${before} partitions and now has ${now}`,
        todo: AS_A_NEW_RUN,
        place: { topic },
      });
    }
    this.#partitions = partitions;
  }

  #parse({ metadata }: CommittedOffset): unknown {
    try {
      return JSON.parse(metadata);
    } catch (error) {
      throw progressUnreadable(this.#options.id, metadata, error);
    }
  }

  /** Ends the session. @throws the error, if trying again cannot help */
  async #discard(error: unknown): Promise<void> {
    const { connection, topic } = this.#options;
    const session = this.#session;
    this.#session = undefined;
    const final = permanentFailure(error, {
      cannot: "publish to Kafka",
      client: { connection },
      topic,
    });
    // Nothing follows it, so aborting is sound, and consumers need not wait for the time-out.
    if (final !== undefined && session !== undefined) {
      await within(5_000, session.abort()).catch(() => {});
    }
    session?.close();
    if (final !== undefined) throw final;
  }

  #givenUp(error: unknown, attempts: number): PlatformError {
    const { connection: { bootstrapServers }, timeouts: { patience } } = this.#options;
    return new DependencyError({
      code: "kafka.publish-failed",
      cannot: "publish to Kafka",
      found: `${attempts} attempts in ${patience / 1000} s failed, the last one with ` +
        `'${messageOf(error)}'`,
      todo: `Look after the brokers (${bootstrapServers}) or, if they are just too slow for so ` +
        "large transactions, give a lower --batch-size; then run the same command again to go on",
      place: { url: bootstrapServers },
      cause: error,
    });
  }
}
