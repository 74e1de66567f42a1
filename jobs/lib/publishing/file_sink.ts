/**
 * Predictions as files of newline-delimited JSON, exactly once.
 *
 * ```
 * <folder>/<run>/part-<shard>-<first row>-<next row>.ndjson               a transaction's messages
 * <folder>/<run>/dead-letter/part-<shard>-<first row>-<next row>.ndjson   its dead letters, if any
 * <folder>/<run>/_progress/shard-<shard>.json                             whose the shard is
 * <folder>/<run>/_complete.json                                           once it is complete
 * ```
 *
 * A transaction is committed by one rename: that of its segment to its final name. Just before, the
 * shard's state is written ahead with the progress before and after it; after a crash the segment's
 * presence says which of the two is true. Dead letters get their name before the segment does; those
 * of a transaction that did not happen are removed by whoever takes over. All is forced to disk in
 * that order.
 *
 * Taking over means to write oneself down as the owner. Every commit first looks whether it still is
 * the owner, and both happen under a file lock that the system releases when a process dies: so an
 * older attempt that wakes up late publishes nothing.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../errors.ts";
import { Delivered } from "./delivered.ts";
import {
  ensureFolder,
  exists,
  linkOnce,
  listNames,
  removeIfThere,
  renameDurably,
  underLock,
  writeDurably,
} from "./durable_files.ts";
import type { Message } from "./packed.ts";
import { checkManifest, checkTransaction, fenced, START, vanished } from "./progress.ts";
import { readShardState, type ShardState } from "./shard_state.ts";
import type { CompletedRun, Opened, Progress, ShardIdentity, Sink, Transaction } from "./sink.ts";
import { splitTransaction } from "./split.ts";

/** Where to write. */
export interface FileSinkOptions {
  /** Folder of all runs; made if need be. */
  readonly folder: string;
}

/**
 * A sink onto a folder; see the module's description.
 *
 * @throws {DependencyError} (from its methods) `sink.not-writable`, `sink.locked`
 */
export function fileSink({ folder }: FileSinkOptions): Sink {
  const root = resolve(folder);
  const delivered = new Delivered();
  let shard: OpenShard | undefined;
  const opened = () => {
    if (shard === undefined) throw new TypeError("the sink is not open");
    return shard;
  };
  return {
    uri: pathToFileURL(root).href,
    prepare: async () => {
      await ensureFolder(root);
      return { uri: pathToFileURL(root).href };
    },
    open: async (identity, { started = false } = {}) => {
      shard = new OpenShard(root, identity);
      return await shard.claim(started);
    },
    publish: async (transaction) => {
      checkTransaction(opened().progress, transaction);
      for (const part of splitTransaction(opened().progress, transaction)) {
        const bytes = await opened().publish(part);
        const count = part.messages.length + part.deadLetters.length;
        delivered.committed(count, bytes);
      }
    },
    complete: (run) => opened().complete(run),
    statistics: () => delivered.statistics,
    close: async () => {
      await shard?.removeTemporaries();
      shard = undefined;
    },
  };
}

class OpenShard {
  readonly #shard: ShardIdentity;
  readonly #folder: string;
  readonly #state: string;
  readonly #owner = crypto.randomUUID();
  #generation = 0;
  #progress = START;

  constructor(root: string, shard: ShardIdentity) {
    this.#shard = shard;
    this.#folder = join(root, folderName(shard.run));
    this.#state = join(this.#folder, "_progress", `shard-${shard.shard}.json`);
  }

