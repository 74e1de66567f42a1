/**
 * What is said of Kafka is so: each way in which a cluster can be unfit is told by the right step, and
 * what users may do, how fast a topic grows and how far its readers are is what Kafka's own tools and
 * readers say.
 */
import assert from "node:assert/strict";
import {
  checkKafka,
  grantsOf,
  type KafkaConnection,
  type KafkaHealth,
  type KafkaStep,
  openMonitor,
} from "../jobs/lib/kafka/mod.ts";
import { silentLog } from "../jobs/lib/log.ts";
import { task } from "./job/task.ts";
import { countValid, javaConsumer, pythonConsumer, valuesIn } from "./kafka_health/consumers.ts";
import { misses } from "./kafka_health/misses.ts";
import { commitOffsets, monitorOnce, stopAfterLines } from "./kafka_health/observed.ts";
import { score, train } from "./kafka_health/predictions.ts";
import { blackHole, tlsServer, unusedPort } from "./kafka_health/servers.ts";
import {
  makeUser,
  replaceGrants,
  runAclCommands,
  signedIn,
  without,
} from "./kafka_health/users.ts";
import { asAdmin, makeTopics } from "./publishing/kafka_admin.ts";
import { KAFKA, readCommitted } from "./publishing/kafka_tools.ts";

const ID = crypto.randomUUID().slice(0, 8);
const TOPIC = `health-${ID}`;
const LOCAL = { bootstrapServers: KAFKA.bootstrapServers };

// Connections of kafkajs's administration leave timers.
const test = (name: string, fn: (t: Deno.TestContext) => Promise<void>) =>
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });

Deno.test.beforeAll(() => makeTopics(TOPIC));

test("checkKafka(): each way to miss a cluster fails at its step, and what needs it is skipped", async (t) => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using hole = await blackHole();
  const cases = misses({ silent: silent.addr.port, hole: hole.port });
  // All at once: some wait.
  const found = await Promise.all(
    cases.map(([, connection]) => check(connection, { timeout: 7_000 })),
  );
  silent.close();
  for (const [index, [about, , name, message, remedy]] of cases.entries()) {
    await t.step(about, () => {
      const health = found[index] as KafkaHealth;
      assert.equal(health.status, "fail");
      const failed = health.steps.filter(({ verdict }) => verdict === "fail");
      assert.deepEqual(failed.map((step) => step.name), [name]);
      assert.match(failed[0]?.found ?? "", message);
      assert.match(failed[0]?.remedy ?? "", remedy);
      const after = health.steps.slice(health.steps.findIndex((step) => step.name === name) + 1);
      assert.ok(after.every(({ verdict }) => verdict === "skipped"));
      assert.equal(health.steps.length, 10);
    });
  }
});

test("checkKafka(): certificates that have ended, end soon or are for another host", async () => {
  const verdict = async (host: string, days: number) => {
    await using server = await tlsServer(host, days);
    const { bootstrapServers, caFile } = server;
    return step(await check({ bootstrapServers, securityProtocol: "SSL", caFile }), "tls");
  };
  const [ended, soon, other, good] = await Promise.all([
    verdict("localhost", -1),
    verdict("localhost", 12),
    verdict("broker.example", 300),
    verdict("localhost", 40),
  ]);
  assert.equal(ended.verdict, "fail");
  assert.match(ended.found, /expired/);
  assert.equal(soon.verdict, "warn");
  assert.match(soon.found, /ends in 12 days/);
  assert.equal(other.verdict, "fail");
  assert.match(other.found, /another host name/);
  assert.equal(good.verdict, "ok");
  assert.match(good.found, /40 days/);
});

test("checkKafka(): one of several bootstrap servers suffices, with a warning", async () => {
  const dead = `127.0.0.1:${unusedPort()}`;
  const health = await check({ bootstrapServers: `${dead},${LOCAL.bootstrapServers}` });
  assert.equal(health.status, "warn");
  assert.equal(step(health, "tcp").verdict, "warn");
  assert.ok(step(health, "tcp").found.includes(dead));
});

test("checkKafka(): it ends in its time", async () => {
  await using hole = await blackHole();
  const started = performance.now();
  const health = await check({ bootstrapServers: `127.0.0.1:${hole.port}` }, { timeout: 300 });
  assert.equal(step(health, "tcp").verdict, "fail");
  assert.ok(performance.now() - started < 4_000);
});

