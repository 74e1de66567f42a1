/**
 * What is written down about a run.
 *
 * @module
 */
import { z } from "zod";

const count = z.int().nonnegative();

/** A file of a run, and what it is recognised by. */
const input = z.object({
  path: z.string(),
  bytes: count,
  rows: count,
  /** Changes with the content; see `contentTag`. */
  tag: z.string(),
});

/** What a run scores, with what, where to; fixed by its first attempt. */
export const manifestSchema = z.object({
  version: z.literal(1),
  run_id: z.string(),
  supersedes: z.string().optional(),
  /** The nominal time of the run, its slot; the `scored_at` of every message of it. */
  scored_at: z.iso.datetime(),
  environment: z.string(),
  pipeline: z.string(),
  /** Where the predictions go, and how many partitions each topic has there. */
  sink: z.object({
    uri: z.string(),
    partitions: z.record(z.string(), count).optional(),
  }),
  key_column: z.string().optional(),
  /** Where rows that break a rule of the model's constraints are dead letters. */
  on_violation: z.literal("quarantine").optional(),
  model: z.object({
    /** As the user gave it; an alias in it is not resolved again. */
    uri: z.string(),
    /** What it was resolved to. */
    resolved: z.string(),
    name: z.string(),
    version: z.string(),
    digest: z.string(),
  }),
  /** The file or folder, of a partition that one. */
  data: z.string(),
  /** Sorted by path. */
  inputs: z.array(input),
  /** For each shard the indexes of its inputs, in the order in which they are scored. */
  shards: z.array(z.array(count)).min(1),
}).refine(
  ({ inputs, shards }) => {
    const assigned = shards.flat().toSorted((a, b) => a - b);
    return assigned.length === inputs.length && assigned.every((index, at) => index === at);
  },
  "its shards do not have each input once",
);

/** See {@linkcode manifestSchema}. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A file of a run. */
export type Input = Manifest["inputs"][number];

/** What a shard did; written once its last transaction is committed. */
export const shardRecordSchema = z.object({
  shard: count,
  rows: count,
  accepted: count,
  dead: count,
  /** What the attempt that finished the shard measured. */
  attempt: z.object({
    rows: count,
    transactions: count,
    seconds: z.number(),
    rows_per_second: z.number(),
    publish_ms_p50: z.number(),
    publish_ms_p95: z.number(),
    publish_ms_max: z.number(),
    bytes: count,
    retries: count,
    errors: count,
  }),
});

/** See {@linkcode shardRecordSchema}. */
export type ShardRecord = z.infer<typeof shardRecordSchema>;

/** The summary of a completed run. */
export const completionSchema = z.looseObject({
  status: z.literal("complete"),
  run_id: z.string(),
  rows: count,
  accepted: count,
  dead: count,
});

/** See {@linkcode completionSchema}. */
export type Completion = z.infer<typeof completionSchema>;

/** Who gave up on a run, and why. */
export const abandonmentSchema = z.object({
  run_id: z.string(),
  reason: z.string(),
  abandoned_at: z.iso.datetime(),
});

/** See {@linkcode abandonmentSchema}. */
export type Abandonment = z.infer<typeof abandonmentSchema>;

/** What the mark of a started shard holds. */
export const startSchema = z.object({ shard: count, attempt: z.string() });