  async claim(started: boolean): Promise<Opened> {
    await ensureFolder(join(this.#folder, "_progress"));
    return await this.#locked(async () => {
      const state = await readShardState(this.#state);
      if (state === undefined && started) throw vanished(this.#shard, this.#folder);
      if (state !== undefined) {
        checkManifest(this.#shard, state.manifest);
        this.#generation = state.generation;
        this.#progress = await this.#committed(state);
      }
      this.#generation++;
      await this.#removeLeftovers();
      await this.#writeState(this.#progress);
      return { ...this.#progress, found: state !== undefined };
    });
  }

  /** What is published. */
  get progress(): Progress {
    return this.#progress;
  }

  /** Returns the bytes that were written. */
  async publish({ progress: after, messages, deadLetters }: Transaction): Promise<number> {
    const before = this.#progress;
    let bytes = 0;
    if (after.row > before.row) {
      bytes += await writeDurably(this.#temporary("segment"), lines(messages));
    }
    if (deadLetters.length > 0) {
      await ensureFolder(join(this.#folder, "dead-letter"));
      bytes += await writeDurably(this.#temporary("dead-letter"), lines(deadLetters));
    }
    await this.#locked(async () => {
      const state = await readShardState(this.#state);
      if (state?.owner !== this.#owner) throw fenced(this.#shard);
      // Without rows there is no segment; the state itself is the commit.
      if (after.row === before.row) return await this.#writeState(after);
      await this.#writeState(before, after);
      const segment = segmentName(this.#shard, before, after);
      if (deadLetters.length > 0) {
        const name = join(this.#folder, "dead-letter", segment);
        await renameDurably(this.#temporary("dead-letter"), name);
      }
      await renameDurably(this.#temporary("segment"), join(this.#folder, segment));
    });
    this.#progress = after;
    return bytes;
  }

  async complete(run: CompletedRun): Promise<void> {
    await writeDurably(this.#temporary("complete"), JSON.stringify(run, null, 2) + "\n");
    await linkOnce(this.#temporary("complete"), join(this.#folder, "_complete.json"));
  }

  async removeTemporaries(): Promise<void> {
    for (const what of ["segment", "dead-letter", "complete", "state"] as const) {
      await removeIfThere(this.#temporary(what));
    }
  }

  /** Which progress of the state is true. */
  async #committed({ before, after }: ShardState): Promise<Progress> {
    if (after.row === before.row) return after;
    const segment = join(this.#folder, segmentName(this.#shard, before, after));
    return await exists(segment) ? after : before;
  }

  /** Of attempts that ended in the middle of a transaction. */
  async #removeLeftovers(): Promise<void> {
    const { shard } = this.#shard;
    for (const name of await listNames(join(this.#folder, "_progress"))) {
      if (name.startsWith(`shard-${shard}.`) && name.endsWith(".tmp")) {
        await removeIfThere(join(this.#folder, "_progress", name));
      }
    }
    for (const name of await listNames(join(this.#folder, "dead-letter"))) {
      const [, ofShard, first] = SEGMENT.exec(name) ?? [];
      if (Number(ofShard) === shard && Number(first) >= this.#progress.row) {
        await removeIfThere(join(this.#folder, "dead-letter", name));
      }
    }
  }

  async #writeState(before: Progress, after: Progress = before): Promise<void> {
    const state: ShardState = {
      manifest: this.#shard.manifest,
      generation: this.#generation,
      owner: this.#owner,
      before: plain(before),
      after: plain(after),
    };
    await writeDurably(this.#temporary("state"), JSON.stringify(state) + "\n");
    await renameDurably(this.#temporary("state"), this.#state);
  }

  #locked<T>(body: () => Promise<T>): Promise<T> {
    return underLock(join(this.#folder, "_progress", `shard-${this.#shard.shard}.lock`), body);
  }

  #temporary(what: "segment" | "dead-letter" | "complete" | "state"): string {
    const name = `shard-${this.#shard.shard}.${this.#owner}.${what}.tmp`;
    return join(this.#folder, "_progress", name);
  }
}

/** Callers may pass on more than progress. */
function plain({ row, accepted, dead, done }: Progress): Progress {
  return { row, accepted, dead, done };
}

const SEGMENT = /^part-(\d+)-(\d{12})-\d{12}\.ndjson$/;

function segmentName({ shard }: ShardIdentity, before: Progress, after: Progress): string {
  const [first, next] = [before.row, after.row].map((row) => `${row}`.padStart(12, "0"));
  return `part-${shard}-${first}-${next}.ndjson`;
}

function lines(messages: Iterable<Message>): string {
  const all: string[] = [];
  for (const { key, headers, value } of messages) {
    all.push(
      `{"key":${JSON.stringify(key)},"headers":${JSON.stringify(headers)},"value":${value}}\n`,
    );
  }
  return all.join("");
}

function folderName(run: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(run)) return run;
  throw new UsageError({
    code: "sink.run-id",
    cannot: "name a folder after the run",
    found: `the run id is ${JSON.stringify(run)}`,
    todo: "Use letters, digits, '.', '_', ':', '+' and '-'",
    place: { option: "--run-id" },
  });
}
