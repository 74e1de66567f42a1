/**
 * Kafka: the connection, the topics, and a sink of predictions.
 *
 * @module
 */
export type { KafkaConnection, SaslMechanism, SecurityProtocol } from "./client.ts";
export * from "./health/mod.ts";
export { kafkaSink, type KafkaSinkOptions, shardId } from "./kafka_sink.ts";
export type { Compression } from "./protocol/compression.ts";
export type { Timeouts } from "./timeouts.ts";
export {
  type CreatedTopic,
  createTopics,
  type CreateTopicsOptions,
  type Topics,
  topicsOf,
} from "./topics.ts";
