/**
 * What the jobs of an execution wrote, from CloudWatch.
 *
 * @module
 */
import type { Aws } from "./aws.ts";
import type { Job } from "./jobs.ts";
import { logGroup } from "./names.ts";

/** One line of a job's log. */
export interface LogLine {
  /** When it was written. */
  readonly time: Date;
  /** Which machine's, as CloudWatch names its stream. */
  readonly stream: string;
  /** Without the end of the line. */
  readonly text: string;
}

/** The last lines of a job, of all its machines, the oldest first. */
export async function tailLog(aws: Aws, job: Job, most: number): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for (const stream of await streamsOf(aws, job)) {
    const { events = [] } = await aws.logs(
      "GetLogEvents",
      `read the log of ${job.name}`,
      (client) =>
        client.getLogEvents({
          logGroupName: logGroup(job.kind),
          logStreamName: stream,
          limit: Math.min(most, 10_000),
          startFromHead: false,
        }),
    );
    lines.push(...events.map((event) => line(stream, event.timestamp, event.message)));
  }
  return lines.toSorted((a, b) => a.time.getTime() - b.time.getTime()).slice(-most);
}

/** All lines of a job, machine by machine, the oldest first; from a time on, if told. */
export async function* readLog(aws: Aws, job: Job, since?: Date): AsyncGenerator<LogLine> {
  for (const stream of await streamsOf(aws, job)) {
    let token: string | undefined;
    while (true) {
      const page = await aws.logs(
        "GetLogEvents",
        `read the log of ${job.name}`,
        (client) =>
          client.getLogEvents({
            logGroupName: logGroup(job.kind),
            logStreamName: stream,
            startFromHead: true,
            ...(since === undefined ? {} : { startTime: since.getTime() }),
            ...(token === undefined ? {} : { nextToken: token }),
          }),
      );
      for (const event of page.events ?? []) yield line(stream, event.timestamp, event.message);
      // At the end CloudWatch gives the token back that it was given.
      if (page.nextForwardToken === undefined || page.nextForwardToken === token) break;
      token = page.nextForwardToken;
    }
  }
}

async function streamsOf(aws: Aws, job: Job): Promise<string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await aws.logs(
      "DescribeLogStreams",
      `find the log of ${job.name}`,
      (client) =>
        client.describeLogStreams({
          logGroupName: logGroup(job.kind),
          logStreamNamePrefix: `${job.name}/`,
          ...(token === undefined ? {} : { nextToken: token }),
        }),
    );
    names.push(...(page.logStreams ?? []).flatMap(({ logStreamName }) => logStreamName ?? []));
    token = page.nextToken;
  } while (token !== undefined);
  return names;
}

function line(stream: string, timestamp: number | undefined, message: string | undefined): LogLine {
  return { time: new Date(timestamp ?? 0), stream, text: (message ?? "").trimEnd() };
}
