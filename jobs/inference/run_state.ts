/**
 * The state of a run on disk: a manifest that fixes what is scored with what, written once, and the
 * record of its completion, written once.
 *
 * @module
 */

import { join } from "node:path";
import { z } from "zod";
import { DependencyError, isNotFound, messageOf, UsageError } from "../lib/errors.ts";

const manifestSchema = z.object({
  version: z.literal(1),
  run_id: z.string(),
  supersedes: z.string().optional(),
  /** The nominal time of the run; the `scored_at` of every message of it. */
  scored_at: z.iso.datetime(),
  environment: z.string(),
  pipeline: z.string(),
  /** Where the predictions go. */
  sink: z.string(),
  key_column: z.string().optional(),
  model: z.object({
    /** As the user gave it; an alias in it is not resolved again. */
    uri: z.string(),
    /** What it was resolved to. */
    resolved: z.string(),
    name: z.string(),
    version: z.string(),
    digest: z.string(),
  }),
  data: z.string(),
  /** In the order in which they are scored. */
  inputs: z.array(z.object({
    path: z.string(),
    bytes: z.int().nonnegative(),
    rows: z.int().nonnegative(),
  })),
});

/** What a run scores, with what, where to; fixed by its first attempt. */
export type Manifest = z.infer<typeof manifestSchema>;

const completionSchema = z.looseObject({
  run_id: z.string(),
  rows: z.number(),
  accepted: z.number(),
  dead: z.number(),
});

/** The summary of a completed run. */
export type Completion = z.infer<typeof completionSchema>;

/** A run's folder in the run state. */
export interface RunState {
  /** The manifest of an earlier attempt, if there was one. */
  manifest(): Promise<Manifest | undefined>;
  /** Writes the manifest unless another attempt was first; returns the one that counts. */
  claimManifest(manifest: Manifest): Promise<Manifest>;
  /** The record of completion, if the run is complete. */
  completion(): Promise<Completion | undefined>;
  /** Writes the record of completion unless it is there. */
  complete(completion: Completion): Promise<void>;
}

/** Opens the state of a run below the run-state folder. */
export function openRunState(folder: string, runId: string): RunState {
  if (/^[a-z0-9]+:\/\//i.test(folder) && !folder.startsWith("file://")) {
    throw new UsageError({
      code: "run.state-unsupported",
      cannot: "keep the state of the run",
      found: `--run-state is ${folder}`,
      todo: "Give a folder",
      place: { option: "--run-state" },
    });
  }
  const run = join(folder.replace(/^file:\/\//, ""), runId);
  return {
    manifest: () => read(join(run, "manifest.json"), manifestSchema),
    claimManifest: async (manifest) => {
      const path = join(run, "manifest.json");
      await createOnce(path, manifest);
      return await read(path, manifestSchema) ?? manifest;
    },
    completion: () => read(join(run, "complete.json"), completionSchema),
    complete: (completion) => createOnce(join(run, "complete.json"), completion),
  };
}

/** Hash of a manifest, by which progress of another one is told apart. */
export async function manifestHash(manifest: Manifest): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 32);
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw unusable(path, messageOf(error));
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw unusable(path, z.prettifyError(parsed.error));
  return parsed.data;
}

/** Creates a file whole or not at all; the first writer wins. */
async function createOnce(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(temporary, JSON.stringify(value, null, 2) + "\n");
    // A hard link, unlike a rename, refuses to replace.
    await Deno.link(temporary, path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw unusable(path, messageOf(error));
  } finally {
    await Deno.remove(temporary).catch(() => {});
  }
}

function unusable(path: string, found: string): DependencyError {
  return new DependencyError({
    code: "run.state-unusable",
    cannot: "keep the state of the run",
    found,
    todo: "Give --run-state a folder that this user may write to",
    place: { file: path },
  });
}
