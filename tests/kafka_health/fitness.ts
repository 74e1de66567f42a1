/**
 * What users may do in a cluster, and whether its topics fit.
 *
 * @module
 */

import assert from "node:assert/strict";
import { grantsOf, type KafkaHealth } from "../../jobs/lib/kafka/mod.ts";
import { task } from "../job/task.ts";
import { asAdmin, makeTopics } from "../publishing/kafka_admin.ts";
import { KAFKA, transactionalIds } from "../publishing/kafka_tools.ts";
import { check, ID, LOCAL, step, test, TOPIC } from "./place.ts";
import { unusedPort } from "./servers.ts";
import { makeUser, replaceGrants, runAclCommands, signedIn, without } from "./users.ts";

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
  assert.deepEqual(await transactionalIds(prefix), [`${prefix}check`]);
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
