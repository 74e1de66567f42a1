/**
 * The options that say which run, of which data, how fast and for how long.
 *
 * @module
 */

import { flag, integer, type Options, text } from "../lib/config.ts";
import { parseShards } from "./runs/identity.ts";
import { parsePartition } from "./runs/partition.ts";

/** Where the state of runs is. */
export const runStateOptions = {
  runState: {
    about: "Folder or s3://BUCKET/PREFIX of the runs' manifests and marks",
    hint: "URI",
    parse: text(),
    fallback: "./runs",
  },
} satisfies Options;

/** What a run scores. */
export const inputOptions = {
  data: {
    about: "File or folder to score: parquet, CSV, NDJSON; s3:// and wildcards too",
    hint: "PATH",
    parse: text(),
  },
  inputUri: {
    about: "Instead of --data: where the days are, in folders day={yyyy}-{MM}-{dd} unless told",
    hint: "URI",
    parse: text(),
  },
  inputPartition: {
    about: "Folder below it for the run's slot, like day={yyyy}-{MM}-{dd} (also {HH}; UTC)",
    hint: "TEMPLATE",
    parse: parsePartition,
  },
  inputLagDays: {
    about: "How many days before the slot the partition is",
    hint: "N",
    parse: integer(0, 3660),
    fallback: "1",
  },
  allowEmpty: {
    about: "Data without a row completes the run instead of failing it",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

/** Which part of a run this process takes. */
export const shardOptions = {
  shard: {
    about: "Parts of the run that this process takes; this host's in a job of several hosts",
    hint: "I,J/N",
    parse: parseShards,
  },
} satisfies Options;

/** Which run it is. */
export const runOptions = {
  runId: {
    about: "Names the run; the same id resumes. The scheduled time unless told",
    hint: "ID",
    parse: runId,
  },
  supersedes: {
    about: "Run that this one replaces; it must be complete or abandoned",
    hint: "ID",
    parse: runId,
  },
  scheduledTime: {
    about: "Nominal time of the run, its slot, ISO 8601; now unless told",
    hint: "TIME",
    parse: time,
  },
  environment: {
    about: "First part of transactional ids",
    hint: "NAME",
    parse: word,
    env: "ML_ENVIRONMENT",
    fallback: "local",
  },
  pipeline: {
    about: "Second part of transactional ids",
    hint: "NAME",
    parse: word,
    fallback: "inference",
  },
} satisfies Options;

/** How fast, and what happens when it cannot go on. */
export const deliveryOptions = {
  batchSize: {
    about: "Most rows in a transaction",
    hint: "N",
    parse: integer(1, 1_000_000),
    fallback: "10000",
  },
  rateLimit: {
    about: "Most rows a second that this process publishes; unlimited unless told",
    hint: "N",
    parse: integer(1, 10_000_000),
  },
  retryFor: {
    about: "How long to try again when a dependency is away (exit code 4), like 15m",
    hint: "TIME",
    parse: duration,
    fallback: "0s",
  },
  output: {
    about: "Folder of the predictions when no brokers are given",
    hint: "DIR",
    parse: text(),
    env: "ML_PREDICTIONS",
    fallback: "./out/predictions",
  },
} satisfies Options;

/** Reads the id of a run. @throws {Error} that says what is allowed */
export function runId(value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(value)) {
    throw new Error(
      "it must be 1 to 128 letters, digits, '.', '_', ':', '+' or '-', starting with one of the " +
        "first two",
    );
  }
  return value;
}

function word(value: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(value)) {
    throw new Error("it must be 1 to 64 letters, digits, '_' or '-'");
  }
  return value;
}

function time(value: string): Date {
  const parsed = new Date(value);
  // Without an offset it would be another moment on another machine.
  if (
    Number.isNaN(parsed.getTime()) || !/^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:?\d{2}))?$/.test(value)
  ) {
    throw new Error("it must be a time like 2013-10-01T06:00:00Z");
  }
  return parsed;
}

/** Milliseconds. */
function duration(value: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})(s|m|h)$/.exec(value) ?? [];
  if (count === "") throw new Error("it must be like 90s, 15m or 2h");
  return Number(count) * (unit === "h" ? 3_600_000 : unit === "m" ? 60_000 : 1_000);
}
