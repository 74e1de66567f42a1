/**
 * The requests of a transactional producer.
 *
 * Versions are those of transactions "V1", which brokers from 2.8 to 4.x speak: KIP-890's V2 adds
 * partitions implicitly and moves the epoch at each commit, which saves one request, but only from
 * 4.0 on, and it protects from late writes of producers that abort and go on, which ours never do.
 *
 * @see https://kafka.apache.org/protocol
 *
 * @module
 */
import { type Api, type ApiRequest, bodyOf } from "./api.ts";
import { checkCode, CODES } from "./broker_error.ts";
import { ByteWriter } from "./bytes.ts";

const PRODUCE: Api = { name: "Produce", key: 0, version: 9 };
const OFFSET_FETCH: Api = { name: "OffsetFetch", key: 9, version: 7 };
const INIT_PRODUCER_ID: Api = { name: "InitProducerId", key: 22, version: 4 };
const ADD_PARTITIONS: Api = { name: "AddPartitionsToTxn", key: 24, version: 3 };
const ADD_OFFSETS: Api = { name: "AddOffsetsToTxn", key: 25, version: 3 };
const END_TXN: Api = { name: "EndTxn", key: 26, version: 3 };
const TXN_OFFSET_COMMIT: Api = { name: "TxnOffsetCommit", key: 28, version: 3 };

/** All of them, for whoever wants to know whether a broker speaks them. */
export const TRANSACTION_APIS: readonly Api[] = [
  PRODUCE,
  OFFSET_FETCH,
  INIT_PRODUCER_ID,
  ADD_PARTITIONS,
  ADD_OFFSETS,
  END_TXN,
  TXN_OFFSET_COMMIT,
];

/** An initialised producer. */
export interface ProducerIdentity {
  /** The transactional id. */
  readonly transactionalId: string;
  /** The broker's number for it. */
  readonly producerId: bigint;
  /** How many times it was initialised; an older epoch is fenced. */
  readonly producerEpoch: number;
}

/** Partitions by topic. */
export type Partitions = readonly {
  readonly topic: string;
  readonly partitions: readonly number[];
}[];

/** Takes the transactional id: finishes or aborts its open transaction, and fences older epochs. */
export function initProducerId(
  transactionalId: string,
  transactionTimeout: number,
): ApiRequest<ProducerIdentity> {
  return {
    api: INIT_PRODUCER_ID,
    body: bodyOf((writer) =>
      writer.compactString(transactionalId).int32(transactionTimeout).int64(-1n).int16(-1).tags()
    ),
    decode: (reader) => {
      reader.int32(); // throttle time
      checkCode(INIT_PRODUCER_ID.name, reader.int16());
      return { transactionalId, producerId: reader.int64(), producerEpoch: reader.int16() };
    },
  };
}

/** Adds partitions to the transaction. */
export function addPartitions(
  producer: ProducerIdentity,
  topics: Partitions,
): ApiRequest<void> {
  return {
    api: ADD_PARTITIONS,
    body: bodyOf((writer) => {
      identify(writer, producer);
      writer.compactArray(topics, ({ topic, partitions }) => {
        writer.compactString(topic);
        writer.compactArray(partitions, (partition) => writer.int32(partition)).tags();
      }).tags();
    }),
    decode: (reader) => {
      reader.int32(); // throttle time
      const codes = reader.compactArray(() => {
        reader.compactString();
        const codes = reader.compactArray(() => {
          reader.int32();
          const code = reader.int16();
          reader.tags();
          return code;
        });
        reader.tags();
        return codes;
      }).flat();
      // The others were then not attempted.
      const code = codes.find((code) => code !== 0 && code !== CODES.OPERATION_NOT_ATTEMPTED) ??
        codes.find((code) => code !== 0);
      checkCode(ADD_PARTITIONS.name, code ?? 0);
    },
  };
}

/** Adds a group's offsets to the transaction. */
export function addOffsets(producer: ProducerIdentity, group: string): ApiRequest<void> {
  return {
    api: ADD_OFFSETS,
    body: bodyOf((writer) => identify(writer, producer).compactString(group).tags()),
    decode: (reader) => {
      reader.int32(); // throttle time
      checkCode(ADD_OFFSETS.name, reader.int16());
    },
  };
}

/** An offset with what is kept beside it. */
export interface CommittedOffset {
  /** The offset. */
  readonly offset: number;
  /** Text of less than 4 kB. */
  readonly metadata: string;
}

