/**
 * A producer whose transactions happen exactly once, made of kafkajs's producers.
 *
 * A transaction carries its progress: the offset of a consumer group named after the transactional
 * id, on partition 0 of one topic. kafkajs loses and repeats messages when it goes on after an error
 * (it rolls sequence numbers back) and its internal retries can send a batch again under a new
 * number; so it gets no retries and never goes on. After any error its producer is discarded and a
 * new one initialised. This makes the broker finish or abort the open transaction before it answers,
 * fences every older producer of the id, and only then is the progress read: it says whether the
 * transaction happened. No transaction of this id can be pending at that moment, and no other id
 * writes to this group, so the offset needs no `require_stable`, which kafkajs could not ask for.
 *
 * @module
 */
import type { Admin, Producer, Transaction } from "kafkajs";
import { DependencyError, messageOf, PlatformError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Chunk } from "./chunks.ts";
import type { KafkaClient } from "./connection.ts";
import { brokerErrorType, permanentFailure } from "./failures.ts";
import { pause, within } from "./patience.ts";

/** Progress as the group's offset keeps it. */
export interface Committed {
  /** The next row. */
  readonly offset: number;
  /** Anything, as JSON of less than a kilobyte. */
  readonly metadata: unknown;
}

/** What a producer is made with. */
export interface ProducerOptions {
  /** Where to. */
  readonly client: KafkaClient;
  /** Transactional id and group. */
  readonly id: string;
  /** Topic on whose partition 0 the progress is committed. */
  readonly topic: string;
  /** Told of errors that were overcome. */
  readonly log: Log;
  /** Milliseconds until an error that comes again and again is final. */
  readonly patience: number;
}

/** An initialised producer with what was committed before. */
interface Session {
  readonly producer: Producer;
  readonly admin: Admin;
  /** Initialising opens the first transaction. */
  transaction: Transaction | undefined;
}

/** See the module's description. */
export class ExactlyOnceProducer {
  readonly #options: ProducerOptions;
  #session: Session | undefined;

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
    next: () => { readonly chunks: Iterable<Chunk>; readonly committed: Committed },
  ): Promise<void> {
    const end = Date.now() + this.#options.patience;
    for (let attempt = 0;; attempt++) {
      try {
        if (this.#session === undefined) {
          const committed = await this.#initialise();
          if (happened(committed)) return;
        }
        return await this.#attempt(next());
      } catch (error) {
        await this.#discard(error);
        if (Date.now() > end) throw this.#givenUp(error, attempt + 1);
        this.#options.log.warn("publishing failed; reading the progress, then trying again", {
          id: this.#options.id,
          attempt: attempt + 1,
          error: messageOf(error),
        });
        await pause(attempt);
      }
    }
  }

  /** Releases the connections; an open transaction is left to time out or to the next attempt. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) await disconnect(session);
  }

  async #attempt(
    { chunks, committed }: { chunks: Iterable<Chunk>; committed: Committed },
  ): Promise<void> {
    const session = this.#session;
    if (session === undefined) throw new TypeError("there is no producer");
    const { id, topic } = this.#options;
    const transaction = session.transaction ?? await session.producer.transaction();
    session.transaction = transaction;
    const { offset, metadata } = committed;
    const partition = { partition: 0, offset: `${offset}`, metadata: JSON.stringify(metadata) };
    const offsets = { consumerGroupId: id, topics: [{ topic, partitions: [partition] }] };
    // First, because it can meet the end of the transaction before, which is a reason to wait and
    // not to start again; once it is through, sending cannot meet it.
    await waitForPrevious(() => transaction.sendOffsets(offsets));
    for (const { topic, messages } of chunks) {
      await transaction.send({
        topic,
        acks: -1,
        messages: messages.map(({ key, value, headers }) => ({
          key,
          value,
          headers: { ...headers },
        })),
      });
    }
    await transaction.commit();
    session.transaction = undefined;
  }

  async #initialise(): Promise<Committed | undefined> {
    const { client: { kafka }, id } = this.#options;
    const { Partitioners } = await import("kafkajs");
    const session: Session = {
      producer: kafka.producer({
        transactionalId: id,
        transactionTimeout: 60_000,
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        retry: { retries: 0 },
      }),
      admin: kafka.admin(),
      transaction: undefined,
    };
    this.#session = session;
    return await within(40_000, this.#start(session));
  }

  async #start(session: Session): Promise<Committed | undefined> {
    const { id, topic } = this.#options;
    await Promise.all([session.producer.connect(), session.admin.connect()]);
    // InitProducerId, and only then the progress: see the module's description.
    session.transaction = await session.producer.transaction();
    const offsets = await session.admin.fetchOffsets({ groupId: id, topics: [topic] });
    const found = offsets.find((entry) => entry.topic === topic)
      ?.partitions.find(({ partition }) => partition === 0);
    if (found === undefined || Number(found.offset) < 0) return undefined;
    return { offset: Number(found.offset), metadata: this.#parse(found.metadata) };
  }

  #parse(metadata: string | null): unknown {
    try {
      return JSON.parse(metadata ?? "");
    } catch (error) {
      throw new DependencyError({
        code: "kafka.progress-unreadable",
        cannot: "resume the run",
        found: `the offset of group ${this.#options.id} has the metadata ${metadata}`,
        todo: "Somebody else has written it; score as a new run: --run-id NEW --supersedes OLD",
        cause: error,
      });
    }
  }

  /** Ends the session. @throws the error, if trying again cannot help */
  async #discard(error: unknown): Promise<void> {
    const { client, topic } = this.#options;
    const session = this.#session;
    this.#session = undefined;
    const final = permanentFailure(error, { cannot: "publish to Kafka", client, topic });
    if (session !== undefined) {
      const { transaction } = session;
      // We do not go on after this, so it is sound, and consumers need not wait for the time-out.
      if (final !== undefined && transaction?.isActive()) {
        await within(5_000, transaction.abort()).catch(() => {});
      }
      await disconnect(session);
    }
    if (final !== undefined) throw final;
  }

  #givenUp(error: unknown, attempts: number): PlatformError {
    const { client: { connection: { bootstrapServers } }, patience } = this.#options;
    return new DependencyError({
      code: "kafka.publish-failed",
      cannot: "publish to Kafka",
      found: `${attempts} attempts in ${patience / 1000} s failed, the last one with ` +
        `'${messageOf(error)}'`,
      todo: `Look after the brokers (${bootstrapServers}), then run the same command ` +
        "again to go on",
      place: { url: bootstrapServers },
      cause: error,
    });
  }
}

/** Milliseconds that the coordinator may take to finish the transaction before. */
const PREVIOUS = 20_000;

/** Tries again while the coordinator still writes the markers of the transaction before. */
async function waitForPrevious(send: () => Promise<void>): Promise<void> {
  const end = Date.now() + PREVIOUS;
  for (let attempt = 0;; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (brokerErrorType(error) !== "CONCURRENT_TRANSACTIONS" || Date.now() > end) throw error;
      await pause(attempt, 2);
    }
  }
}

async function disconnect({ producer, admin }: Session): Promise<void> {
  // A client that waits for a dead broker is left alone.
  await Promise.allSettled([
    within(2_000, producer.disconnect()),
    within(2_000, admin.disconnect()),
  ]);
}
