import type { Values } from "../lib/config.ts";
import type { KafkaConnection } from "../lib/kafka/mod.ts";
import type { kafkaOptions } from "./options.ts";

/** The connection that the options describe. */
export function kafkaConnection(
  values: Values<typeof kafkaOptions> & { readonly kafkaBootstrapServers: string },
): KafkaConnection {
  const { kafkaSecurityProtocol, kafkaSaslMechanism, kafkaSecretArn, kafkaCaFile } = values;
  return {
    bootstrapServers: values.kafkaBootstrapServers,
    securityProtocol: kafkaSecurityProtocol,
    clientId: values.kafkaClientId,
    sasl: {
      mechanism: kafkaSaslMechanism,
      username: values.kafkaSaslUsername ?? "",
      password: values.kafkaSaslPassword ?? "",
      ...(kafkaSecretArn === undefined ? {} : { secretArn: kafkaSecretArn }),
    },
    ...(kafkaCaFile === undefined ? {} : { caFile: kafkaCaFile }),
  };
}
