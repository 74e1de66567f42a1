/**
 * The errors a user can meet: one class per exit code, each with a stable code, the place, the
 * value found and what to do. Anything else that is thrown is a bug (exit 1, with its stack).
 *
 * @module
 */

/** Where the trouble is; printed with the error and kept in the log as fields. */
export interface Place {
  readonly file?: string;
  readonly column?: string;
  readonly row?: number;
  readonly topic?: string;
  readonly option?: string;
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
  readonly place?: Place;
  readonly cause?: unknown;
}

/**
 * Base of every error that is the user's or the environment's, not ours. Shown without a stack.
 * Closed: only the classes of this file extend it.
 */
export abstract class PlatformError extends Error {
  /** The process's exit code for this kind of error. */
  abstract readonly exitCode: number;
  readonly code: string;
  readonly place: Place;

  constructor(complaint: Complaint) {
    const { cannot, found, todo } = complaint;
    super(`Cannot ${cannot}: ${sentence(found)} ${sentence(todo)}`, { cause: complaint.cause });
    this.code = complaint.code;
    this.place = complaint.place ?? {};
    this.name = new.target.name;
  }
}

/** Exit 2: a flag, hyperparameter, environment variable or file of configuration is wrong. */
export class UsageError extends PlatformError {
  readonly exitCode = 2;
}

/** Exit 3: the data (or a model file) was read and is rejected. */
export class DataError extends PlatformError {
  readonly exitCode = 3;
}

/** Exit 4: a service, disk or other dependency is unreachable or refused us. */
export class DependencyError extends PlatformError {
  readonly exitCode = 4;
}

/** Exit 5: the model did not meet the quality gate. */
export class GateError extends PlatformError {
  readonly exitCode = 5;
}

/** Exit 6: a newer attempt of the same run owns it now. */
export class FencedError extends PlatformError {
  readonly exitCode = 6;
}

/** Exit 143 or 130: stopped by SIGTERM or SIGINT; what was done so far can be resumed. */
export class StoppedError extends PlatformError {
  readonly exitCode: number;
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

/** True for an operating system's "no such file" in Deno's and Node's spelling. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    (error instanceof Error && "code" in error && error.code === "ENOENT");
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
