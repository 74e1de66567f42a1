/**
 * Results of earlier steps, kept for the cache.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import type { Objects } from "./objects.ts";
import { isObject } from "./path.ts";

/** Where the result of a step is kept, and how long it counts. */
export interface CachedStep {
  /** Of the pipeline's step. */
  readonly folder: string;
  readonly key: string;
  /** Milliseconds. */
  readonly expireAfter: number;
}

const schema = z.object({
  execution: z.string(),
  finished: z.iso.datetime(),
  properties: z.record(z.string(), z.unknown()),
});

/** A result that stands for a step, if there is one that has not expired and whose outputs exist. */
export async function readCached(
  { folder, key, expireAfter }: CachedStep,
  objects: Objects,
): Promise<z.infer<typeof schema> | undefined> {
  const text = await Deno.readTextFile(join(folder, `${key}.json`)).catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  if (Date.now() - Date.parse(parsed.data.finished) > expireAfter) return undefined;
  for (const uri of outputsOf(parsed.data.properties)) {
    if ((await objects.list(uri)).length === 0) return undefined;
  }
  return parsed.data;
}

/** Keeps a result; the last one counts. */
export async function writeCached(
  { folder, key }: CachedStep,
  result: Omit<z.infer<typeof schema>, "finished">,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const file = join(folder, `${key}.json`);
  const temporary = `${file}.${crypto.randomUUID()}.tmp`;
  const kept = { ...result, finished: new Date().toISOString() };
  await Deno.writeTextFile(temporary, JSON.stringify(kept, null, 2) + "\n");
  await Deno.rename(temporary, file);
}

function outputsOf(properties: Readonly<Record<string, unknown>>): string[] {
  const { ModelArtifacts: model, ProcessingOutputConfig: config } = properties;
  const outputs = isObject(config) && Array.isArray(config["Outputs"]) ? config["Outputs"] : [];
  const uris = [
    isObject(model) ? model["S3ModelArtifacts"] : undefined,
    ...outputs.map((output) => isObject(output?.S3Output) ? output.S3Output["S3Uri"] : undefined),
  ];
  return uris.filter((uri) => typeof uri === "string");
}
