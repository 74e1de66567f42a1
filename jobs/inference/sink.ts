import type { Values } from "../lib/config.ts";
import { kafkaSink } from "../lib/kafka/mod.ts";
import type { Log } from "../lib/log.ts";
import { fileSink, type Sink } from "../lib/publishing/mod.ts";
import { kafkaConnection } from "./kafka.ts";
import type { sinkOptions } from "./options.ts";

/** Kafka where brokers are given, files otherwise. */
export function makeSink(
  { values, log, signal }: {
    readonly values: Values<typeof sinkOptions>;
    readonly log: Log;
    readonly signal: AbortSignal;
  },
): Sink {
  const { kafkaBootstrapServers } = values;
  if (kafkaBootstrapServers === undefined) return fileSink({ folder: values.output });
  const connection = kafkaConnection({ ...values, kafkaBootstrapServers });
  const { kafkaOutputTopic: topic, kafkaCompression: compression } = values;
  return kafkaSink({ connection, topic, compression, log, signal });
}
