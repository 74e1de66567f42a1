/**
 * What the file sink writes down about a shard.
 *
 * @module
 */
import { z } from "zod";
import { DependencyError, messageOf } from "../errors.ts";
import { readIfThere } from "./durable_files.ts";

const progress = z.strictObject({
  row: z.int().nonnegative(),
  accepted: z.int().nonnegative(),
  dead: z.int().nonnegative(),
  done: z.boolean(),
});

const shardState = z.strictObject({
  manifest: z.string(),
  /** How many attempts there were. */
  generation: z.int().positive(),
  /** Which attempt owns the shard. */
  owner: z.string(),
  /** Before the transaction that is being committed, or after the last one. */
  before: progress,
  /** After the transaction that is being committed: true if its segment has its name. */
  after: progress,
});

/** A shard's owner and progress. */
export type ShardState = z.infer<typeof shardState>;

/** Reads a shard's state; undefined if it was never opened. */
export async function readShardState(path: string): Promise<ShardState | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return shardState.parse(JSON.parse(text));
  } catch (error) {
    throw new DependencyError({
      code: "sink.progress-unreadable",
      cannot: "resume the run",
      found: `${path}: ${messageOf(error)}`,
      todo: "Restore the file, or give the run up and score its inputs as a new one: deno task " +
        "inference runs abandon RUN, then deno task inference runs replay RUN",
      place: { file: path },
      cause: error,
    });
  }
}
