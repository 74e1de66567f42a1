/**
 * Turns messages into sealed batches, one lane per partition.
 *
 * @module
 */
import { type PackedMessages, readVarint, sizeOfVarint } from "../publishing/mod.ts";
import type { Lane } from "./delivery.ts";
import type { Compression } from "./protocol/compression.ts";
import { partitionOf } from "./protocol/murmur2.ts";
import { RecordBatch } from "./protocol/record_batch.ts";
import type { ProducerIdentity } from "./protocol/transaction_requests.ts";

/** Messages for a topic. */
export interface TopicMessages {
  /** Where they go. */
  readonly topic: string;
  /** In order. */
  readonly messages: PackedMessages;
}

/** Most bytes of a batch: a little less than the megabyte that brokers take unless told. */
export const BATCH_BYTES = 900_000;

/** A topic that takes less than this may not take a single message. */
export const LEAST_BATCH_BYTES = 2_000;

/** What is to be known of a topic. */
export interface TopicShape {
  /** How many partitions it has. */
  readonly partitions: number;
  /** Most bytes of a batch. */
  readonly batchBytes: number;
}

/**
 * Encodes for one initialised producer: counts the sequence numbers, and reuses the buffers.
 *
 * Each partition's numbers begin at 0, grow by one a record and wrap to 0 behind 2^31 - 1.
 */
export class BatchWriter {
  readonly #producer: ProducerIdentity;
  readonly #shapes: ReadonlyMap<string, TopicShape>;
  readonly #compression: Compression;
  readonly #sequences = new Map<string, Int32Array>();
  readonly #used: RecordBatch[] = [];
  readonly #free: RecordBatch[] = [];

  /** For the topics whose shape is given. */
  constructor(
    producer: ProducerIdentity,
    shapes: ReadonlyMap<string, TopicShape>,
    compression: Compression,
  ) {
    this.#producer = producer;
    this.#shapes = shapes;
    this.#compression = compression;
  }

  /**
   * Encodes and seals. The bytes are valid until the next call, so all of them must be stored by then.
   *
   * @param timestamp Milliseconds since 1970, of all records
   * @returns no lane for partitions without messages
   */
  write(outgoing: readonly TopicMessages[], timestamp: number): Lane[] {
    this.#free.push(...this.#used.splice(0));
    return outgoing.flatMap(({ topic, messages }) => this.#writeTopic(topic, messages, timestamp));
  }

  #writeTopic(topic: string, messages: PackedMessages, timestamp: number): Lane[] {
    const shape = this.#shapes.get(topic);
    if (shape === undefined) throw new TypeError(`the producer does not know topic ${topic}`);
    const { partitions, batchBytes } = shape;
    const lanes: RecordBatch[][] = Array.from({ length: partitions }, () => []);
    const open: (RecordBatch | undefined)[] = Array.from({ length: partitions });
    const { bytes, starts, length } = messages;
    for (let index = 0; index < length; index++) {
      const start = starts[index] as number;
      const end = starts[index + 1] as number;
      const size = readVarint(bytes, start);
      const key = start + sizeOfVarint(size);
      const partition = partitionOf(bytes, key, key + size, partitions);
      if (open[partition]?.append(bytes, start, end, batchBytes)) continue;
      const batch = this.#take();
      batch.append(bytes, start, end, batchBytes);
      lanes[partition]?.push(batch);
      open[partition] = batch;
    }
    const sequences = this.#sequencesOf(topic, partitions);
    return lanes.flatMap((batches, partition) =>
      batches.length === 0 ? [] : [{
        topic,
        partition,
        batches: batches.map((batch) => {
          const sequence = sequences[partition] ?? 0;
          sequences[partition] = sequence + batch.count & 0x7fffffff;
          const { producerId, producerEpoch } = this.#producer;
          const compression = this.#compression;
          return batch.seal({ producerId, producerEpoch, sequence, timestamp, compression });
        }),
      }]
    );
  }

  #take(): RecordBatch {
    const batch = this.#free.pop() ?? new RecordBatch();
    batch.reset();
    this.#used.push(batch);
    return batch;
  }

  #sequencesOf(topic: string, partitions: number): Int32Array {
    const known = this.#sequences.get(topic);
    if (known !== undefined) return known;
    const sequences = new Int32Array(partitions);
    this.#sequences.set(topic, sequences);
    return sequences;
  }
}