test("checkKafka(): each missing permission is told, none is missed, and nothing is written", async (t) => {
  const user = await makeUser(`checker-${ID}`);
  const principal = `User:${user.username}`;
  const connection = signedIn(user);
  const topic = `rights-${ID}`;
  await makeTopics(topic);
  const options = { topic, environment: ID, pipeline: "inference" };
  const { producer } = grantsOf({
    ...options,
    producer: principal,
    consumer: principal,
    consumerGroups: topic,
  });
  const prefix = `${ID}.inference.`;
  const missing = [
    ["topic", topic, "Write", "write", "fail"],
    ["topic", `${topic}.dead-letter`, "Write", "write", "fail"],
    ["topic", `${topic}.runs`, "Write", "write", "fail"],
    ["topic", topic, "Read", "progress", "fail"],
    ["topic", `${topic}.runs`, "Read", "progress", "fail"],
    ["topic", `${topic}.dead-letter`, "DescribeConfigs", "topics", "warn"],
    ["transactional-id", prefix, "Write", "transactions", "fail"],
    ["group", prefix, "Read", "progress", "fail"],
  ] as const;
  const verdicts = (health: KafkaHealth) =>
    health.steps.filter(({ verdict }) => verdict === "fail" || verdict === "warn")
      .map(({ name, verdict }) => `${name} ${verdict}`);
  for (const [kind, name, operation, expected, verdict] of missing) {
    await t.step(`without ${operation} on ${kind} ${name.replace(ID, "…")}`, async () => {
      await replaceGrants(principal, without(producer, kind, name, operation));
      const health = await check(connection, options);
      assert.deepEqual(verdicts(health), [`${expected} ${verdict}`]);
      assert.match(step(health, expected).remedy ?? "", new RegExp(operation));
    });
  }
  await t.step("without any", async () => {
    await replaceGrants(principal, []);
    const health = await check(connection, options);
    assert.deepEqual(verdicts(health), ["topics fail", "transactions fail", "progress fail"]);
  });
  await t.step("with those that create-topics prints, made by Kafka's own tool", async () => {
    const printed = await task("inference", [
      "create-topics",
      "--dry-run",
      `--environment=${ID}`,
      `--producer-principal=${principal}`,
      `--kafka-output-topic=${topic}`,
      `--kafka-bootstrap-servers=${KAFKA.bootstrapServers}`,
    ]);
    assert.equal(printed.code, 0, printed.log);
    const lines = printed.summary["acls"] as string[];
    const ours = lines.filter((line) => line.includes(principal));
    assert.equal(ours.length, 4);
    await runAclCommands(ours);
    const health = await check(connection, options);
    assert.deepEqual(verdicts(health), []);
    assert.equal(health.status, "ok");
  });
  await asAdmin(async (admin) => {
    for (const name of [topic, `${topic}.dead-letter`, `${topic}.runs`]) {
      const offsets = await admin.fetchTopicOffsets(name);
      assert.ok(offsets.every(({ high }) => high === "0"), `something was written to ${name}`);
    }
    const { groups } = await admin.listGroups();
    assert.ok(!groups.some(({ groupId }) => groupId.startsWith(prefix)));
  });
});

test("checkKafka(): topics that do not fit are told", async () => {
  const topic = `unfit-${ID}`;
  await asAdmin((admin) =>
    admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          configEntries: [
            { name: "min.insync.replicas", value: "2" },
            { name: "max.message.bytes", value: "1000" },
          ],
        },
        { topic: `${topic}.runs` },
      ],
    })
  );
  const { found } = step(await check(LOCAL, { topic }), "topics");
  assert.match(found, /wants 2 copies in sync and has 1/);
  assert.match(found, /at most 1000 bytes/);
  assert.match(found, /no topic unfit-\w+\.dead-letter/);
});

