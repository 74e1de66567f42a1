/**
 * An execution while it goes on.
 *
 * @module
 */
import type { Log } from "../../jobs/lib/log.ts";
import type { ParameterValues } from "../parameters/mod.ts";
import type { Commands } from "./commands.ts";
import type { ExceptionType } from "./failures.ts";
import type { Launcher } from "./launch.ts";
import type { Objects } from "./objects.ts";
import type { ExecutionRecord, StepRecord } from "./record.ts";
import type { LocalDefinition } from "./shape.ts";

/** What is executed, where, with what. */
export interface ExecutionOptions {
  /** Name of the pipeline, such as `ml-platform-local-training`. */
  readonly pipeline: string;
  /** What is executed. */
  readonly definition: LocalDefinition;
  /** All of them. */
  readonly parameters: ParameterValues;
  /** Folder of all executions. */
  readonly output: string;
  /** Where the data is. */
  readonly objects: Objects;
  /** How jobs become processes. */
  readonly launcher: Launcher;
  /** Programs that stand in for functions and queues. */
  readonly commands: Commands;
  /** All that such a program gets of an environment. */
  readonly inherited: Readonly<Record<string, string>>;
  /** Most steps at a time; the definition may ask for fewer. */
  readonly parallelism: number;
  /** Milliseconds from SIGTERM to SIGKILL. */
  readonly killAfter: number;
  /** Longest wait before a retry, in milliseconds. */
  readonly longestWait: number;
  /** Whether earlier results may stand for a step, where its definition allows. */
  readonly cache: boolean;
  /** Faults of the platform to act out: how often which, by step. */
  readonly faults: ReadonlyMap<string, readonly ExceptionType[]>;
  /** The execution that this one resumes, and from which step; else from all that did not succeed. */
  readonly resumes?: { readonly record: ExecutionRecord; readonly from: string | undefined };
  /** Told of every step. */
  readonly log: Log;
  /** Stops the execution. */
  readonly signal: AbortSignal;
}

/** An execution that goes on. */
export interface Running extends ExecutionOptions {
  readonly execution: string;
  /** Of this execution. */
  readonly folder: string;
  /** When it began, ISO 8601. */
  readonly started: string;
  /** Results of a resumed execution that stay. */
  readonly kept: ReadonlyMap<string, StepRecord>;
  /** How every step stands. */
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** Adds to what is known of a step. */
  readonly note: (step: string, more: Partial<StepRecord>) => void;
}
