/**
 * How fast a topic grows, and how far its readers are.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openMonitor } from "../../jobs/lib/kafka/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { provided, python, task } from "../job/task.ts";
import { makeTopics } from "../publishing/kafka_admin.ts";
import { KAFKA } from "../publishing/kafka_tools.ts";
import { commitOffsets, stopAfterLines } from "./observed.ts";
import { ID, LOCAL, test, TOPIC } from "./place.ts";
import { makeUser, replaceGrants, signedIn } from "./users.ts";

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

test("monitor --watch draws one screen over the other on a terminal, until Ctrl-C", async () => {
  const found = await python("tests/kafka_health/terminal.py", [
    "2",
    ...[Deno.execPath(), "run", "-A", "jobs/inference/main.ts", "monitor", "--watch"],
    ...[`--kafka-bootstrap-servers=${KAFKA.bootstrapServers}`, `--kafka-output-topic=${TOPIC}`],
    "--interval=1s",
  ], { interpreter: provided("ML_TEST_PYTHON_KAFKA") });
  const { code, screens } = found as { code: number; screens: string[] };
  assert.equal(code, 0);
  assert.ok(screens.length >= 2);
  for (const screen of screens) {
    assert.ok(screen.includes(`${TOPIC}, 3 partitions\r\n`), screen);
    assert.match(screen, /messages +0\/s, 0 offsets\r\n/);
  }
});
