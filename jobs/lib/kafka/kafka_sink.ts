/**
 * Predictions to Kafka, exactly once for consumers that read committed messages.
 *
 * The transactional id and the group of the progress are both `<environment>.<pipeline>.<run>.<shard>`,
 * so different runs never disturb each other. An attempt takes ownership by committing a generation
 * and a name of its own as progress; from then on it reads the progress after every initialisation of
 * its producer, and another name means that another attempt has taken over since.
 *
 * @module
 */
import { z } from "zod";
import { DependencyError } from "../errors.ts";
import type { Log } from "../log.ts";
import {
  checkManifest,
  checkTransaction,
  type CompletedRun,
  Delivered,
  fenced,
  type Opened,
  PackedMessages,
  type Progress,
  type ShardIdentity,
  type Sink,
  splitTransaction,
  START,
  type Transaction,
  vanished,
} from "../publishing/mod.ts";
import { type Checked, checkTopics } from "./checks.ts";
import { Cluster } from "./cluster.ts";
import type { KafkaConnection } from "./client.ts";
import { type ConnectionSettings, connectionSettings } from "./connection.ts";
import { permanentFailure, unreachable } from "./failures.ts";
import { unlessAborted, within } from "./patience.ts";
import { type Committed, ExactlyOnceProducer, progressUnreadable } from "./producer.ts";
import type { Compression } from "./protocol/compression.ts";
import { TIMEOUTS, type Timeouts } from "./timeouts.ts";
import { type Topics, topicsOf } from "./topics.ts";

/** Where to publish. */
export interface KafkaSinkOptions {
  /** The cluster. */
  readonly connection: KafkaConnection;
  /** The output topic; `<topic>.dead-letter` and `<topic>.runs` stand beside it. */
  readonly topic: string;
  /** Told of errors that were overcome; kafkajs's own words at debug. */
  readonly log: Log;
  /** How batches are compressed; `none` unless told. */
  readonly compression?: Compression;
  /** Milliseconds that brokers may be away in the middle of a run; two minutes unless told. */
  readonly patience?: number;
  /** Other times to wait than usual. */
  readonly timeouts?: Partial<Timeouts>;
  /** Ends the wait for brokers that are away. */
  readonly signal?: AbortSignal;
}

/**
 * A sink onto a topic; see the module's description.
 *
 * @throws {DependencyError} (from its methods) `kafka.unreachable`, `kafka.unauthorised`, `kafka.tls`,
 *   `kafka.topic-missing`, `kafka.record-too-large`, `kafka.refused`, `kafka.publish-failed`
 */
export function kafkaSink(options: KafkaSinkOptions): Sink {
  const { connection, topic, log, compression = "none", signal } = options;
  const topics = topicsOf(topic);
  const timeouts: Timeouts = {
    ...TIMEOUTS,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...options.timeouts,
  };
  const delivered = new Delivered();
  let ready: Ready | undefined;
  let shard: OpenShard | undefined;
  const check = async () =>
    ready = await unlessAborted(
      signal,
      checkCluster({ connection, topics, timeouts, log }),
    );
  const opened = () => {
    if (shard === undefined || ready === undefined) throw new TypeError("the sink is not open");
    return { shard, ready };
  };
  const producer = ({ settings, batchBytes }: Ready, id: string, topic: string) =>
    new ExactlyOnceProducer({
      ...{
        connection,
        settings,
        id,
        topic,
        batchBytes,
        compression,
        log,
        timeouts,
        delivered,
        signal,
      },
      otherTopics: topic === topics.predictions ? [topics.deadLetters] : [],
    });
  return {
    uri: `kafka://${connection.bootstrapServers}/${topic}`,
    prepare: async () => {
      const { clusterId, partitions } = await check();
      return { uri: `kafka://${clusterId}/${topic}`, partitions };
    },
    open: async (identity, { started = false } = {}) => {
      const checked = ready ?? await check();
      shard = new OpenShard(identity, topics, producer(checked, shardId(identity), topic));
      return await shard.claim(started);
    },
    publish: (transaction) => opened().shard.publish(transaction),
    complete: async (run) => {
      const { shard: { identity: { environment, pipeline } }, ready } = opened();
      const id = `${environment}.${pipeline}.${run.run_id}.complete`;
      const once = producer(ready, id, topics.runs);
      try {
        await publishOnce(once, topics.runs, run);
      } finally {
        once.close();
      }
    },
    statistics: () => delivered.statistics,
    close: () => {
      shard?.close();
      shard = undefined;
      return Promise.resolve();
    },
  };
}

/** The transactional id of a shard, and the group in which its progress is. */
export function shardId({ environment, pipeline, run, shard }: ShardIdentity): string {
  return `${environment}.${pipeline}.${run}.${shard}`;
}

const shardMetadata = z.object({
  manifest: z.string(),
  gen: z.int().positive(),
  owner: z.string(),
  accepted: z.int().nonnegative(),
  dead: z.int().nonnegative(),
  done: z.boolean(),
});

/** What the shard's offset says. */
interface ShardProgress {
  readonly manifest: string;
  readonly gen: number;
  readonly owner: string;
  readonly progress: Progress;
}

class OpenShard {
  readonly identity: ShardIdentity;
  readonly #topics: Topics;
  readonly #producer: ExactlyOnceProducer;
  readonly #owner = crypto.randomUUID();
  #generation = 0;
  #progress = START;

