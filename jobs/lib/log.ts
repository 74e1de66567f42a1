/**
 * The log: one JSON object a line on stderr in a container, a readable line on a terminal.
 * stdout stays free for results.
 *
 * @module
 */

import { writeStderr } from "./streams.ts";

/** Extra fields of a log line; values must be JSON. Never put a secret in one. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Severity of a line, least first. */
export type Level = "debug" | "info" | "warn" | "error";

/** Writes log lines. */
export interface Log {
  /** For whoever looks for a fault. */
  debug(message: string, fields?: Fields): void;
  /** What goes on. */
  info(message: string, fields?: Fields): void;
  /** What somebody should look at; the job goes on. */
  warn(message: string, fields?: Fields): void;
  /** What ended the job. */
  error(message: string, fields?: Fields): void;
  /** A log whose lines all carry these fields too. */
  with(fields: Fields): Log;
  /** The same, in JSON lines only: ids by which machines find a line, and that a person knows. */
  within(fields: Fields): Log;
}

/** How a log is written. */
export interface LogOptions {
  /** Least severe level that is written; `info` unless told. */
  readonly level?: Level;
  /** `json` (a container) or `text` (a terminal). */
  readonly format: "json" | "text";
  /** Takes each finished line; stderr unless told. */
  readonly write?: (line: string) => void;
  /** Fields of every JSON line. */
  readonly context?: Fields;
  /** The clock, for the `time` field. */
  readonly now?: () => Date;
}

const SEVERITY: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Makes a log. Lines keep the order in which they were written. */
export function createLog(options: LogOptions, fields: Fields = {}): Log {
  const least = SEVERITY[options.level ?? "info"];
  const write = options.write ?? ((line) => writeStderr(line + "\n"));
  const now = options.now ?? (() => new Date());
  const context = options.format === "json" ? options.context : undefined;
  const render = options.format === "json" ? renderJson : renderText;
  const at = (level: Level) => (message: string, more: Fields = {}) => {
    if (SEVERITY[level] >= least) {
      write(render(now(), level, message, { ...context, ...fields, ...more }));
    }
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (more) => createLog(options, { ...fields, ...more }),
    within: (more) => createLog({ ...options, context: { ...options.context, ...more } }, fields),
  };
}

/** A log that writes nothing, for pure tests and libraries used on their own. */
export const silentLog: Log = createLog({ format: "json", write: () => {} });

function renderJson(time: Date, level: Level, message: string, fields: Fields): string {
  return JSON.stringify({ time: time.toISOString(), level, message, ...fields });
}

function renderText(time: Date, level: Level, message: string, fields: Fields): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === "string" ? quoteIfNeeded(value) : value}`);
  const mark = level === "info" ? "" : `${level.toUpperCase()} `;
  return harmless(`${time.toISOString().slice(11, 19)} ${mark}${message}${rest.join("")}`);
}

/** A column's name or a server's answer must not steer the terminal; a stack keeps its lines. */
function harmless(line: string): string {
  return line.replace(
    /[\p{Cc}--\n]/gv,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

function quoteIfNeeded(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
