/**
 * What a step's executor works with.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { issuesOf } from "../../jobs/lib/errors.ts";
import { StepFailure } from "./failures.ts";
import { type JobLimits, type JobProcess, runJob } from "./job.ts";
import type { Instance, Launcher, Program } from "./launch.ts";
import type { Objects } from "./objects.ts";

/** One attempt at a step. */
export interface Attempt {
  readonly step: string;
  /** Of the job, as SageMaker would call it. */
  readonly job: string;
  /** Its own, for trees and logs. */
  readonly folder: string;
  readonly objects: Objects;
  readonly launcher: Launcher;
  /** Milliseconds from SIGTERM to SIGKILL. */
  readonly killAfter: number;
  readonly signal: AbortSignal;
}

/** Properties of a step that has succeeded. */
export type Properties = Readonly<Record<string, unknown>>;

/** Reads the resolved arguments of a step. @throws {StepFailure} as SageMaker's API would refuse */
export function readArguments<T>(schema: z.ZodType<T>, resolved: unknown): T {
  const parsed = schema.safeParse(resolved);
  if (parsed.success) return parsed.data;
  throw new StepFailure(`ClientError: ValidationException: Arguments: ${issuesOf(parsed.error)}`);
}

/** Text by name, as an environment and hyperparameters are. */
export const texts = z.record(
  z.string(),
  z.string("must be text; a number becomes it by Std:Join"),
);

/** How a program is named in AppSpecification and AlgorithmSpecification. */
export const words = z.array(z.string("must be text").max(256)).max(100);

/** Names the instances of a job, each with a tree of its own. */
export function instancesOf({ folder }: Attempt, count: number): Instance[] {
  return Array.from({ length: count }, (_, index) => {
    const host = `algo-${index + 1}`;
    return { host, root: join(folder, host) };
  });
}

/** Writes SageMaker's configuration files below a folder of an instance's tree. */
export async function writeConfig(
  folder: string,
  files: Readonly<Record<string, unknown>>,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, value] of Object.entries(files)) {
    await Deno.writeTextFile(join(folder, name), JSON.stringify(value, null, 2));
  }
}

/** What `resourceconfig.json` says to an instance. */
export function resourceConfig(host: string, instances: readonly Instance[]): unknown {
  return {
    current_host: host,
    hosts: instances.map((each) => each.host).sort(),
    network_interface_name: "lo",
  };
}

/**
 * Runs a job on its instances.
 *
 * @param exitFile where the job leaves its reason, in an instance's tree
 * @throws {StepFailure} with the reason, if it failed
 */
export async function execute(
  attempt: Attempt,
  program: Program,
  instances: readonly Instance[],
  { maxRuntime, exitFile, line = () => {} }: {
    readonly maxRuntime: number | undefined;
    readonly exitFile: string;
    readonly line?: (text: string) => void;
  },
): Promise<void> {
  const { launcher, job, folder, killAfter, signal } = attempt;
  const processes = instances.map((instance): JobProcess => ({
    host: instance.host,
    launch: launcher(program, instance, job),
    log: join(folder, `${instance.host}.log`),
  }));
  const limits: JobLimits = { maxRuntime, killAfter, signal };
  const failed = await runJob(processes, limits, line);
  if (failed === undefined) return;
  const instance = instances.find(({ host }) => host === failed.host);
  const said = await readText(join(instance?.root ?? "", exitFile));
  const reason = said || failed.tail.join("\n") || "it says nothing";
  throw new StepFailure(
    `AlgorithmError: ${reason}, exit code: ${failed.code}` +
      (instances.length > 1 ? ` (${failed.host})` : ""),
    { exitCode: failed.code },
  );
}

/** Text of a file, without blanks around it; empty if there is none. */
export async function readText(file: string): Promise<string> {
  return (await Deno.readTextFile(file).catch(() => "")).trim();
}
