/**
 * Which run a process works on, and which part of it.
 *
 * @module
 */
import type { Hosts } from "../../lib/container/mod.ts";
import { UsageError } from "../../lib/errors.ts";

/** Shards that one process takes on. */
export interface Shards {
  /** From 0, ascending. */
  readonly own: readonly number[];
  /** How many the run has. */
  readonly count: number;
}

/** A run, as far as options name it. */
export interface RunIdentity {
  readonly id: string;
  /** The nominal time of a new run; that of a begun one stands in its manifest. */
  readonly slot: Date;
  readonly shards: Shards;
}

/** What the options say. */
export interface Named {
  readonly runId: string | undefined;
  readonly scheduledTime: Date | undefined;
  readonly shard: Shards | undefined;
}

/**
 * The run is named by `--run-id`, otherwise by its nominal time, otherwise by now to the second. The
 * shard is that of `--shard`, otherwise this host's place among the sorted hosts of the job.
 *
 * @throws {UsageError} `run.unnamed` where several processes would each name a run of their own
 */
export function identifyRun(
  { runId, scheduledTime, shard }: Named,
  hosts: Hosts | undefined,
  now: Date,
): RunIdentity {
  const shards = shard ?? {
    own: [hosts?.all.indexOf(hosts.current) ?? 0],
    count: hosts?.all.length ?? 1,
  };
  if (shards.count > 1 && runId === undefined && scheduledTime === undefined) {
    throw new UsageError({
      code: "run.unnamed",
      cannot: "share a run between processes",
      found: `this is one of ${shards.count} shards, but nothing says of which run`,
      todo: "Give every process the same --run-id or --scheduled-time",
      place: { option: "--run-id" },
    });
  }
  const slot = scheduledTime ?? new Date(Math.floor(now.getTime() / 1000) * 1000);
  return { id: runId ?? slot.toISOString().replace(".000Z", "Z"), slot, shards };
}

/** Reads `0,1,2/4`. @throws {Error} that says what is allowed */
export function parseShards(text: string): Shards {
  const [, list = "", total = ""] = /^(\d{1,4}(?:,\d{1,4})*)\/(\d{1,4})$/.exec(text) ?? [];
  const count = Number(total);
  const own = [...new Set(list.split(",").map(Number))].sort((a, b) => a - b);
  if (count < 1 || count > MOST || own.some((shard) => shard >= count)) {
    throw new Error(
      `it must be like 0/4 or 0,1/4: numbers from 0, and of how many (at most ${MOST})`,
    );
  }
  return { own, count };
}

/** As many as SageMaker gives a job hosts, and ten times that. */
const MOST = 1000;
