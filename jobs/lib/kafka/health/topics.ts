/**
 * Whether topics are there and fit for predictions.
 *
 * @module
 */
import { BATCH_BYTES, LEAST_BATCH_BYTES } from "../batches.ts";
import { CODES } from "../protocol/broker_error.ts";
import type { TopicConfig, TopicMetadata } from "../protocol/cluster_requests.ts";
import { type Finding, type Verdict, worst } from "./checklist.ts";

/** Settings that matter to a producer. */
export const TOPIC_SETTINGS = ["min.insync.replicas", "max.message.bytes"] as const;

/** Judges topics by what a broker tells of them. */
export function judgeTopics(
  topics: readonly TopicMetadata[],
  configs: readonly TopicConfig[],
  brokers: number,
): Finding {
  const opinions = topics.flatMap((topic) =>
    opinionsOf(topic, configs.find((config) => config.topic === topic.name), brokers)
  );
  const verdict = worst(opinions.map(({ verdict }) => verdict));
  const details = Object.fromEntries(topics.map((topic) => {
    const config = configs.find((config) => config.topic === topic.name);
    return [topic.name, {
      exists: topic.code === 0,
      partitions: topic.partitions.length,
      replicas: fewest(topic, "replicas"),
      in_sync: fewest(topic, "inSync"),
      ...Object.fromEntries(
        TOPIC_SETTINGS.flatMap((name) => {
          const value = config?.values.get(name);
          return value ? [[name, Number(value)]] : [];
        }),
      ),
    }];
  }));
  if (verdict === "ok") {
    const found = topics.map((topic) =>
      `${topic.name} has ${topic.partitions.length} × ${fewest(topic, "replicas")}`
    ).join("; ");
    return { verdict, found: `${found} (partitions × copies)`, details };
  }
  const bad = opinions.filter((opinion) => opinion.verdict === verdict);
  return {
    verdict,
    found: bad.map(({ found }) => found).join("; "),
    remedy: [...new Set(bad.map(({ remedy }) => remedy))].join("; "),
    details,
  };
}

interface Opinion {
  readonly verdict: Verdict;
  readonly found: string;
  readonly remedy: string;
}

function opinionsOf(
  topic: TopicMetadata,
  config: TopicConfig | undefined,
  brokers: number,
): Opinion[] {
  const { name, code, partitions } = topic;
  if (code === CODES.TOPIC_AUTHORIZATION_FAILED) {
    return [fail(`${name} is not shown to this user`, `Grant Describe on ${name}`)];
  }
  if (partitions.length === 0) {
    return [fail(`there is no topic ${name}`, "Make it: deno task inference create-topics")];
  }
  const found: Opinion[] = [];
  const leaderless = partitions.filter(({ leader }) => leader < 0);
  if (leaderless.length > 0) {
    found.push(fail(
      `${leaderless.length} of ${partitions.length} partitions of ${name} have no leader`,
      "Start the brokers that have their copies",
    ));
  }
  const settings = config?.code === 0 ? config.values : undefined;
  if (settings === undefined) {
    return [
      ...found,
      warn(
        `the settings of ${name} are not shown to this user`,
        `Grant DescribeConfigs on ${name}, to have min.insync.replicas and max.message.bytes checked`,
      ),
    ];
  }
  const needed = Number(settings.get("min.insync.replicas") ?? 1);
  const limit = Number(settings.get("max.message.bytes") ?? Infinity);
  const replicas = fewest(topic, "replicas");
  if (needed > replicas) {
    found.push(fail(
      `${name} wants ${needed} copies in sync and has ${replicas}`,
      "Lower its min.insync.replicas, or add copies",
    ));
  } else if (fewest(topic, "inSync") < needed) {
    found.push(fail(
      `a partition of ${name} has ${fewest(topic, "inSync")} copies in sync of ${needed} needed`,
      "Start the brokers that have the other copies",
    ));
  } else if (needed < 2 && brokers > 1) {
    found.push(warn(
      `${name} takes messages with one copy (min.insync.replicas ${needed}, ${replicas} copies)`,
      "Give it 3 copies and min.insync.replicas=2, or the loss of a broker can lose messages",
    ));
  }
  if (limit < BATCH_BYTES) {
    const judge = limit < LEAST_BATCH_BYTES ? fail : warn;
    found.push(judge(
      `${name} takes messages, and batches of them, of at most ${limit} bytes`,
      `Raise its max.message.bytes to ${BATCH_BYTES} or more`,
    ));
  }
  return found;
}

function fewest(topic: TopicMetadata, what: "replicas" | "inSync"): number {
  const counts = topic.partitions.map((partition) => partition[what]);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

function fail(found: string, remedy: string): Opinion {
  return { verdict: "fail", found, remedy };
}

function warn(found: string, remedy: string): Opinion {
  return { verdict: "warn", found, remedy };
}
