/**
 * Kafka's own console consumer, an oracle that is not ours.
 *
 * @module
 */

import { provided } from "./task.ts";

/**
 * All records of a topic that a read_committed consumer sees, in the order of each partition.
 *
 * The consumer ends when nothing has come for a while; with fewer records than are there it would
 * show less, never more.
 */
export async function readCommitted(
  servers: string,
  topic: string,
): Promise<{ key: string; value: unknown }[]> {
  const { code, stdout, stderr } = await new Deno.Command(provided("ML_TEST_JAVA"), {
    args: [
      "-cp",
      `${provided("ML_TEST_KAFKA_LIB")}/*`,
      "org.apache.kafka.tools.consumer.ConsoleConsumer",
      ...["--bootstrap-server", servers, "--topic", topic, "--from-beginning"],
      ...["--isolation-level", "read_committed", "--timeout-ms", "5000"],
      ...["--formatter-property", "print.key=true", "--formatter-property", "key.separator=\t"],
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0 && text === "") throw new Error(new TextDecoder().decode(stderr));
  return text.split("\n").filter((line) => line.includes("\t")).map((line) => {
    const [key = "", value = ""] = line.split("\t");
    return { key, value: JSON.parse(value) };
  });
}