  constructor(identity: ShardIdentity, topics: Topics, producer: ExactlyOnceProducer) {
    this.identity = identity;
    this.#topics = topics;
    this.#producer = producer;
  }

  async claim(started: boolean): Promise<Opened> {
    let resumed = false;
    await this.#producer.commit((committed) => {
      const found = this.#parse(committed);
      if (found?.owner === this.#owner) return true;
      if (found === undefined && started) throw this.#vanished();
      if (found !== undefined) checkManifest(this.identity, found.manifest);
      const generation = (found?.gen ?? 0) + 1;
      // While we tried, another attempt was faster.
      if (this.#generation !== 0 && this.#generation !== generation) throw fenced(this.identity);
      this.#generation = generation;
      this.#progress = found?.progress ?? START;
      resumed = found !== undefined;
      return false;
    }, () => ({ messages: [], committed: this.#committed(this.#progress) }));
    return { ...this.#progress, found: resumed };
  }

  async publish(transaction: Transaction): Promise<void> {
    checkTransaction(this.#progress, transaction);
    for (const part of splitTransaction(this.#progress, transaction)) await this.#publish(part);
  }

  async #publish({ messages, deadLetters, progress: after }: Transaction): Promise<void> {
    const happened = (committed: Committed | undefined) => {
      const found = this.#parse(committed);
      if (found === undefined) throw this.#vanished();
      if (found.owner !== this.#owner) throw fenced(this.identity);
      return same(found.progress, after);
    };
    try {
      await this.#producer.commit(happened, () => ({
        messages: [
          { topic: this.#topics.predictions, messages },
          { topic: this.#topics.deadLetters, messages: deadLetters },
        ],
        committed: this.#committed(after),
      }));
    } catch (error) {
      throw isTooLarge(error) ? tooLarge(error, messages) : error;
    }
    this.#progress = after;
  }

  close(): void {
    this.#producer.close();
  }

  #committed({ row, accepted, dead, done }: Progress): Committed {
    const { manifest } = this.identity;
    const metadata: z.infer<typeof shardMetadata> = {
      manifest,
      gen: this.#generation,
      owner: this.#owner,
      accepted,
      dead,
      done,
    };
    return { offset: row, metadata };
  }

  #parse(found: Committed | undefined): ShardProgress | undefined {
    if (found === undefined) return undefined;
    const { data, error } = shardMetadata.safeParse(found.metadata);
    if (data === undefined) {
      throw progressUnreadable(shardId(this.identity), JSON.stringify(found.metadata), error);
    }
    const { manifest, gen, owner, accepted, dead, done } = data;
    return { manifest, gen, owner, progress: { row: found.offset, accepted, dead, done } };
  }

  #vanished(): DependencyError {
    return vanished(this.identity, `group ${shardId(this.identity)}`);
  }
}

function isTooLarge(error: unknown): error is DependencyError {
  return error instanceof DependencyError && error.code === "kafka.record-too-large";
}

/** The broker does not say which message it was: the largest, if any. */
function tooLarge(cause: DependencyError, messages: PackedMessages): DependencyError {
  let [largest, bytes] = [0, 0];
  for (let index = 0; index < messages.length; index++) {
    const size = messages.sizeOf(index);
    if (size > bytes) [largest, bytes] = [index, size];
  }
  const key = bytes === 0 ? "" : messages.at(largest).key;
  return new DependencyError({
    code: cause.code,
    cannot: "publish to Kafka",
    found: "the broker takes no message that large; the largest of the transaction has " +
      `${bytes} bytes, and the key ${JSON.stringify(key.slice(0, SHOWN))}`,
    todo: "Raise the topic's max.message.bytes, or correct the data and score it as a new run",
    place: cause.place,
    cause,
  });
}

/** Characters of a key that a message shows. */
const SHOWN = 60;

async function publishOnce(
  producer: ExactlyOnceProducer,
  topic: string,
  run: CompletedRun,
): Promise<void> {
  const headers = { "run-id": run.run_id, "content-type": "application/json" };
  const messages = PackedMessages.of([{ key: run.run_id, value: JSON.stringify(run), headers }]);
  // The offset says that the message is there.
  await producer.commit(
    (committed) => committed !== undefined,
    () => ({ messages: [{ topic, messages }], committed: { offset: 1, metadata: {} } }),
  );
}

/** A cluster that was looked at. */
interface Ready extends Checked {
  readonly settings: ConnectionSettings;
}

async function checkCluster({ connection, topics, timeouts, log }: {
  readonly connection: KafkaConnection;
  readonly topics: Topics;
  readonly timeouts: Timeouts;
  readonly log: Log;
}): Promise<Ready> {
  const settings = await connectionSettings(connection);
  const cluster = new Cluster({ settings, timeouts, log });
  try {
    const checked = await within(20_000, checkTopics(cluster, connection, topics, log));
    return { ...checked, settings };
  } catch (error) {
    const attempted = {
      cannot: "publish to Kafka",
      client: { connection },
      topic: topics.predictions,
    };
    throw permanentFailure(error, attempted) ?? unreachable(error, attempted);
  } finally {
    cluster.close();
  }
}

function same(one: Progress, other: Progress): boolean {
  return one.row === other.row && one.accepted === other.accepted && one.dead === other.dead &&
    one.done === other.done;
}
