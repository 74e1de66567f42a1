/** Kafka's own console tools, which know nothing of us. */
import type { Read } from "./workload.ts";

/** Where they and the broker are, as the test runner says. */
export const KAFKA = {
  bootstrapServers: variable("ML_TEST_KAFKA"),
  sasl: variable("ML_TEST_KAFKA_SASL"),
  saslSsl: variable("ML_TEST_KAFKA_SASL_SSL"),
  ca: variable("ML_TEST_KAFKA_CA"),
};

/** Key of the records that say where reading may end. */
const END = "end-of-reading";

/** A record with where it is and what goes with it. */
export interface Located extends Read {
  readonly partition: number;
  /** `name:value,name:value`, or `NO_HEADERS`. */
  readonly headers: string;
}

/**
 * All committed records of a topic and of those named after it, each partition in order.
 *
 * A record is written to the end of each partition, and the consumer is stopped when it has seen
 * them all: what is read does not depend on how fast the machine is.
 */
export async function readCommitted(topic: string): Promise<Located[]> {
  const id = crypto.randomUUID();
  let missing = await writeEnds(topic, id);
  using consumer = startTool("org.apache.kafka.tools.consumer.ConsoleConsumer", [
    ...["--include", `${topic}.*`, "--from-beginning", "--isolation-level", "read_committed"],
    ...["--timeout-ms", "120000", "--formatter-property", "print.key=true"],
    ...["--formatter-property", "print.partition=true"],
    ...["--formatter-property", "print.headers=true"],
  ]);
  const records: Located[] = [];
  for await (const line of consumer.lines) {
    const [partition = "", headers = "", key = "", ...value] = line.split("\t");
    const record = {
      partition: Number(partition.replace("Partition:", "")),
      headers,
      key,
      value: value.join("\t"),
    };
    if (record.key !== END) records.push(record);
    else if (record.value === id && --missing === 0) return records;
  }
  throw new Error(`${missing} partitions of ${topic} could not be read to their end`);
}

/** Writes a record to each partition; returns how many there are. */
async function writeEnds(topic: string, id: string): Promise<number> {
  const { Kafka, logLevel } = await import("kafkajs");
  const kafka = new Kafka({ brokers: [KAFKA.bootstrapServers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  const names = (await admin.listTopics()).filter((name) => name.startsWith(topic));
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  await producer.sendBatch({
    topicMessages: topics.map(({ name, partitions }) => ({
      topic: name,
      messages: partitions.map(({ partitionId: partition }) => ({
        partition,
        key: END,
        value: id,
      })),
    })),
  });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  return topics.reduce((count, { partitions }) => count + partitions.length, 0);
}

/** What `kafka-consumer-groups --describe` says of a group. */
export function describeGroup(group: string): Promise<string> {
  return tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", [
    ...["--describe", "--group", group],
  ]);
}

/** The transactional ids that the brokers know, with that prefix. */
export async function transactionalIds(prefix: string): Promise<string[]> {
  const list = await tool("org.apache.kafka.tools.TransactionsCommand", ["list"]);
  return list.split("\n").map((line) => line.split(/\s+/)[0] ?? "")
    .filter((id) => id.startsWith(prefix)).sort();
}

/** Publishes with Java's producer, whose partitioner is the one to agree with. */
export async function publishWithJava(topic: string, keys: readonly string[]): Promise<void> {
  const producer = command("org.apache.kafka.tools.ConsoleProducer", [
    ...["--topic", topic, "--reader-property", "parse.key=true"],
  ], "piped").spawn();
  const writer = producer.stdin.getWriter();
  await writer.write(new TextEncoder().encode(keys.map((key) => `${key}\tvalue\n`).join("")));
  await writer.close();
  const { code, stderr } = await producer.output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
}

/** Gives a client a quota of bytes a second. */
export async function limitBytes(clientId: string, bytes: number): Promise<void> {
  await tool("kafka.admin.ConfigCommand", [
    ...["--alter", "--entity-type", "clients", "--entity-name", clientId],
    ...["--add-config", `producer_byte_rate=${bytes}`],
  ]);
}

async function tool(main: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await command(main, args).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Starts a tool; it is killed when the result goes out of scope. */
function startTool(main: string, args: readonly string[]) {
  const process = command(main, args).spawn();
  return {
    lines: linesOf(process.stdout),
    [Symbol.dispose]: () => {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function command(
  main: string,
  args: readonly string[],
  stdin: "null" | "piped" = "null",
): Deno.Command {
  return new Deno.Command(variable("ML_TEST_JAVA"), {
    args: [
      ...["-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"],
      ...["-cp", `${variable("ML_TEST_KAFKA_LIB")}/*`, main],
      ...["--bootstrap-server", KAFKA.bootstrapServers, ...args],
    ],
    stdin,
    stdout: "piped",
    stderr: "piped",
  });
}

function variable(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined) throw new Error(`${name} is not set: run deno task test publishing`);
  return value;
}
