/**
 * The state of runs: texts that are each written once.
 *
 * ```
 * <run>/manifest.json        what is scored with what; the first attempt's
 * <run>/shard-0.started      the shard has claimed its progress and begins to publish
 * <run>/shard-0.done.json    its last transaction is committed, with its counts
 * <run>/complete.json        all shards are done and add up
 * <run>/abandoned.json       nobody is going to finish it
 * ```
 *
 * Beside them stands what is known of the run's data; see `survey`.
 *
 * How far a shard is stands in the sink, in the transactions themselves. What is here needs no
 * transaction: each text is written only after what it says has come true for good.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { DependencyError, issuesOf, messageOf } from "../../lib/errors.ts";
import { openStorage, type Storage } from "../../lib/storage/mod.ts";
import {
  type Abandonment,
  abandonmentSchema,
  type Completion,
  completionSchema,
  type Manifest,
  manifestSchema,
  type ShardRecord,
  shardRecordSchema,
  startSchema,
} from "./schema.ts";

/** A manifest as it is kept, with the hash of its text, by which progress of another is told apart. */
export interface KeptManifest {
  readonly manifest: Manifest;
  readonly hash: string;
}

/** A manifest that was claimed. */
export interface ClaimedManifest extends KeptManifest {
  /** False if another attempt's was there first, which then is the one that is kept. */
  readonly first: boolean;
}

/** The state of one run. */
export interface RunState {
  readonly id: string;
  /** The manifest of an earlier attempt, if there was one. */
  manifest(): Promise<KeptManifest | undefined>;
  /** Writes the manifest unless another attempt was first; returns the one that counts. */
  claimManifest(manifest: Manifest): Promise<ClaimedManifest>;
  /** Whether an attempt at the shard came as far as to publish. */
  started(shard: number): Promise<boolean>;
  /** Marks that. */
  start(shard: number): Promise<void>;
  /** What the shard did, once it is done. */
  done(shard: number): Promise<ShardRecord | undefined>;
  /** Writes that down. */
  finish(record: ShardRecord): Promise<void>;
  /** The record of completion, if the run is complete. */
  completion(): Promise<Completion | undefined>;
  /** Writes the record unless it is there; returns the one that counts. */
  complete(completion: Completion): Promise<Completion>;
  /** Why nobody is going to finish it, if so. */
  abandonment(): Promise<Abandonment | undefined>;
  /** Writes that down unless it is there; returns what counts. */
  abandon(abandonment: Abandonment): Promise<Abandonment>;
  /** Keeps another text under a name, unless there is one. */
  keep(name: string, text: string): Promise<void>;
  /** Such a text, as JSON of that kind; undefined if there is none. */
  text<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** Where a text is, for messages. */
  locate(name: string): string;
}

/** The state of all runs. */
export interface Runs {
  /** Where it is, for messages. */
  readonly uri: string;
  /** One run, which there may not be. */
  run(id: string): RunState;
  /** Names of the texts that there are, by run. */
  list(): Promise<Map<string, string[]>>;
}

/** Opens the state of runs in a folder or on S3. @throws {UsageError} `storage.uri-invalid` */
export function openRuns(uri: string): Runs {
  const storage = openStorage(uri, {
    option: "--run-state",
    purpose: "keep the state of runs",
  });
  return {
    uri: storage.uri,
    list: async () => {
      const runs = new Map<string, string[]>();
      for (const key of await storage.list("")) {
        const [run, name, ...deeper] = key.split("/");
        if (!run || !name || deeper.length > 0) continue;
        runs.set(run, [...runs.get(run) ?? [], name]);
      }
      return runs;
    },
    run: (id) => stateOf(id, storage),
  };
}

function stateOf(id: string, storage: Storage): RunState {
  const key = (name: string) => `${id}/${name}`;
  const value = async <T>(name: string, schema: z.ZodType<T>) =>
    (await read(storage, key(name), schema))?.value;
  const once = <T>(name: string, value: T, schema: z.ZodType<T>) =>
    create(storage, key(name), value, schema);
  return {
    id,
    manifest: async () => {
      const found = await read(storage, key("manifest.json"), manifestSchema);
      return found && { manifest: found.value, hash: hashOf(found.text) };
    },
    claimManifest: async (manifest) => {
      const found = await once("manifest.json", manifest, manifestSchema);
      return { manifest: found.value, hash: hashOf(found.text), first: found.first };
    },
    started: async (shard) => await value(`shard-${shard}.started`, startSchema) !== undefined,
    start: async (shard) => {
      const mark = { shard, attempt: crypto.randomUUID() };
      await once(`shard-${shard}.started`, mark, startSchema);
    },
    done: (shard) => value(`shard-${shard}.done.json`, shardRecordSchema),
    finish: async (record) => {
      await once(`shard-${record.shard}.done.json`, record, shardRecordSchema);
    },
    completion: () => value("complete.json", completionSchema),
    complete: async (completion) =>
      (await once("complete.json", completion, completionSchema)).value,
    abandonment: () => value("abandoned.json", abandonmentSchema),
    abandon: async (abandonment) =>
      (await once("abandoned.json", abandonment, abandonmentSchema)).value,
    keep: async (name, text) => {
      await storage.create(key(name), text);
    },
    text: value,
    locate: (name) => storage.locate(key(name)),
  };
}

async function read<T>(
  storage: Storage,
  key: string,
  schema: z.ZodType<T>,
): Promise<{ value: T; text: string } | undefined> {
  const text = await storage.read(key);
  if (text === undefined) return undefined;
  try {
    return { value: schema.parse(JSON.parse(text)), text };
  } catch (error) {
    throw unreadable(
      storage.locate(key),
      error instanceof z.ZodError ? issuesOf(error) : messageOf(error),
    );
  }
}

async function create<T>(
  storage: Storage,
  key: string,
  value: T,
  schema: z.ZodType<T>,
): Promise<{ value: T; text: string; first: boolean }> {
  const first = await storage.create(key, JSON.stringify(value, null, 2) + "\n");
  const found = await read(storage, key, schema);
  if (found !== undefined) return { ...found, first };
  throw unreadable(storage.locate(key), "it has vanished since it was written");
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function unreadable(place: string, found: string): DependencyError {
  return new DependencyError({
    code: "run.state-unreadable",
    cannot: "go on with the run",
    found: `${place}: ${found}`,
    todo: "Restore it, or score as a new run with another --run-id",
    place: { file: place },
  });
}