/** Commits an offset as part of the transaction, on partition 0. */
export function txnOffsetCommit(
  producer: ProducerIdentity,
  group: string,
  topic: string,
  { offset, metadata }: CommittedOffset,
): ApiRequest<void> {
  return {
    api: TXN_OFFSET_COMMIT,
    body: bodyOf((writer) => {
      const { transactionalId, producerId, producerEpoch } = producer;
      writer.compactString(transactionalId).compactString(group)
        .int64(producerId).int16(producerEpoch);
      // No generation, member or instance: nobody consumes in this group.
      writer.int32(-1).compactString("").compactString(null);
      writer.compactArray([topic], (name) => {
        writer.compactString(name);
        writer.compactArray(
          [0],
          (partition) =>
            writer.int32(partition).int64(BigInt(offset)).int32(-1).compactString(metadata).tags(),
        )
          .tags();
      }).tags();
    }),
    decode: (reader) => {
      reader.int32(); // throttle time
      reader.compactArray(() => {
        reader.compactString();
        reader.compactArray(() => {
          reader.int32();
          checkCode(TXN_OFFSET_COMMIT.name, reader.int16());
          reader.tags();
        });
        reader.tags();
      });
    },
  };
}

/** Commits or aborts the transaction. */
export function endTxn(producer: ProducerIdentity, commit: boolean): ApiRequest<void> {
  return {
    api: END_TXN,
    body: bodyOf((writer) => identify(writer, producer).boolean(commit).tags()),
    decode: (reader) => {
      reader.int32(); // throttle time
      checkCode(END_TXN.name, reader.int16());
    },
  };
}

/**
 * Reads a group's offset on partition 0 of a topic.
 *
 * With `require_stable` a broker that still has an undecided transaction on it says so
 * (UNSTABLE_OFFSET_COMMIT) instead of answering with the offset before.
 *
 * @returns undefined if there is none
 */
export function offsetFetch(
  group: string,
  topic: string,
): ApiRequest<CommittedOffset | undefined> {
  return {
    api: OFFSET_FETCH,
    body: bodyOf((writer) => {
      writer.compactString(group);
      writer.compactArray([topic], (name) => {
        writer.compactString(name);
        writer.compactArray([0], (partition) => writer.int32(partition)).tags();
      });
      writer.boolean(true).tags();
    }),
    decode: (reader) => {
      reader.int32(); // throttle time
      const [found] = reader.compactArray(() => {
        reader.compactString();
        const offsets = reader.compactArray(() => {
          reader.int32();
          const offset = Number(reader.int64());
          reader.int32(); // leader epoch
          const metadata = reader.compactString();
          checkCode(OFFSET_FETCH.name, reader.int16());
          reader.tags();
          return { offset, metadata };
        });
        reader.tags();
        return offsets;
      }).flat();
      checkCode(OFFSET_FETCH.name, reader.int16());
      return found === undefined || found.offset < 0 ? undefined : found;
    },
  };
}

/** A sealed batch and where it goes. */
export interface Outgoing {
  /** The topic. */
  readonly topic: string;
  /** The partition. */
  readonly partition: number;
  /** As `RecordBatch.seal()` returns it. */
  readonly batch: Uint8Array;
}

/** What became of a batch. */
export interface Produced {
  /** The topic. */
  readonly topic: string;
  /** The partition. */
  readonly partition: number;
  /** An error code, 0 if all is well. */
  readonly code: number;
  /** The broker's own words. */
  readonly detail: string | null;
}

/** The answer to a Produce request. */
export interface ProduceAnswer {
  /** One for each batch. */
  readonly produced: readonly Produced[];
  /** Milliseconds for which a quota holds up what is sent next on this connection. */
  readonly throttle: number;
}

/** Sends batches, at most one for a partition; answered when all in-sync replicas have them. */
export function produce(
  { transactionalId }: ProducerIdentity,
  timeout: number,
  batches: readonly Outgoing[],
): ApiRequest<ProduceAnswer> {
  const byTopic = [...Map.groupBy(batches, ({ topic }) => topic)];
  const body: Uint8Array[] = [];
  let writer = new ByteWriter();
  writer.compactString(transactionalId).int16(-1).int32(timeout);
  writer.compactArray(byTopic, ([topic, batches]) => {
    writer.compactString(topic).unsignedVarint(batches.length + 1);
    for (const { partition, batch } of batches) {
      writer.int32(partition).unsignedVarint(batch.length + 1);
      body.push(writer.written, batch);
      writer = new ByteWriter();
      writer.tags();
    }
    writer.tags();
  });
  body.push(writer.tags().written);
  return {
    api: PRODUCE,
    body,
    decode: (reader) => {
      const produced = reader.compactArray(() => {
        const topic = reader.compactString();
        const partitions = reader.compactArray(() => {
          const partition = reader.int32();
          const code = reader.int16();
          reader.int64(); // base offset
          reader.int64(); // log append time
          reader.int64(); // log start offset
          const errors = reader.compactArray(() => {
            reader.int32();
            const message = reader.compactNullableString();
            reader.tags();
            return message;
          });
          const detail = reader.compactNullableString() ?? errors[0] ?? null;
          reader.tags();
          return { topic, partition, code, detail };
        });
        reader.tags();
        return partitions;
      }).flat();
      return { produced, throttle: reader.int32() };
    },
  };
}

function identify(
  writer: ByteWriter,
  { transactionalId, producerId, producerEpoch }: ProducerIdentity,
): ByteWriter {
  return writer.compactString(transactionalId).int64(producerId).int16(producerEpoch);
}
