/** Kafka's own console tools, which know nothing of us. */
import type { Read } from "./workload.ts";

/** Where they and the broker are, as the test runner says. */
export const KAFKA = {
  bootstrapServers: variable("ML_TEST_KAFKA"),
  sasl: variable("ML_TEST_KAFKA_SASL"),
  saslSsl: variable("ML_TEST_KAFKA_SASL_SSL"),
  ca: variable("ML_TEST_KAFKA_CA"),
};

/** All committed records of a topic and of those named after it, each partition in order. */
export async function readCommitted(topic: string): Promise<Read[]> {
  const out = await tool("org.apache.kafka.tools.consumer.ConsoleConsumer", [
    ...["--include", `${topic}.*`, "--from-beginning", "--isolation-level", "read_committed"],
    ...["--timeout-ms", "5000", "--formatter-property", "print.key=true"],
  ]);
  return out.split("\n").filter((line) => line !== "").map((line) => {
    const tab = line.indexOf("\t");
    return { key: line.slice(0, tab), value: line.slice(tab + 1) };
  });
}

/** What `kafka-consumer-groups --describe` says of a group. */
export function describeGroup(group: string): Promise<string> {
  return tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", [
    ...["--describe", "--group", group],
  ]);
}

async function tool(main: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(variable("ML_TEST_JAVA"), {
    args: [
      ...["-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"],
      ...["-cp", `${variable("ML_TEST_KAFKA_LIB")}/*`, main],
      ...["--bootstrap-server", KAFKA.bootstrapServers, ...args],
    ],
  }).output();
  const decoder = new TextDecoder();
  // The consumer ends with an error when nothing more comes, so its exit code says nothing.
  const out = decoder.decode(stdout);
  if (
    out === "" && /Exception/.test(decoder.decode(stderr)) &&
    !/Timeout/.test(decoder.decode(stderr))
  ) {
    throw new Error(decoder.decode(stderr));
  }
  return out;
}

function variable(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined) throw new Error(`${name} is not set: run deno task test publishing`);
  return value;
}
