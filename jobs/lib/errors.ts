/**
 * The errors a user can meet: one class per exit code, each with a stable code, the place, the
 * value found and what to do. Anything else that is thrown is a bug (exit 1, with its stack).
 *
 * @module
 */

/** Where the trouble is; printed with the error and kept in the log as fields. */
export interface Place {
  /** Path or URI of a file. */
  readonly file?: string;
  /** Column of the data. */
  readonly column?: string;
  /** Row of that file, from 0. */
  readonly row?: number;
  /** Line of that file, from 1, where it is text. */
  readonly line?: number;
  /** Row group of a parquet file, from 0. */
  readonly rowGroup?: number;
  /** Kafka topic. */
  readonly topic?: string;
  /** Option as the user spells it. */
  readonly option?: string;
  /** Address of a service, without credentials. */
  readonly url?: string;
}

/** The parts of a user's error message: `Cannot <cannot>: <found>. <todo>`. */
export interface Complaint {
  /** Stable, dotted and kebab-case: `data.not-parquet`. Documented, never reworded. */
  readonly code: string;
  /** What could not be done, continuing "Cannot ": `read the training data`. */
  readonly cannot: string;
  /** What was found, with the offending value; no full stop. */
  readonly found: string;
  /** What the user does about it; one sentence, no full stop needed. */
  readonly todo: string;
  /** Where, as far as it is known. */
  readonly place?: Place;
  /** What was caught, kept for the log's debug level. */
  readonly cause?: unknown;
}

/**
 * Base of every error that is the user's or the environment's, not ours. Shown without a stack.
 * Closed: only the classes of this file extend it.
 */
export abstract class PlatformError extends Error {
  /** The process's exit code for this kind of error. */
  abstract readonly exitCode: number;
  /** See {@linkcode Complaint.code}. */
  readonly code: string;
  /** See {@linkcode Complaint.found}. */
  readonly found: string;
  /** See {@linkcode Complaint.todo}. */
  readonly todo: string;
  /** See {@linkcode Complaint.place}. */
  readonly place: Place;

  /** Makes the message of its parts. */
  constructor(complaint: Complaint) {
    const { cannot, found, todo } = complaint;
    super(`Cannot ${cannot}: ${sentence(found)} ${sentence(todo)}`, { cause: complaint.cause });
    this.code = complaint.code;
    this.found = found;
    this.todo = todo;
    this.place = complaint.place ?? {};
    this.name = new.target.name;
  }
}

/** Exit 2: a flag, hyperparameter, environment variable or file of configuration is wrong. */
export class UsageError extends PlatformError {
  /** See the class. */
  readonly exitCode = 2;
}

/** Exit 3: the data (or a model file) was read and is rejected. */
export class DataError extends PlatformError {
  /** See the class. */
  readonly exitCode = 3;
}

/** Exit 4: a service, disk or other dependency is unreachable or refused us. */
export class DependencyError extends PlatformError {
  /** See the class. */
  readonly exitCode = 4;
}

/** Exit 5: the model did not meet the quality gate. */
export class GateError extends PlatformError {
  /** See the class. */
  readonly exitCode = 5;
}

/** Exit 6: a newer attempt of the same run owns it now. */
export class FencedError extends PlatformError {
  /** See the class. */
  readonly exitCode = 6;
}

/** Exit 143 or 130: stopped by SIGTERM or SIGINT; what was done so far can be resumed. */
export class StoppedError extends PlatformError {
  /** 143 or 130. */
  readonly exitCode: number;
  /** The signal that was received. */
  constructor(signal: "SIGTERM" | "SIGINT") {
    super({
      code: "stopped",
      cannot: "finish",
      found: `stopped by ${signal}`,
      todo: "Run the same command again to go on",
    });
    this.exitCode = signal === "SIGTERM" ? 143 : 130;
  }
}

/** The message of anything thrown, for the `found` of another error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What zod found, on one line as every message is: `hosts.0: expected string`. */
export function issuesOf({ issues }: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  return issues.slice(0, MOST_ISSUES)
    .map(({ path, message }) => `${path.map(String).join(".") || "it"}: ${message}`)
    .join("; ");
}

/** More would only hide the first. */
const MOST_ISSUES = 5;

/** True for an operating system's "no such file" in Deno's and Node's spelling. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    (error instanceof Error && "code" in error && error.code === "ENOENT");
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
