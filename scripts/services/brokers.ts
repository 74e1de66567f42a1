/**
 * Kafka clusters to break: brokers of any version, each a process that can be killed, frozen and
 * started again on its data and its ports. They end with the process that started them.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { ROOT } from "./folders.ts";
import { kafkaJars, kafkaTools } from "./jars.ts";
import { type Leashed, startLeashed } from "./leash.ts";
import { lastLines } from "./processes.ts";
import { accepts, freePorts, until } from "./readiness.ts";

/** What kind of cluster. */
export interface ClusterOptions {
  /** Where its data and logs go. */
  readonly folder: string;
  /** How many, each of them broker and controller; 1 unless told. Three replicate everything. */
  readonly brokers?: 1 | 3;
  /** Of Kafka; that of `pom.xml` unless told. */
  readonly version?: string;
  /** Properties beyond those of `kafka.properties`. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Told what is going on. */
  readonly say?: (line: string) => void;
}

/** One broker. */
export interface Broker {
  /** From 1. */
  readonly id: number;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it on the same data and ports, and waits until it is ready. */
  start(): Promise<void>;
}

/** A running cluster. */
export interface Cluster extends AsyncDisposable {
  /** `host:port,…` without authentication: the superuser. */
  readonly bootstrapServers: string;
  /** With SCRAM or PLAIN; users are `admin` and `scorer`, as in `kafka.sh`. */
  readonly saslBootstrapServers: string;
  /** As above, by TLS. */
  readonly saslSslBootstrapServers: string;
  /** TLS without authentication. */
  readonly sslBootstrapServers: string;
  /** Certificate of the first broker. */
  readonly caFile: string;
  /** To run Kafka's console tools. */
  readonly java: string;
  /** Their classes. */
  readonly jars: string;
  /** In the order of their ids. */
  readonly brokers: readonly Broker[];
}

/** They live for minutes: compiling better costs more than it brings, and memory has to do for many. */
const JVM = "-Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/** Starts a cluster and waits until it is ready. @throws {DependencyError} `services.not-started` */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder, brokers: count = 1, say = () => {} } = options;
  const { java, keytool } = await kafkaTools();
  const jars = await kafkaJars(say, options.version);
  const nodes = Array.from({ length: count }, (_, index) => nodeOf(index + 1, folder));
  const common = { JAVA: java, KEYTOOL: keytool, JVM };
  const start = async (node: Node, keep: boolean) => {
    await Deno.mkdir(node.folder, { recursive: true });
    await Deno.writeTextFile(node.log, "");
    const env = {
      ...common,
      ...node.ports,
      MORE: propertiesOf(node, nodes, options),
      ...(keep ? { KEEP: "yes" } : {}),
    };
    const script = `${ROOT}/scripts/services/kafka.sh`;
    const args = [script, jars, `${ROOT}/scripts/services/kafka.properties`, `${node.folder}/data`];
    node.process = await startLeashed({ command: "sh", args, env, folder: node.folder }, node.log);
    await ready(node);
  };
  const kill = async ({ process }: Node) => {
    if (!process?.alive()) return;
    Deno.kill(process.pid, "SIGKILL");
    await process.ended;
  };
  const end = async () => void await Promise.all(nodes.map(kill));
  say(`starting ${count} Kafka ${options.version ?? ""}`);
  const outcomes = await Promise.allSettled(nodes.map((node) => start(node, false)));
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") continue;
    await end();
    throw outcome.reason;
  }
  const servers = (host: string, listener: keyof Node["ports"]) =>
    nodes.map(({ ports }) => `${host}:${ports[listener]}`).join(",");
  return {
    bootstrapServers: servers("127.0.0.1", "PLAINTEXT"),
    saslBootstrapServers: servers("127.0.0.1", "SASL_PLAINTEXT"),
    saslSslBootstrapServers: servers("localhost", "SASL_SSL"),
    sslBootstrapServers: servers("localhost", "SSL"),
    caFile: `${folder}/broker-1/data/ca.pem`,
    java,
    jars,
    brokers: nodes.map((node) => ({
      id: node.id,
      kill: () => kill(node),
      start: () => start(node, true),
    })),
    [Symbol.asyncDispose]: end,
  };
}

interface Node {
  readonly id: number;
  readonly folder: string;
  readonly log: string;
  readonly ports: Readonly<
    Record<"PLAINTEXT" | "SASL_PLAINTEXT" | "SASL_SSL" | "SSL" | "CONTROLLER", string>
  >;
  process: Leashed | undefined;
}

function nodeOf(id: number, folder: string): Node {
  const [plaintext, saslPlaintext, saslSsl, ssl, controller] = freePorts(5);
  return {
    id,
    folder: `${folder}/broker-${id}`,
    log: `${folder}/broker-${id}/log.txt`,
    ports: {
      PLAINTEXT: `${plaintext}`,
      SASL_PLAINTEXT: `${saslPlaintext}`,
      SASL_SSL: `${saslSsl}`,
      SSL: `${ssl}`,
      CONTROLLER: `${controller}`,
    },
    process: undefined,
  };
}

function propertiesOf(node: Node, nodes: readonly Node[], { properties }: ClusterOptions): string {
  const voters = nodes.map(({ id, ports }) => `${id}@127.0.0.1:${ports.CONTROLLER}`);
  const copies = nodes.length;
  const inSync = Math.ceil(copies / 2);
  const all = {
    "node.id": node.id,
    "controller.quorum.voters": voters.join(","),
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": inSync,
    "default.replication.factor": copies,
    "min.insync.replicas": inSync,
    // The others notice soon that one is gone.
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 3000,
    ...properties,
  };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`).join("\n");
}

/** Seconds. */
const PATIENCE = 120;

async function ready({ id, log, ports, process }: Node): Promise<void> {
  await until(async () =>
    !process?.alive() ||
    (await Deno.readTextFile(log)).includes("Kafka Server started") &&
      await accepts(Number(ports.PLAINTEXT)), PATIENCE * 1000);
  const text = await Deno.readTextFile(log);
  if (process?.alive() && text.includes("Kafka Server started")) return;
  throw new DependencyError({
    code: "services.not-started",
    cannot: `start broker ${id}`,
    found: `${process?.alive() ? `it was not ready after ${PATIENCE} s` : "it ended"}; the end ` +
      `of its log:\n${lastLines(text, 25)}\n`,
    todo: "Mend what it says, then start again",
    place: { file: log },
  });
}
