/**
 * What publishing costs: our sink, confluent-kafka (librdkafka), Java's ProducerPerformance and
 * kafkajs, in turn, on the same broker and topic (6 partitions, acks=all, transactions).
 *
 * usage: deno run -A bench/publishing/main.ts [--messages 1000000] [--bytes 200]
 *   [--transaction 10000] [--runs 3] [--clients ours,headers,confluent,confluent-headers,java,kafkajs]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTopics } from "../../jobs/lib/kafka/mod.ts";
import { engineFlagsOf } from "../../scripts/build/programs.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { kafkaJars, kafkaTools, startServices, stopServices } from "../../scripts/services/mod.ts";
import { confluentPython } from "./python.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    messages: { type: "string", default: "1000000" },
    bytes: { type: "string", default: "200" },
    transaction: { type: "string", default: "10000" },
    runs: { type: "string", default: "3" },
    clients: { type: "string", default: "ours,headers,confluent,confluent-headers,java,kafkajs" },
    /** Folder of a set of services of one's own. */
    instance: { type: "string" },
  },
});

/** What a run took. */
interface Taken {
  /** Seconds of CPU, the start of the process included. */
  readonly cpu: number;
  /** Bytes of memory at most. */
  readonly rss: number;
  /** Seconds of publishing alone. */
  readonly seconds: number;
}

const say = (line: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

const instance = values.instance === undefined ? {} : { instance: values.instance };
const { endpoints, started } = await startServices(["kafka"], { ...instance, say });
const servers = endpoints.kafka?.bootstrapServers ?? "";
try {
  const commands = await commandsOf(values.clients.split(","));
  const taken = new Map<string, Taken[]>();
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [client, command] of commands) {
      const topic = `bench-${crypto.randomUUID()}`;
      await createTopics({
        ...{ connection: { bootstrapServers: servers }, topic, partitions: 6 },
        ...{ replicationFactor: -1, log: silentLog },
      });
      const result = await measure(command(topic));
      taken.set(client, [...taken.get(client) ?? [], result]);
      say(`${client}: ${result.cpu.toFixed(2)} CPU s, ${(result.rss / 2 ** 20).toFixed(0)} MiB`);
    }
  }
  print(table(taken));
} finally {
  await stopServices(started, instance);
}

/** Each client's command line for a topic. */
async function commandsOf(
  clients: readonly string[],
): Promise<Map<string, (topic: string) => string[]>> {
  const { messages, bytes, transaction } = values;
  const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const deno = (name: string, flags: readonly string[] = []) => [
    ...[Deno.execPath(), "run", "-A", "--no-check", ...flags],
    script(name),
  ];
  // As the job runs.
  const engine = engineFlagsOf("inference");
  const rest = (topic: string) => [servers, topic, messages, bytes, transaction];
  const commands = new Map<string, (topic: string) => string[]>();
  for (const client of clients) {
    if (client === "ours") {
      commands.set(client, (topic) => [...deno("ours.ts", engine), ...rest(topic)]);
    }
    if (client === "headers") {
      commands.set(client, (topic) => [...deno("ours.ts", engine), ...rest(topic), "headers"]);
    }
    if (client === "kafkajs") {
      commands.set(client, (topic) => [...deno("with_kafkajs.ts"), ...rest(topic)]);
    }
    if (client === "confluent" || client === "confluent-headers") {
      const python = await confluentPython(say);
      const peer = [python, script("with_confluent.py")];
      const more = client === "confluent" ? [] : ["headers"];
      commands.set(client, (topic) => [...peer, ...rest(topic), ...more]);
    }
    if (client === "java") {
      const jars = await kafkaJars(say);
      const { java } = await kafkaTools();
      commands.set(client, (topic) => [
        ...[java, "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"],
        ...["-cp", `${jars}/*`, "org.apache.kafka.tools.ProducerPerformance"],
        ...["--topic", topic, "--num-records", messages, "--record-size", bytes],
        // It counts no messages: at 200 000 a second this is 10 000.
        ...["--throughput", "-1", "--transaction-duration-ms", "50"],
        ...["--command-property", `bootstrap.servers=${servers}`, "acks=all"],
      ]);
    }
  }
  return commands;
}

async function measure(command: readonly string[]): Promise<Taken> {
  const { stdout, success } = await new Deno.Command("python3", {
    args: [fileURLToPath(new URL("measure.py", import.meta.url)), ...command],
    stderr: "inherit",
  }).output();
  const measured = success ? JSON.parse(new TextDecoder().decode(stdout)) : {};
  if (measured.status !== 0) throw new Error(`${command.join(" ")} failed: ${measured.last}`);
  const { cpu, rss, last } = measured;
  return { cpu, rss, seconds: secondsOf(last) };
}

/** Our scripts say it; ProducerPerformance says records and records a second. */
function secondsOf(last: string): number {
  if (last.startsWith("{")) return JSON.parse(last).seconds;
  const [, records, rate] = /^(\d+) records sent, ([\d.]+) records\/sec/.exec(last) ?? [];
  return Number(records) / Number(rate);
}

function table(taken: ReadonlyMap<string, readonly Taken[]>): string {
  const messages = Number(values.messages);
  const rows = [...taken].map(([client, runs]) => {
    const middle = (of: (run: Taken) => number) =>
      runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0;
    return [
      client,
      (middle(({ cpu }) => cpu) / (messages / 1e6)).toFixed(2),
      Math.round(messages / middle(({ seconds }) => seconds) / 1000).toString(),
      (middle(({ rss }) => rss) / 2 ** 20).toFixed(0),
    ];
  });
  return [
    ["client", "CPU s per million", "thousand messages/s", "peak MiB"],
    ["---", "--:", "--:", "--:"],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
