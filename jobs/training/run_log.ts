import { createLog, type Log } from "../lib/log.ts";
import type { Artifact } from "../lib/mlflow/mod.ts";

/** A log that also keeps what it is told, for the run's artifacts. */
export interface RunLog {
  /** Writes to the job's log too. */
  readonly log: Log;
  /** What was kept so far as a file, and last why it ended, where it ended badly. */
  readonly artifact: (path: string, failure?: string) => Artifact;
}

/** Characters that are kept; the first ones say most. */
const MOST_CHARACTERS = 2_000_000;

/** Keeps a copy of what goes to a log. */
export function keepLog(log: Log): RunLog {
  const lines: string[] = [];
  let characters = 0;
  const copy = createLog({
    format: "json",
    write: (line) => {
      if (characters > MOST_CHARACTERS) return;
      characters += line.length + 1;
      lines.push(line);
    },
  });
  return {
    log: both(log, copy),
    artifact: (path, failure) => {
      if (failure !== undefined) copy.error(failure);
      return {
        path,
        bytes: new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")),
      };
    },
  };
}

function both(one: Log, other: Log): Log {
  const at = (level: "debug" | "info" | "warn" | "error"): Log["info"] => (message, fields) => {
    one[level](message, fields);
    other[level](message, fields);
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => both(one.with(fields), other.with(fields)),
    within: (fields) => both(one.within(fields), other.within(fields)),
  };
}
