/**
 * Whether predictions could be published: from the brokers' names to the last permission, one step
 * at a time. Nothing is written to a topic: what is allowed is asked of the brokers, which list it
 * (authorised operations), and of transactional ids, for which no request does, one of the check's
 * own is initialised.
 *
 * @module
 */
import type { Log } from "../../log.ts";
import { Cluster } from "../cluster.ts";
import type { KafkaConnection } from "../client.ts";
import { connectionSettings } from "../connection.ts";
import { brokerErrorType } from "../failures.ts";
import { pause } from "../patience.ts";
import { BrokerError } from "../protocol/broker_error.ts";
import {
  type Address,
  type ApiVersions,
  apiVersions,
  describeTopics,
  type Metadata,
} from "../protocol/cluster_requests.ts";
import { initProducerId } from "../protocol/transaction_requests.ts";
import { allows, isTold } from "../protocol/operations.ts";
import { topicsOf } from "../topics.ts";
import { Checklist, type Finding, type Step, worst } from "./checklist.ts";
import { explain, type StepName } from "./explain.ts";
import { addressesOf, checkEach, checkNames, checkPorts } from "./reach.ts";
import { describeCluster, groupOperations } from "./requests.ts";
import { judgeTopicRights } from "./rights.ts";
import { checkTls } from "./tls.ts";
import { judgeTopics, TOPIC_SETTINGS } from "./topics.ts";
import { judgeVersions } from "./versions.ts";

/** What to check. */
export interface CheckKafkaOptions {
  /** The cluster, and who we are there. */
  readonly connection: KafkaConnection;
  /** The output topic; the others stand beside it. */
  readonly topic: string;
  /** First part of transactional ids and groups. */
  readonly environment: string;
  /** Second part of them. */
  readonly pipeline: string;
  /** For what kafkajs says. */
  readonly log: Log;
  /** Milliseconds for all steps together; 30 seconds unless told. */
  readonly timeout?: number;
  /** Told of each step once it is over. */
  readonly onStep?: (step: KafkaStep) => void;
  /** Ends the check. */
  readonly signal?: AbortSignal;
}

/** A step of the check. */
export type KafkaStep = Step<StepName>;

/** What the check has found. */
export interface KafkaHealth {
  /** The worst verdict. `warn` does not keep a run from publishing. */
  readonly status: "ok" | "warn" | "fail";
  /** All steps, in order. */
  readonly steps: readonly KafkaStep[];
}

/** Milliseconds that a transaction of ours may take; what brokers must allow. */
const TRANSACTION_TIMEOUT = 60_000;
/** Milliseconds of a round trip above which publishing is slow. */
const SLOW = 200;
const ROUND_TRIPS = 7;

/**
 * Checks a cluster. Problems of the cluster are findings, not errors.
 *
 * @throws {UsageError} `kafka.…` if the connection is not described well enough to be tried
 */
