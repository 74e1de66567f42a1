/**
 * Requests that only look: the cluster, groups, offsets, sizes.
 *
 * @see https://kafka.apache.org/protocol
 *
 * @module
 */
import { type Api, type ApiRequest, bodyOf } from "../protocol/api.ts";
import { checkCode } from "../protocol/broker_error.ts";
import type { ByteReader } from "../protocol/bytes.ts";
import type { Address } from "../protocol/cluster_requests.ts";

const LIST_OFFSETS: Api = { name: "ListOffsets", key: 2, version: 6 };
const OFFSET_FETCH: Api = { name: "OffsetFetch", key: 9, version: 7 };
const DESCRIBE_GROUPS: Api = { name: "DescribeGroups", key: 15, version: 5 };
const LIST_GROUPS: Api = { name: "ListGroups", key: 16, version: 4 };
const DESCRIBE_LOG_DIRS: Api = { name: "DescribeLogDirs", key: 35, version: 2 };
/** Tells the brokers. */
export const DESCRIBE_CLUSTER: Api = { name: "DescribeCluster", key: 60, version: 0 };

/** Partitions of topics. */
export type Partitions = ReadonlyMap<string, readonly number[]>;

/** A number for each of some partitions of topics. */
export type ByPartition<T> = ReadonlyMap<string, ReadonlyMap<number, T>>;

/** A cluster as it describes itself. */
export interface ClusterDescription {
  /** Never changes as long as the cluster lives. */
  readonly clusterId: string;
  /** Node id of the controller, or of a broker that stands for it. */
  readonly controller: number;
  /** By node id. */
  readonly brokers: ReadonlyMap<number, Address>;
}

/** Asks for the brokers. */
export function describeCluster(): ApiRequest<ClusterDescription> {
  return {
    api: DESCRIBE_CLUSTER,
    body: bodyOf((writer) => writer.boolean(false).tags()),
    decode: (reader) => {
      reader.int32(); // throttle time
      checkCode(DESCRIBE_CLUSTER.name, reader.int16(), reader.compactNullableString());
      const clusterId = reader.compactString();
      const controller = reader.int32();
      const brokers = reader.compactArray((): [number, Address] => {
        const node = reader.int32();
        const address = { host: reader.compactString(), port: reader.int32() };
        reader.compactNullableString(); // rack
        reader.tags();
        return [node, address];
      });
      return { clusterId, controller, brokers: new Map(brokers) };
    },
  };
}

/** A group as its coordinator knows it. */
export interface GroupListing {
  /** Its id. */
  readonly group: string;
  /** `Stable`, `Empty`, … */
  readonly state: string;
}

/** Asks a broker for the groups that it coordinates and that we may describe. */
export function listGroups(): ApiRequest<GroupListing[]> {
  return {
    api: LIST_GROUPS,
    body: bodyOf((writer) => writer.compactArray([], () => {}).tags()),
    decode: (reader) => {
      reader.int32(); // throttle time
      checkCode(LIST_GROUPS.name, reader.int16());
      return reader.compactArray(() => {
        const group = reader.compactString();
        reader.compactString(); // protocol type
        const state = reader.compactString();
        reader.tags();
        return { group, state };
      });
    },
  };
}

/** Asks a group's coordinator what we may do with it: bit n stands for operation n. */
export function groupOperations(group: string): ApiRequest<number> {
  return {
    api: DESCRIBE_GROUPS,
    body: bodyOf((writer) =>
      writer.compactArray([group], (name) => writer.compactString(name)).boolean(true).tags()
    ),
    decode: (reader) => {
      reader.int32(); // throttle time
      const [operations] = reader.compactArray(() => {
        checkCode(DESCRIBE_GROUPS.name, reader.int16());
        for (const _ of ["id", "state", "protocol type", "protocol"]) reader.compactString();
        reader.compactArray(() => {
          for (const _ of ["member", "instance", "client", "host", "metadata", "assignment"]) {
            reader.compactNullableString();
          }
          reader.tags();
        });
        const operations = reader.int32();
        reader.tags();
        return operations;
      });
      return operations ?? 0;
    },
  };
}

