/**
 * Requests about the cluster: versions, brokers and topics, coordinators, settings of topics.
 *
 * @see https://kafka.apache.org/protocol
 *
 * @module
 */
import { type Api, type ApiRequest, bodyOf } from "./api.ts";
import { checkCode } from "./broker_error.ts";

const API_VERSIONS: Api = { name: "ApiVersions", key: 18, version: 3 };
const METADATA: Api = { name: "Metadata", key: 3, version: 9 };
const FIND_COORDINATOR: Api = { name: "FindCoordinator", key: 10, version: 3 };
const DESCRIBE_CONFIGS: Api = { name: "DescribeConfigs", key: 32, version: 4 };

/** Those that a run needs. */
export const CLUSTER_APIS: readonly Api[] = [METADATA, FIND_COORDINATOR, DESCRIBE_CONFIGS];

/** Which versions of each API a broker speaks, by the API's key. */
export type ApiVersions = Readonly<
  Record<number, { readonly minVersion: number; readonly maxVersion: number }>
>;

/** Asks a broker for the versions it speaks. */
export function apiVersions(name: string, version: string): ApiRequest<ApiVersions> {
  return {
    api: API_VERSIONS,
    body: bodyOf((writer) => writer.compactString(name).compactString(version).tags()),
    plainHeader: true,
    decode: (reader) => {
      checkCode(API_VERSIONS.name, reader.int16());
      const versions = reader.compactArray(() => {
        const entry = [
          reader.int16(),
          { minVersion: reader.int16(), maxVersion: reader.int16() },
        ] as const;
        reader.tags();
        return entry;
      });
      return Object.fromEntries(versions);
    },
  };
}

/** Where something is. */
export interface Address {
  /** Name or IP address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
}

/** A partition of a topic. */
export interface PartitionMetadata {
  /** An error code, 0 if all is well. */
  readonly code: number;
  /** Its number. */
  readonly partition: number;
  /** Node id of its leader, -1 if it has none. */
  readonly leader: number;
  /** How many copies it has. */
  readonly replicas: number;
  /** How many of them are in sync. */
  readonly inSync: number;
}

/** A topic. */
export interface TopicMetadata {
  /** An error code, 0 if all is well. */
  readonly code: number;
  /** Its name. */
  readonly name: string;
  /** Its partitions, in order. */
  readonly partitions: readonly PartitionMetadata[];
  /** What we may do with it: bit n stands for operation n of Kafka's AclOperation. */
  readonly operations: number;
}

/** The brokers and some topics. */
export interface Metadata {
  /** Never changes as long as the cluster lives. */
  readonly clusterId: string;
  /** By node id. */
  readonly brokers: ReadonlyMap<number, Address>;
  /** Those that were asked for. */
  readonly topics: readonly TopicMetadata[];
}

/** Asks for brokers and topics; makes none. */
export function metadata(topics: readonly string[]): ApiRequest<Metadata> {
  return {
    api: METADATA,
    body: bodyOf((writer) => {
      writer.compactArray(topics, (topic) => writer.compactString(topic).tags());
      // No auto-creation, no operations on the cluster, but those on the topics.
      writer.boolean(false).boolean(false).boolean(true).tags();
    }),
    decode: (reader) => {
      reader.int32(); // throttle time
      const brokers = new Map(reader.compactArray(() => {
        const entry = [
          reader.int32(),
          { host: reader.compactString(), port: reader.int32() },
        ] as const;
        reader.compactNullableString(); // rack
        reader.tags();
        return entry;
      }));
      const clusterId = reader.compactString();
      reader.int32(); // controller
      const topics = reader.compactArray(() => {
        const code = reader.int16();
        const name = reader.compactString();
        reader.boolean(); // internal
        const partitions = reader.compactArray(() => {
          const code = reader.int16();
          const partition = reader.int32();
          const leader = reader.int32();
          reader.int32(); // leader epoch
          const replicas = reader.compactArray(() => reader.int32()).length;
          const inSync = reader.compactArray(() => reader.int32()).length;
          reader.compactArray(() => reader.int32()); // offline replicas
          reader.tags();
          return { code, partition, leader, replicas, inSync };
        }).sort((one, other) => one.partition - other.partition);
        const operations = reader.int32();
        reader.tags();
        return { code, name, partitions, operations };
      });
      return { clusterId, brokers, topics };
    },
  };
}

/** What a coordinator coordinates. */
export type CoordinatorKind = "group" | "transaction";

/** Asks for the coordinator of a group or of a transactional id. */
export function findCoordinator(kind: CoordinatorKind, key: string): ApiRequest<Address> {
  return {
    api: FIND_COORDINATOR,
    body: bodyOf((writer) => writer.compactString(key).int8(kind === "group" ? 0 : 1).tags()),
    decode: (reader) => {
      reader.int32(); // throttle time
      const code = reader.int16();
      checkCode(FIND_COORDINATOR.name, code, reader.compactNullableString());
      reader.int32(); // node id
      return { host: reader.compactString(), port: reader.int32() };
    },
  };
}

/** Settings of a topic, or the error code of asking for them. */
export interface TopicConfig {
  /** An error code, 0 if all is well. */
  readonly code: number;
  /** The topic. */
  readonly topic: string;
  /** By name. */
  readonly values: ReadonlyMap<string, string | null>;
}

/** Asks for some settings of topics. */
export function describeTopics(
  topics: readonly string[],
  names: readonly string[],
): ApiRequest<TopicConfig[]> {
  return {
    api: DESCRIBE_CONFIGS,
    body: bodyOf((writer) => {
      writer.compactArray(topics, (topic) => {
        writer.int8(2).compactString(topic);
        writer.compactArray(names, (name) => writer.compactString(name)).tags();
      });
      writer.boolean(false).boolean(false).tags();
    }),
    decode: (reader) => {
      reader.int32(); // throttle time
      return reader.compactArray(() => {
        const code = reader.int16();
        reader.compactNullableString(); // message
        reader.int8(); // type
        const topic = reader.compactString();
        const values = reader.compactArray(() => {
          const entry = [reader.compactString(), reader.compactNullableString()] as const;
          reader.boolean(); // read-only
          reader.int8(); // source
          reader.boolean(); // sensitive
          reader.compactArray(() => {
            reader.compactString();
            reader.compactNullableString();
            reader.int8();
            reader.tags();
          }); // synonyms
          reader.int8(); // type
          reader.compactNullableString(); // documentation
          reader.tags();
          return entry;
        });
        reader.tags();
        return { code, topic, values: new Map(values) };
      });
    },
  };
}
