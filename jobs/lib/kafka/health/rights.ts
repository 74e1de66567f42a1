/**
 * What brokers say that we may do with something.
 *
 * @see https://kafka.apache.org/documentation/#operations_in_kafka
 *
 * @module
 */
import type { TopicMetadata } from "../protocol/cluster_requests.ts";
import type { Finding } from "./checklist.ts";

/** Name of an operation as Kafka's tools spell it. */
export type Operation = "Read" | "Write" | "Describe" | "DescribeConfigs";

/** Numbers of operations, which are also the bits in which brokers list those that are allowed. */
const BITS: Readonly<Record<Operation, number>> = {
  Read: 3,
  Write: 4,
  Describe: 8,
  DescribeConfigs: 10,
};

/** True if the bits allow the operation; a broker that lists none has not been asked. */
export function allows(bits: number, operation: Operation): boolean {
  return (bits & 1 << BITS[operation]) !== 0;
}

/** True if the broker has listed anything. Int32's smallest number stands for "not told". */
export function isTold(bits: number): boolean {
  return bits !== -(2 ** 31);
}

/** Judges whether we may do something with those topics that are shown to us. */
export function judgeTopicRights(
  known: readonly TopicMetadata[],
  operation: Operation,
  needed: readonly string[],
): Finding {
  const topics = known.filter(({ name, code }) => needed.includes(name) && code === 0);
  if (topics.length === 0) {
    return { verdict: "skipped", found: "because no topic is there to ask about" };
  }
  const refused = topics.filter(({ operations }) =>
    isTold(operations) && !allows(operations, operation)
  );
  const untold = topics.filter(({ operations }) => !isTold(operations));
  if (refused.length > 0) {
    const names = refused.map(({ name }) => name);
    return {
      verdict: "fail",
      found: `this user may not ${operation.toLowerCase()} ${names.join(", ")}`,
      remedy: `Grant ${operation} on ${names.join(", ")}: deno task inference create-topics ` +
        "--dry-run prints the statements",
      details: { refused: names },
    };
  }
  if (untold.length > 0) {
    return {
      verdict: "warn",
      found: `the broker does not tell whether this user may ${operation.toLowerCase()}`,
      remedy: "Look at the access rules of the topics",
    };
  }
  const found = `${operation.toLowerCase()} ${topics.map(({ name }) => name).join(", ")}`;
  return { verdict: "ok", found: `this user may ${found}` };
}
