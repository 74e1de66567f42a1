/**
 * The topic that these tests share, and the check of a connection to it.
 *
 * @module
 */

import {
  checkKafka,
  type KafkaConnection,
  type KafkaHealth,
  type KafkaStep,
} from "../../jobs/lib/kafka/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { makeTopics } from "../publishing/kafka_admin.ts";
import { KAFKA } from "../publishing/kafka_tools.ts";

/** Part of every name here. */
export const ID = crypto.randomUUID().slice(0, 8);
/** A topic with its two companions. */
export const TOPIC = `health-${ID}`;
/** Where it is. */
export const LOCAL = { bootstrapServers: KAFKA.bootstrapServers };

/** A test; connections of kafkajs's administration leave timers. */
export const test = (name: string, fn: (t: Deno.TestContext) => Promise<void>): void =>
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });

Deno.test.beforeAll(() => makeTopics(TOPIC));

/** Checks a connection to that topic, or as the options say. */
export function check(
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

/** A step of a check. */
export function step(health: KafkaHealth, name: KafkaStep["name"]): KafkaStep {
  const found = health.steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}
