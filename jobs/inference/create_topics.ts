import { type AnyCommand, command, type Context } from "../lib/command.ts";
import {
  aclCommand,
  createTopics,
  grantsOf,
  type IamPolicy,
  iamPolicy,
  type KafkaConnection,
  planTopics,
} from "../lib/kafka/mod.ts";
import { kafkaConnection } from "./kafka.ts";
import { createTopicsOptions } from "./kafka_health_options.ts";
import { table } from "./table.ts";

/** Makes the topics that `score` publishes to, which it never does itself. */
export const createTopicsCommand: AnyCommand = command({
  usage: "inference create-topics",
  about:
    "Make the topics of predictions, dead letters and completed runs where they are missing, " +
    "and print what producers and consumers must be allowed",
  options: createTopicsOptions,
  contract: "processing",
  channels: () => ({}),
  run: async (context) => {
    const { values, log } = context;
    const topics = await topicsOf(await kafkaConnection(values), context);
    for (const { topic, partitions, status } of topics) {
      log.info(`topic ${status}`, { topic, partitions });
    }
    const statements = statementsOf(values);
    return {
      summary: { status: values.dryRun ? "dry-run" : "done", topics, ...statements },
      ...(values.json ? {} : { text: textOf(topics, statements) }),
    };
  },
});

interface Topic {
  readonly topic: string;
  readonly partitions: number;
  readonly status: "exists" | "created" | "to be created";
}

async function topicsOf(
  connection: KafkaConnection,
  { values, log }: Context<typeof createTopicsOptions>,
): Promise<Topic[]> {
  const options = {
    connection,
    topic: values.kafkaOutputTopic,
    partitions: values.partitions,
    replicationFactor: values.replicationFactor,
    log,
  };
  if (values.dryRun) {
    const planned = await planTopics(options);
    return planned.map(({ topic, partitions, exists }) => (
      { topic, partitions, status: exists ? "exists" : "to be created" }
    ));
  }
  const created = await createTopics(options);
  return created.map(({ topic, partitions, created }) => (
    { topic, partitions, status: created ? "created" : "exists" }
  ));
}

/** Who must be allowed what, ready to be copied. */
interface Statements {
  readonly acls: readonly string[];
  readonly iam: { readonly producer: IamPolicy; readonly consumer: IamPolicy };
}

function statementsOf(values: Context<typeof createTopicsOptions>["values"]): Statements {
  const { producer, consumer } = grantsOf({
    topic: values.kafkaOutputTopic,
    environment: values.environment,
    pipeline: values.pipeline,
    producer: values.producerPrincipal,
    consumer: values.consumerPrincipal,
    consumerGroups: values.consumerGroups ?? values.kafkaOutputTopic,
  });
  return {
    acls: [...producer, ...consumer].map((grant) =>
      aclCommand(grant, values.kafkaBootstrapServers)
    ),
    iam: {
      producer: iamPolicy(producer, values.mskClusterArn),
      consumer: iamPolicy(consumer, values.mskClusterArn),
    },
  };
}

function textOf(topics: readonly Topic[], { acls, iam }: Statements): string {
  return [
    table(
      ["TOPIC", "PARTITIONS", "STATUS"],
      topics.map(({ topic, partitions, status }) => [topic, `${partitions}`, status]),
    ),
    "",
    "# Kafka's ACLs: the producer, then the consumers",
    ...acls,
    "",
    "# MSK with IAM: the producer's policy",
    JSON.stringify(iam.producer, null, 2),
    "",
    "# MSK with IAM: the consumers' policy",
    JSON.stringify(iam.consumer, null, 2),
  ].join("\n");
}