test("check-kafka: exit 0 and all steps as JSON, or exit 4 and the failed step's remedy", async () => {
  const args = (servers: string) => [
    "check-kafka",
    `--kafka-bootstrap-servers=${servers}`,
    `--kafka-output-topic=${TOPIC}`,
  ];
  const [good, bad, usage] = await Promise.all([
    task("inference", args(KAFKA.bootstrapServers)),
    task("inference", args(`127.0.0.1:${unusedPort()}`)),
    task("inference", ["check-kafka", "--kafka-bootstrap-servers=localhost"]),
  ]);
  assert.equal(good.code, 0, good.log);
  assert.equal(good.summary["status"], "ok");
  assert.equal((good.summary["steps"] as unknown[]).length, 10);
  assert.equal(bad.code, 4, bad.log);
  assert.equal(bad.summary["status"], "fail");
  assert.match(bad.log, /Cannot publish to Kafka \(step tcp\): .*refused.* Check that the broker/i);
  assert.equal(usage.code, 2, usage.log);
});

test("openMonitor(): speed, size, lag and dead letters are what was published and read", async () => {
  const topic = `monitored-${ID}`;
  await makeTopics(topic);
  const { Kafka, logLevel } = await import("kafkajs");
  const kafka = new Kafka({ brokers: [KAFKA.bootstrapServers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const send = (count: number, name = topic) =>
    producer.send({
      topic: name,
      messages: Array.from({ length: count }, (_, i) => ({ key: `${i}`, value: "x".repeat(100) })),
    });
  await send(300);
  const signal = new AbortController().signal;
  const monitor = await openMonitor({
    connection: LOCAL,
    topic,
    interval: 500,
    log: silentLog,
    signal,
  });
  const before = await monitor.next();
  assert.equal(before.offsets, 300);
  assert.equal(before.messages_per_second, 0);
  assert.ok((before.bytes ?? 0) > 30_000);
  const next = monitor.next();
  await send(200);
  await send(5, `${topic}.dead-letter`);
  const after = await next;
  assert.equal(after.offsets, 500);
  assert.ok(after.messages_per_second > 0 && after.messages_per_second <= 400);
  assert.ok((after.bytes_per_second ?? 0) > 0);
  assert.equal(after.dead_letters.offsets, 5);
  assert.deepEqual(after.groups, []);

  const group = `readers-${ID}`;
  await commitOffsets(topic, group, 30);
  const lagging = await monitor.next();
  assert.deepEqual(lagging.groups, [
    { group, topic, state: "Empty", partitions: 3, lag: 90 },
  ]);
  await producer.disconnect();
  monitor.close();

  const stranger = await makeUser(`stranger-${ID}`);
  await replaceGrants(`User:${stranger.username}`, [{
    principal: `User:${stranger.username}`,
    operations: ["Describe"],
    kind: "topic",
    names: [topic],
    prefixed: false,
  }]);
  const connection = signedIn(stranger);
  const limited = await openMonitor({
    connection,
    topic,
    interval: 10,
    log: silentLog,
    signal,
  });
  const seen = await limited.next();
  assert.equal(seen.offsets, 500);
  assert.equal(seen.bytes, null);
  assert.deepEqual(seen.groups, []);
  limited.close();
});

test("monitor: once, or again and again until it is stopped, and a missing topic is exit 4", async () => {
  const args = (topic: string, ...more: string[]) => [
    "monitor",
    `--kafka-bootstrap-servers=${KAFKA.bootstrapServers}`,
    `--kafka-output-topic=${topic}`,
    "--interval=1s",
    ...more,
  ];
  const watching = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "jobs/inference/main.ts", ...args(TOPIC, "--watch")],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stopped = stopAfterLines(watching, 2);
  const [once, missing] = await Promise.all([
    task("inference", args(TOPIC)),
    task("inference", args(`missing-${ID}`)),
  ]);
  assert.equal(once.code, 0, once.log);
  assert.equal(once.summary["messages_per_second"], 0);
  assert.equal(missing.code, 4, missing.log);
  assert.match(missing.log, /has no topic/);
  const { lines, code } = await stopped;
  assert.equal(code, 0);
  assert.ok(lines.length >= 3);
  for (const line of lines) assert.equal(JSON.parse(line).topic, TOPIC);
});

test("consumers in Python and Java get each run whole, in messages as documented", async (t) => {
  const folder = await Deno.makeTempDir();
  const topic = `consumed-${ID}`;
  const [scorer, reader] = [await makeUser(`scorer-${ID}`), await makeUser(`reader-${ID}`)];
  await makeTopics(topic);
  const { producer, consumer } = grantsOf({
    topic,
    environment: ID,
    pipeline: "inference",
    producer: `User:${scorer.username}`,
    consumer: `User:${reader.username}`,
    consumerGroups: topic,
  });
  await replaceGrants(`User:${scorer.username}`, producer);
  await replaceGrants(`User:${reader.username}`, consumer);
  for (const kind of ["classes", "values"] as const) await train(folder, kind);
  const toKafka = { topic, user: scorer, environment: ID };
  const rows = await score(folder, "day", "classes", toKafka);
  await score(folder, "values", "values");
  const messages: string[] = [];
  const assertRun = (lines: readonly string[], run: string) => {
    const values = lines.map((line) => JSON.parse(line));
    assert.ok(values.every(({ run_id }) => run_id === run));
    assert.equal(lines.length, rows);
    assert.equal(new Set(values.map(({ id }) => id)).size, rows);
  };

  const readers = { python: pythonConsumer, java: javaConsumer };
  await t.step("a run, each row once", async () => {
    const both = Object.entries(readers).map(([name, read]) =>
      read(topic, `${topic}.${name}`, reader)
    );
    for (const lines of await Promise.all(both)) {
      assertRun(lines, "day");
      messages.push(...lines);
    }
  });
  await t.step("monitor shows who has yet to read the next run, and both runs", async () => {
    await score(folder, "day.r2", "classes", { ...toKafka, supersedes: "day" });
    const { groups, runs } = await monitorOnce(topic);
    for (const name of Object.keys(readers)) {
      const lag = groups.find((one) => one.topic === topic && one.group === `${topic}.${name}`)
        ?.lag;
      // Beside the messages stand the markers of four transactions, and of the last one before.
      assert.ok(lag !== undefined && lag >= rows && lag <= rows + 5 * 3, `${lag}`);
    }
    assert.deepEqual(
      runs.map(({ run, rows, accepted, complete }) => [run, rows, accepted, complete]),
      ["day", "day.r2"].map((run) => [`${ID}.inference.${run}`, rows, rows, true]),
    );
  });
  await t.step("the next run, and nothing of the first again", async () => {
    assertRun(await pythonConsumer(topic, `${topic}.python`, reader), "day.r2");
  });
  await t.step(
    "a new group that finds both records first does not wait for the old run",
    async () => {
      const lines = await pythonConsumer(topic, `${topic}.late`, reader);
      assertRun(lines, JSON.parse(lines[0] ?? "{}").run_id);
    },
  );
  await t.step("every value of classifications and regressions fits the JSON Schema", async () => {
    const values = await valuesIn(`${folder}/predictions/values`);
    assert.equal(values.length, rows);
    const all = [...messages, ...values];
    assert.equal(await countValid(all), 3 * rows);
    const wrong = JSON.stringify({ ...JSON.parse(messages[0] ?? ""), probability: 1.5 });
    await assert.rejects(countValid([wrong]));
  });
  await t.step("so do records of completion, of topics and of files", async () => {
    const records = await readCommitted(`${topic}.runs`);
    assert.deepEqual(records.map(({ key }) => key).toSorted(), ["day", "day.r2"]);
    const file = JSON.parse(
      await Deno.readTextFile(`${folder}/predictions/values/_complete.json`),
    );
    const all = [...records.map(({ value }) => value), JSON.stringify(file)];
    assert.equal(await countValid(all, "completed-run"), 3);
    await assert.rejects(countValid([JSON.stringify({ ...file, rows: -1 })], "completed-run"));
  });
  await t.step("so do dead letters", async () => {
    // Not every plane is known.
    await score(folder, "dead", "classes", undefined, "engine");
    const letters = await valuesIn(`${folder}/predictions/dead/dead-letter`);
    assert.equal(await countValid(letters, "dead-letter"), letters.length);
    assert.ok(letters.length > 0 && letters.length < rows);
    const nameless = JSON.stringify({ ...JSON.parse(letters[0] ?? ""), id: 7 });
    await assert.rejects(countValid([nameless], "dead-letter"));
  });
  await Deno.remove(folder, { recursive: true });
});

function check(
  connection: KafkaConnection,
  options: Partial<Parameters<typeof checkKafka>[0]> = {},
): Promise<KafkaHealth> {
  return checkKafka({
    connection,
    topic: TOPIC,
    environment: "test",
    pipeline: "health",
    log: silentLog,
    ...options,
  });
}

function step(health: KafkaHealth, name: KafkaStep["name"]): KafkaStep {
  const found = health.steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}
