/**
 * Whether a user has the rights to topics that publishing needs.
 *
 * @module
 */
import type { TopicMetadata } from "../protocol/cluster_requests.ts";
import { allows, isTold, type Operation } from "../protocol/operations.ts";
import type { Finding } from "./checklist.ts";

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
