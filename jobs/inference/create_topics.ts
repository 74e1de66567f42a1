import { type AnyCommand, command } from "../lib/command.ts";
import { createTopics } from "../lib/kafka/mod.ts";
import { kafkaConnection } from "./kafka.ts";
import { createTopicsOptions } from "./options.ts";

/** Makes the topics that `score` publishes to, which it never does itself. */
export const createTopicsCommand: AnyCommand = command({
  usage: "inference create-topics",
  about: "Make the topics of predictions, dead letters and completed runs where they are missing",
  options: createTopicsOptions,
  contract: "processing",
  channels: () => ({}),
  run: async ({ values, log }) => {
    const topics = await createTopics({
      connection: kafkaConnection(values),
      topic: values.kafkaOutputTopic,
      partitions: values.partitions,
      replicationFactor: values.replicationFactor,
      log,
    });
    for (const { topic, partitions, created } of topics) {
      log.info(created ? "topic created" : "topic exists", { topic, partitions });
    }
    return { summary: { status: "done", topics } };
  },
});