export async function checkKafka(options: CheckKafkaOptions): Promise<KafkaHealth> {
  const { connection, log, timeout = 30_000, onStep, signal } = options;
  const settings = await connectionSettings(connection);
  const servers = addressesOf(connection.bootstrapServers);
  const { securityProtocol = "PLAINTEXT" } = connection;
  const cluster = new Cluster({ settings, timeouts: { connect: 5_000, request: 10_000 }, log });
  const list = new Checklist<StepName>({
    milliseconds: timeout,
    explain: (name, error) => explain(name, error, connection, servers),
    ...(onStep === undefined ? {} : { onStep }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { ssl, sasl } = settings;
  const without = (what: string): Promise<Finding> =>
    Promise.resolve({ verdict: "skipped", found: `${securityProtocol} is without ${what}` });
  try {
    await list.take("dns", [], 6_000, () => checkNames(servers));
    await list.take("tcp", ["dns"], 6_000, () => checkPorts(servers));
    await list.take(
      "tls",
      ["tcp"],
      6_000,
      () => ssl === undefined ? without("it") : checkTls(servers, authorities(ssl)),
    );
    await list.take(
      "authentication",
      ["tls"],
      12_000,
      () => sasl === undefined ? without("it") : signIn(cluster, connection),
    );
    let brokers = 1;
    await list.take("metadata", ["authentication"], 12_000, async () => {
      const { finding, count } = await checkBrokers(cluster);
      brokers = count;
      return finding;
    });
    await checkRights(list, cluster, options, () => brokers);
  } finally {
    cluster.close();
  }
  return { status: worst(list.steps.map(({ verdict }) => verdict)), steps: list.steps };
}

/** The steps about topics, permissions and time. */
async function checkRights(
  list: Checklist<StepName>,
  cluster: Cluster,
  { topic, environment, pipeline }: CheckKafkaOptions,
  brokers: () => number,
): Promise<void> {
  const { predictions, deadLetters, runs } = topicsOf(topic);
  const prefix = `${environment}.${pipeline}.`;
  const id = `${prefix}check`;
  let known: Metadata["topics"] = [];
  await list.take("topics", ["metadata"], 10_000, async () => {
    known = (await cluster.metadata([predictions, deadLetters, runs])).topics;
    const names = known.filter(({ code }) => code === 0).map(({ name }) => name);
    const configs = names.length === 0
      ? []
      : await cluster.ask(describeTopics(names, TOPIC_SETTINGS));
    return judgeTopics(known, configs, brokers());
  });
  await list.take(
    "write",
    ["metadata"],
    1_000,
    () => Promise.resolve(judgeTopicRights(known, "Write", [predictions, deadLetters, runs])),
  );
  await list.take("transactions", ["metadata"], 15_000, () => initialise(cluster, id));
  await list.take("progress", ["metadata"], 15_000, async () => {
    const refused = await checkGroup(cluster, id, prefix);
    if (refused !== undefined) return refused;
    const finding = judgeTopicRights(known, "Read", [predictions, runs]);
    if (finding.verdict !== "ok") return finding;
    return { verdict: "ok", found: `${finding.found}, and commit offsets of group ${id}` };
  });
  await list.take("latency", ["metadata"], 10_000, () => measureLatency(cluster, predictions));
}

async function initialise(cluster: Cluster, id: string): Promise<Finding> {
  await patiently(async () => {
    const coordinator = await cluster.coordinator("transaction", id);
    await coordinator.request(initProducerId(id, TRANSACTION_TIMEOUT));
  });
  return { verdict: "ok", found: `${id} was initialised`, details: { transactional_id: id } };
}

/** Undefined if the user may commit offsets of the group, or the broker does not say. */
async function checkGroup(
  cluster: Cluster,
  id: string,
  prefix: string,
): Promise<Finding | undefined> {
  const operations = await patiently(async () =>
    await (await cluster.coordinator("group", id)).request(groupOperations(id))
  );
  if (!isTold(operations) || allows(operations, "Read")) return undefined;
  return {
    verdict: "fail",
    found: `this user may not commit offsets of group ${id}`,
    remedy: `Grant Read and Describe on the groups with the prefix ${prefix}`,
  };
}

async function measureLatency(cluster: Cluster, topic: string): Promise<Finding> {
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const start = performance.now();
    await cluster.metadata([topic]);
    times.push(performance.now() - start);
  }
  const median = times.sort((one, other) => one - other)[Math.floor(ROUND_TRIPS / 2)] ?? 0;
  const finding = {
    found: `${median.toFixed(1)} ms, the median of ${ROUND_TRIPS} round trips`,
    details: { median_ms: Number(median.toFixed(2)) },
  };
  if (median <= SLOW) return { verdict: "ok", ...finding };
  return { verdict: "warn", ...finding, remedy: "Run the job in the region of the brokers" };
}

async function signIn(cluster: Cluster, { sasl }: KafkaConnection): Promise<Finding> {
  await cluster.ask(apiVersions("ml-pipelines", "check"));
  const who = sasl?.username ? `${sasl.username}, ` : "";
  return { verdict: "ok", found: `accepted (${who}${sasl?.mechanism})` };
}

async function checkBrokers(cluster: Cluster): Promise<{ finding: Finding; count: number }> {
  const versions: ApiVersions = await cluster.ask(apiVersions("ml-pipelines", "check"));
  const speech = judgeVersions(versions);
  if (speech.verdict === "fail") return { finding: speech, count: 1 };
  const { clusterId, controller, brokers } = await cluster.ask(describeCluster());
  const addresses = new Map<string, Address>(
    [...brokers.values()].map((address) => [`${address.host}:${address.port}`, address]),
  );
  const reached = await checkEach([...addresses.keys()], {
    ask: async (name) => {
      const address = addresses.get(name);
      if (address !== undefined) await cluster.wire(address);
      return "answers";
    },
    good: () => "",
    remedy: "The brokers advertise these addresses themselves (advertised.listeners): make them " +
      "reachable from here, and start those that are down",
  });
  const details = {
    cluster_id: clusterId,
    controller,
    brokers: Object.fromEntries(
      [...brokers].map(([id, { host, port }]) => [id, `${host}:${port}`]),
    ),
    ...speech.details,
  };
  if (reached.verdict !== "ok") {
    // Its partitions cannot be written to, even if other brokers answer.
    return { finding: { ...reached, verdict: "fail", details }, count: brokers.size };
  }
  const found =
    `cluster ${clusterId}, ${brokers.size} ${brokers.size === 1 ? "broker" : "brokers"}` +
    `, controller ${controller}, ${speech.found}`;
  return { finding: { ...speech, found, details }, count: brokers.size };
}

/** Waits for coordinators that are just being found, loaded or busy. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0;; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof BrokerError) || !WAITS.has(brokerErrorType(error)) || tries > 12) {
        throw error;
      }
      await pause(tries);
    }
  }
}

const WAITS: ReadonlySet<string> = new Set([
  "CONCURRENT_TRANSACTIONS",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
]);

function authorities(ssl: true | { readonly ca: readonly string[] }): string | undefined {
  return ssl === true ? undefined : ssl.ca.join("\n");
}
