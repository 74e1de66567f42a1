/** What is to be seen by a monitor, and monitors that see it. */
import { openMonitor, type TopicActivity } from "../../jobs/lib/kafka/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { asAdmin } from "../publishing/kafka_admin.ts";
import { KAFKA } from "../publishing/kafka_tools.ts";

/** Commits offsets of a group that are so far behind the ends of the partitions. */
export async function commitOffsets(topic: string, groupId: string, behind: number): Promise<void> {
  await asAdmin(async (admin) => {
    const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => (
      { partition, offset: `${Number(high) - behind}` }
    ));
    await admin.setOffsets({ groupId, topic, partitions });
  });
}

/** One look at a topic, as the superuser. */
export async function monitorOnce(
  topic: string,
): Promise<TopicActivity> {
  const { signal } = new AbortController();
  const monitor = await openMonitor({
    connection: { bootstrapServers: KAFKA.bootstrapServers },
    topic,
    interval: 10,
    log: silentLog,
    signal,
  });
  try {
    return await monitor.next();
  } finally {
    monitor.close();
  }
}

/** Interrupts the process, as Ctrl-C does, after so many lines of its stdout. */
export async function stopAfterLines(
  process: Deno.ChildProcess,
  count: number,
): Promise<{ lines: string[]; code: number }> {
  let text = "";
  let interrupted = false;
  for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (interrupted || text.split("\n").length <= count) continue;
    interrupted = true;
    process.kill("SIGINT");
  }
  const { code } = await process.status;
  return { lines: text.trimEnd().split("\n"), code };
}
