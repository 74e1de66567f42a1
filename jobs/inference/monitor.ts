import { type AnyCommand, command, type Context, type Outcome } from "../lib/command.ts";
import { DependencyError } from "../lib/errors.ts";
import { type Monitor, openMonitor, type TopicActivity } from "../lib/kafka/mod.ts";
import { kafkaConnection } from "./kafka.ts";
import { monitorOptions } from "./kafka_health_options.ts";
import { table } from "./table.ts";

/** Shows what goes on in the topics of the predictions. */
export const monitorCommand: AnyCommand = command({
  usage: "inference monitor",
  about: "Show the topic's throughput, the lag of its consumers and the progress of its runs",
  options: monitorOptions,
  contract: "processing",
  channels: () => ({}),
  run: async (context) => {
    const { values, log, signal } = context;
    const monitor = await openMonitor({
      connection: await kafkaConnection(values),
      topic: values.kafkaOutputTopic,
      interval: values.interval,
      log,
      signal,
    });
    try {
      const activity = values.watch ? await watch(monitor, context) : await monitor.next();
      return outcomeOf(activity, values.json);
    } finally {
      monitor.close();
    }
  },
});

/** Shows one look after the other, until the process is stopped; that is no failure here. */
async function watch(
  monitor: Monitor,
  { values, log, signal, print }: Context<typeof monitorOptions>,
): Promise<TopicActivity | undefined> {
  const draw = Deno.stdout.isTerminal() && !values.json
    ? (text: string) => print(`\x1b[H\x1b[J${text}`)
    : undefined;
  let last: TopicActivity | undefined;
  while (!signal.aborted) {
    try {
      last = await monitor.next();
      if (draw === undefined) print(JSON.stringify(last));
      else draw(textOf(last));
    } catch (error) {
      if (signal.aborted) break;
      // Brokers may be started again while somebody watches.
      if (last === undefined || !(error instanceof DependencyError)) throw error;
      log.warn(error.message, { code: error.code });
    }
  }
  return last;
}

function outcomeOf(activity: TopicActivity | undefined, json: boolean): Outcome {
  if (activity === undefined) return { summary: { status: "stopped" }, text: "stopped" };
  return {
    summary: { status: "done", ...activity },
    ...(json ? {} : { text: textOf(activity) }),
  };
}

/** What was seen, for a person. */
export function textOf(activity: TopicActivity): string {
  const { topic, partitions, offsets, bytes, groups, runs } = activity;
  const { in_runs, offsets: deadOffsets } = activity.dead_letters;
  const counted = (value: number) => value.toLocaleString("en-US");
  const size = bytes === null
    ? "not shown to this user (grant Describe on the cluster)"
    : `${counted(activity.bytes_per_second ?? 0)}/s, ${counted(bytes)} on disk`;
  const facts = [
    `${topic}, ${partitions} partitions`,
    "",
    `messages      ${counted(activity.messages_per_second)}/s, ${counted(offsets)} offsets`,
    `bytes         ${size}`,
    `dead letters  ${counted(in_runs)} in the runs below; ${topic}.dead-letter has ` +
    `${counted(deadOffsets)} offsets`,
  ];
  const lags = groups.map(({ group, topic, state, lag }) => [group, topic, state, counted(lag)]);
  const progress = runs.map((run) => [
    run.run,
    counted(run.rows),
    counted(run.rows_per_second),
    counted(run.accepted),
    counted(run.dead),
    `${run.shards_done}/${run.shards}`,
    run.complete ? "complete" : run.shards_done === run.shards ? "completing" : "incomplete",
  ]);
  return [
    ...facts,
    "",
    lags.length === 0
      ? "No consumer group has read the topics yet."
      : table(["CONSUMER GROUP", "TOPIC", "STATE", "LAG"], lags),
    "",
    progress.length === 0 ? "No run is known to Kafka." : table(
      ["RUN", "ROWS", "ROWS/S", "ACCEPTED", "DEAD", "SHARDS DONE", "STATUS"],
      progress,
    ),
  ].join("\n");
}
