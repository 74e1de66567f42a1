/**
 * Kafka: the connection, the topics, and a sink of predictions.
 *
 * @module
 */
export type { KafkaConnection, SaslMechanism, SecurityProtocol } from "./connection.ts";
export { kafkaSink, type KafkaSinkOptions, shardId } from "./kafka_sink.ts";
export {
  type CreatedTopic,
  createTopics,
  type CreateTopicsOptions,
  type Topics,
  topicsOf,
} from "./topics.ts";
