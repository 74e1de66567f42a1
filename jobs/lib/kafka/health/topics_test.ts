import assert from "node:assert/strict";
import type { TopicMetadata } from "../protocol/cluster_requests.ts";
import { judgeTopics } from "./topics.ts";
import { judgeVersions } from "./versions.ts";

Deno.test("judgeTopics() tells what keeps a topic from taking messages", () => {
  const cases: [
    TopicMetadata,
    Record<string, string> | undefined,
    "ok" | "warn" | "fail",
    RegExp,
  ][] = [
    [topic(), { "min.insync.replicas": "2", "max.message.bytes": "1048588" }, "ok", /t has 2 × 3/],
    [topic({ code: 3, partitions: [] }), undefined, "fail", /no topic t/],
    [topic({ code: 29, partitions: [] }), undefined, "fail", /not shown/],
    [topic(), undefined, "warn", /settings of t are not shown/],
    [topic({}, { leader: -1 }), undefined, "fail", /2 of 2 partitions of t have no leader/],
    [topic(), { "min.insync.replicas": "4" }, "fail", /wants 4 copies in sync and has 3/],
    [topic({}, { inSync: 1 }), { "min.insync.replicas": "2" }, "fail", /1 copies in sync of 2/],
    [topic(), { "min.insync.replicas": "1" }, "warn", /with one copy/],
    [topic(), { "min.insync.replicas": "2", "max.message.bytes": "9" }, "fail", /at most 9 bytes/],
    [topic(), { "min.insync.replicas": "2", "max.message.bytes": "9000" }, "warn", /9000 bytes/],
  ];
  for (const [metadata, settings, verdict, found] of cases) {
    const configs = settings === undefined
      ? []
      : [{ code: 0, topic: "t", values: new Map(Object.entries(settings)) }];
    const finding = judgeTopics([metadata], configs, 3);
    assert.equal(finding.verdict, verdict, finding.found);
    assert.match(finding.found, found);
    assert.equal(finding.remedy === undefined, verdict === "ok");
  }
});

Deno.test("judgeTopics() lets a single broker have single copies", () => {
  const configs = [{
    code: 0,
    topic: "t",
    values: new Map([["min.insync.replicas", "1"], ["max.message.bytes", "1048588"]]),
  }];
  const single = topic({}, { replicas: 1, inSync: 1 });
  assert.equal(judgeTopics([single], configs, 1).verdict, "ok");
});

Deno.test("judgeVersions() knows releases, and what a broker lacks", () => {
  const all = Object.fromEntries(
    [0, 3, 9, 10, 22, 24, 25, 26, 28, 32, 60].map((key) => [key, { minVersion: 0, maxVersion: 9 }]),
  );
  assert.match(judgeVersions(all).found, /2\.8 to 3\.6/);
  const newer = { ...all, 0: { minVersion: 3, maxVersion: 12 } };
  assert.match(judgeVersions(newer).found, /Kafka 4\.0/);
  const { verdict, found } = judgeVersions({ ...all, 22: { minVersion: 0, maxVersion: 1 } });
  assert.equal(verdict, "fail");
  assert.match(found, /InitProducerId 4/);
});

function topic(
  more: Partial<TopicMetadata> = {},
  partition: Partial<TopicMetadata["partitions"][number]> = {},
): TopicMetadata {
  const partitions = [0, 1].map((number) => (
    { code: 0, partition: number, leader: 1, replicas: 3, inSync: 3, ...partition }
  ));
  return { code: 0, name: "t", partitions, operations: 0, ...more };
}
