import type { Values } from "../lib/config.ts";
import type { KafkaConnection } from "../lib/kafka/mod.ts";
import type { kafkaOptions } from "./options.ts";

/** The connection that the options describe. */
export function kafkaConnection(
  values: Values<typeof kafkaOptions> & { readonly kafkaBootstrapServers: string },
): KafkaConnection {
  const { kafkaSecurityProtocol, kafkaSaslMechanism, kafkaCaFile } = values;
  return {
    bootstrapServers: values.kafkaBootstrapServers,
    securityProtocol: kafkaSecurityProtocol,
    sasl: {
      mechanism: kafkaSaslMechanism,
      username: values.kafkaSaslUsername ?? "",
      password: values.kafkaSaslPassword ?? "",
    },
    ...(kafkaCaFile === undefined ? {} : { caFile: kafkaCaFile }),
  };
}
