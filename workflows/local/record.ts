/**
 * What is written down about an execution: `execution.json`, from which it can be resumed.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { isNotFound, issuesOf, messageOf, UsageError } from "../../jobs/lib/errors.ts";
import type { StepStatus } from "./schedule.ts";

/** What is known of a step. */
export interface StepRecord {
  /** As in the definition. */
  readonly name: string;
  /** `Processing` and so on. */
  readonly type: string;
  /** How it stands. */
  readonly status: StepStatus;
  /** ISO 8601. */
  readonly started?: string | undefined;
  /** ISO 8601. */
  readonly ended?: string | undefined;
  /** How often its job was begun. */
  readonly attempts?: number | undefined;
  /** Why it failed. */
  readonly reason?: string | undefined;
  /** Of its job. */
  readonly exit_code?: number | undefined;
  /** Outcome of a condition. */
  readonly outcome?: boolean | undefined;
  /** Execution whose cached result this is. */
  readonly cached_from?: string | undefined;
  /** Execution whose result was kept, when this one resumed it. */
  readonly resumed_from?: string | undefined;
  /** Logs, below the folder of the execution. */
  readonly logs?: readonly string[] | undefined;
  /** What other steps may refer to. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** What is known of an execution. */
export interface ExecutionRecord {
  /** Its name. */
  readonly pipeline: string;
  /** Id of the execution. */
  readonly execution: string;
  /** How it stands. */
  readonly status: "Executing" | "Succeeded" | "Failed" | "Stopped";
  /** ISO 8601. */
  readonly started: string;
  /** ISO 8601. */
  readonly ended?: string | undefined;
  /** The execution that it resumes. */
  readonly resumes?: string | undefined;
  /** All of them. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** In the order of the definition. */
  readonly steps: readonly StepRecord[];
}

const step: z.ZodType<StepRecord> = z.object({
  name: z.string(),
  type: z.string(),
  status: z.enum(["NotStarted", "Executing", "Succeeded", "Failed", "Stopped", "NotChosen"]),
  started: z.iso.datetime().optional(),
  ended: z.iso.datetime().optional(),
  attempts: z.int().optional(),
  reason: z.string().optional(),
  exit_code: z.int().optional(),
  outcome: z.boolean().optional(),
  cached_from: z.string().optional(),
  resumed_from: z.string().optional(),
  logs: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

const schema: z.ZodType<ExecutionRecord> = z.object({
  pipeline: z.string(),
  execution: z.string(),
  status: z.enum(["Executing", "Succeeded", "Failed", "Stopped"]),
  started: z.iso.datetime(),
  ended: z.iso.datetime().optional(),
  resumes: z.string().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  steps: z.array(step),
});

/** Writes a record down, whole. */
export async function writeRecord(folder: string, value: ExecutionRecord): Promise<void> {
  const file = join(folder, "execution.json");
  const temporary = `${file}.${crypto.randomUUID()}.tmp`;
  await Deno.writeTextFile(temporary, JSON.stringify(value, null, 2) + "\n");
  await Deno.rename(temporary, file);
}

/** Reads the record of an execution. @throws {UsageError} `pipeline.execution-unknown` */
export async function readRecord(output: string, execution: string): Promise<ExecutionRecord> {
  const file = join(output, execution, "execution.json");
  const unknown = (found: string) =>
    new UsageError({
      code: "pipeline.execution-unknown",
      cannot: `resume ${execution}`,
      found,
      todo: "Name an execution by its id, the name of its folder",
      place: { file, option: "--resume" },
    });
  if (!/^[a-z0-9]{1,64}$/.test(execution)) throw unknown("that is no id of an execution");
  let json: unknown;
  try {
    json = JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    throw unknown(isNotFound(error) ? `there is no ${file}` : messageOf(error));
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw unknown(`${file}: ${issuesOf(parsed.error)}`);
  return parsed.data;
}