/** An offset that a group has committed. */
export interface GroupOffset {
  /** The next one that it will read. */
  readonly offset: number;
  /** Whatever was committed with it. */
  readonly metadata: string;
}

/** Asks a group's coordinator for all offsets of the group. */
export function groupOffsets(group: string): ApiRequest<ByPartition<GroupOffset>> {
  return {
    api: OFFSET_FETCH,
    // No array stands for all topics. What is stable is of no matter to those who only look.
    body: bodyOf((writer) => writer.compactString(group).unsignedVarint(0).boolean(false).tags()),
    decode: (reader) => {
      reader.int32(); // throttle time
      const found = byPartition(reader, () => {
        const offset = Number(reader.int64());
        reader.int32(); // leader epoch
        const metadata = reader.compactString();
        checkCode(OFFSET_FETCH.name, reader.int16());
        return { offset, metadata };
      });
      checkCode(OFFSET_FETCH.name, reader.int16());
      return found;
    },
  };
}

/** Asks the leader of partitions for their first offset, or for the one after their last. */
export function listOffsets(
  which: "first" | "end",
  partitions: Partitions,
): ApiRequest<ByPartition<number>> {
  return {
    api: LIST_OFFSETS,
    body: bodyOf((writer) => {
      // No replica; aborted and open transactions count too.
      writer.int32(-1).int8(0);
      writer.compactArray([...partitions], ([topic, numbers]) => {
        writer.compactString(topic);
        writer.compactArray(
          numbers,
          (number) => writer.int32(number).int32(-1).int64(which === "first" ? -2n : -1n).tags(),
        ).tags();
      }).tags();
    }),
    decode: (reader) => {
      reader.int32(); // throttle time
      return byPartition(reader, () => {
        checkCode(LIST_OFFSETS.name, reader.int16());
        reader.int64(); // timestamp
        const offset = Number(reader.int64());
        reader.int32(); // leader epoch
        return offset;
      });
    },
  };
}

/** Asks a broker for the bytes of partitions on its disks; empty if we may not know. */
export function partitionSizes(partitions: Partitions): ApiRequest<ByPartition<number>> {
  return {
    api: DESCRIBE_LOG_DIRS,
    body: bodyOf((writer) =>
      writer.compactArray([...partitions], ([topic, numbers]) => {
        writer.compactString(topic);
        writer.compactArray(numbers, (number) => writer.int32(number)).tags();
      }).tags()
    ),
    decode: (reader) => {
      reader.int32(); // throttle time
      const disks = reader.compactArray(() => {
        checkCode(DESCRIBE_LOG_DIRS.name, reader.int16());
        reader.compactString(); // folder
        const sizes = byPartition(reader, () => {
          const size = Number(reader.int64());
          reader.int64(); // lag of a copy
          // One that is moved to another disk is there twice.
          return reader.boolean() ? 0 : size;
        });
        reader.tags();
        return sizes;
      });
      const sizes = new Map<string, Map<number, number>>();
      for (const [topic, numbers] of disks.flatMap((disk) => [...disk])) {
        const sum = sizes.get(topic) ?? new Map<number, number>();
        for (const [number, size] of numbers) sum.set(number, (sum.get(number) ?? 0) + size);
        sizes.set(topic, sum);
      }
      return sizes;
    },
  };
}

/** The shape that most answers have: topics, in them partitions, in them whatever `read` reads. */
function byPartition<T>(reader: ByteReader, read: () => T): Map<string, Map<number, T>> {
  return new Map(reader.compactArray((): [string, Map<number, T>] => {
    const topic = reader.compactString();
    const numbers = reader.compactArray((): [number, T] => {
      const entry: [number, T] = [reader.int32(), read()];
      reader.tags();
      return entry;
    });
    reader.tags();
    return [topic, new Map(numbers)];
  }));
}
