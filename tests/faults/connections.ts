/**
 * Ways into a cluster, and all the ways in which it can refuse.
 */

import assert from "node:assert/strict";
import type { Cluster } from "../../scripts/services/mod.ts";
import { assertWhole, attempt, type AttemptOptions, newRun, type Run, succeeds } from "./run.ts";
import { admin, inTurns, world } from "./world.ts";

/** Listeners by the security protocol, and what they are offered. */
const LISTENERS = {
  PLAINTEXT: (cluster: Cluster) => cluster.bootstrapServers,
  SASL_PLAINTEXT: (cluster: Cluster) => cluster.saslBootstrapServers,
  SASL_SSL: (cluster: Cluster) => cluster.saslSslBootstrapServers,
  SSL: (cluster: Cluster) => cluster.sslBootstrapServers,
};

type Protocol = keyof typeof LISTENERS;

const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

function through(cluster: Cluster, protocol: Protocol, mechanism = "SCRAM-SHA-512") {
  return {
    servers: LISTENERS[protocol](cluster),
    args: protocol.endsWith("SSL") ? [`--kafka-ca-file=${cluster.caFile}`] : [],
    env: { KAFKA_SECURITY_PROTOCOL: protocol, KAFKA_SASL_MECHANISM: mechanism },
  };
}

Deno.test("score authenticates in every way that the listeners offer", async () => {
  const cluster = await (await world()).cluster("one");
  const ways: AttemptOptions[] = (Object.keys(LISTENERS) as Protocol[]).flatMap((protocol) =>
    (protocol.startsWith("SASL") ? MECHANISMS : [undefined]).map((mechanism) =>
      through(cluster, protocol, mechanism)
    )
  );
  const { topic } = await newRun({ day: "tiny" });
  await inTurns(4, ways, async (way) => {
    const run = await newRun({ day: "tiny", topic });
    await assertWhole(run, await succeeds(await attempt(run, way), run));
  });
});

/** A way to fail. */
interface Failure {
  readonly name: string;
  readonly code: string;
  /** What the message has to name. */
  readonly says: RegExp;
  /** Seconds after which it would be a hang. */
  readonly within: number;
  readonly options: AttemptOptions;
  readonly topic?: string;
}

Deno.test("score says what is wrong with the cluster, and ends with exit 4 in time", async () => {
  const { folder, ...others } = await world();
  const cluster = await others.cluster("one");
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const run = await newRun({ day: "tiny" });
  await admin(cluster, "topics", "1", "other-topic", "faults-incomplete");
  await admin(cluster, "delete-topics", "faults-incomplete.runs");
  await inTurns(4, failures(cluster, (silent.addr as Deno.NetAddr).port), async (failure) => {
    const { name, code, says, within, options, topic = run.topic } = failure;
    const begun = performance.now();
    const failing: Run = { ...run, id: `run-${crypto.randomUUID()}`, topic };
    const result = await (await attempt(failing, options)).result;
    const seconds = (performance.now() - begun) / 1000;
    assert.equal(result.code, 4, `${name}: ${result.log}`);
    const error = result.log.trimEnd().split("\n").at(-1) ?? "";
    assert.ok(error.includes(`"${code}"`), `${name}: ${error}`);
    assert.match(error, says, name);
    assert.match(error, /Cannot .*: .*\. [A-Z]/, name);
    assert.ok(!error.includes("secret"), name);
    assert.ok(seconds < within, `${name}: took ${seconds} s`);
    // Nothing was claimed, much less published.
    await assert.rejects(
      Deno.stat(`${folder}/runs/${failing.id}/shard-0.started`),
      Deno.errors.NotFound,
      name,
    );
  });
});

function failures(cluster: Cluster, silentPort: number): Failure[] {
  const password = { KAFKA_SASL_PASSWORD: "wrong" };
  const unreachable = { code: "kafka.unreachable", within: 40 };
  const unauthorised = { code: "kafka.unauthorised", within: 30 };
  const tls = through(cluster, "SASL_SSL");
  return [
    {
      ...unreachable,
      name: "nothing listens",
      says: /127\.0\.0\.1:1\b/,
      options: { servers: "127.0.0.1:1" },
    },
    {
      ...unreachable,
      name: "unknown host",
      says: /no-such-host\.invalid/,
      options: { servers: "no-such-host.invalid:9092" },
    },
    {
      ...unreachable,
      name: "accepts and never answers",
      says: new RegExp(`${silentPort}`),
      options: { servers: `127.0.0.1:${silentPort}` },
    },
    {
      ...unreachable,
      name: "TLS to a listener without",
      says: /SSL/,
      options: { ...tls, servers: cluster.bootstrapServers },
    },
    {
      ...unreachable,
      name: "no TLS to a listener with",
      says: /kafka-security-protocol/,
      options: { servers: cluster.saslSslBootstrapServers },
    },
    {
      code: "kafka.tls",
      within: 30,
      name: "unknown certificate authority",
      says: /kafka-ca-file/,
      options: { ...tls, args: [] },
    },
    ...MECHANISMS.map((mechanism) => ({
      ...unauthorised,
      name: `wrong password, ${mechanism}`,
      says: /KAFKA_SASL_PASSWORD/,
      options: { env: { KAFKA_SASL_MECHANISM: mechanism, ...password } },
    })),
    {
      ...unauthorised,
      name: "unknown user",
      says: /KAFKA_SASL_USERNAME/,
      options: { env: { KAFKA_SASL_USERNAME: "nobody" } },
    },
    {
      code: "kafka.topic-missing",
      within: 30,
      name: "no such topic",
      says: /create-topics/,
      topic: "faults-none",
      options: {},
    },
    {
      code: "kafka.topic-missing",
      within: 30,
      name: "no topic of completed runs",
      says: /faults-incomplete\.runs/,
      topic: "faults-incomplete",
      options: {},
    },
    {
      ...unauthorised,
      name: "a topic that may not be seen",
      says: /other-topic/,
      topic: "other-topic",
      options: {},
    },
    {
      ...unauthorised,
      name: "no right to the transactional id",
      says: /[Tt]ransactional/,
      options: { args: ["--environment=other"] },
    },
    {
      ...unauthorised,
      name: "no right to the group",
      says: /[Gg]roup/i,
      options: { args: ["--environment=groupless"] },
    },
  ];
}
