import { type AnyCommand, command } from "../lib/command.ts";
import { DependencyError } from "../lib/errors.ts";
import { checkKafka, type KafkaHealth, type KafkaStep } from "../lib/kafka/mod.ts";
import { kafkaConnection } from "./kafka.ts";
import { checkKafkaOptions } from "./kafka_health_options.ts";

/** Checks everything that `score` needs of Kafka, and writes nothing to a topic. */
export const checkKafkaCommand: AnyCommand = command({
  usage: "inference check-kafka",
  about: "Check connection, topics and permissions step by step; nothing is written to a topic",
  options: checkKafkaOptions,
  contract: "processing",
  channels: () => ({}),
  run: async ({ values, log, signal, terminal }) => {
    const health = await checkKafka({
      connection: await kafkaConnection(values),
      topic: values.kafkaOutputTopic,
      environment: values.environment,
      pipeline: values.pipeline,
      timeout: values.timeout * 1000,
      log,
      signal,
      onStep: ({ name, verdict, found, remedy }) => {
        // On a terminal the list at the end says it all.
        if (terminal) return;
        const write = verdict === "warn" || verdict === "fail" ? "warn" : "info";
        log[write](`checked ${name}`, { verdict, found, remedy });
      },
    });
    const failed = health.steps.find(({ verdict }) => verdict === "fail");
    return {
      summary: {
        status: health.status,
        bootstrap_servers: values.kafkaBootstrapServers,
        security_protocol: values.kafkaSecurityProtocol,
        topic: values.kafkaOutputTopic,
        steps: health.steps,
      },
      ...(values.json ? {} : { text: listOf(health) }),
      ...(failed === undefined ? {} : { failure: failureOf(failed, values.kafkaBootstrapServers) }),
    };
  },
});

/** The steps for a person: a line each, what is to be done below. */
export function listOf({ steps, status }: KafkaHealth): string {
  const width = Math.max(...steps.map(({ name }) => name.length));
  const lines = steps.flatMap(({ name, verdict, found, remedy }) => [
    `${MARKS[verdict]} ${name.padEnd(width)}  ${verdict === "skipped" ? "skipped: " : ""}${found}`,
    ...(remedy === undefined ? [] : [`${" ".repeat(width + 4)}→ ${remedy}`]),
  ]);
  return [...lines, "", CONCLUSIONS[status]].join("\n");
}

const MARKS = { ok: "✓", warn: "!", fail: "✗", skipped: "-" } as const;

const CONCLUSIONS = {
  ok: "A run can publish.",
  warn: "A run can publish; look at the warnings.",
  fail: "A run cannot publish.",
} as const;

function failureOf({ name, found, remedy }: KafkaStep, servers: string): DependencyError {
  return new DependencyError({
    code: CODES[name],
    cannot: `publish to Kafka (step ${name})`,
    found,
    todo: remedy ?? "Look after the brokers",
    place: { url: servers },
  });
}

const CODES: Readonly<Record<KafkaStep["name"], string>> = {
  dns: "kafka.unreachable",
  tcp: "kafka.unreachable",
  tls: "kafka.tls",
  authentication: "kafka.unauthorised",
  metadata: "kafka.unreachable",
  topics: "kafka.topic-unfit",
  write: "kafka.unauthorised",
  transactions: "kafka.unauthorised",
  progress: "kafka.unauthorised",
  latency: "kafka.unreachable",
};
