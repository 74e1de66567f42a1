/**
 * File operations that survive a crash, with errors that a user can act on.
 *
 * @module
 */
import { dirname } from "node:path";
import { DependencyError, isNotFound, messageOf, PlatformError } from "../errors.ts";

/** Makes a folder and those above it. */
export function ensureFolder(path: string): Promise<void> {
  return writing(path, () => Deno.mkdir(path, { recursive: true }));
}

/** Writes a file and forces it to disk; its name may be lost in a crash. */
export function writeDurably(path: string, text: string): Promise<number> {
  return writing(path, async () => {
    using file = await Deno.open(path, { create: true, truncate: true, write: true });
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) {
      written += await file.write(bytes.subarray(written));
    }
    await file.sync();
    return bytes.length;
  });
}

/** Gives a file its final name, atomically and for good; replaces a file of that name. */
export function renameDurably(from: string, to: string): Promise<void> {
  return writing(to, async () => {
    await Deno.rename(from, to);
    await syncFolder(dirname(to));
  });
}

/** Gives a file its final name unless there is a file of that name, and removes the old name. */
export function linkOnce(from: string, to: string): Promise<void> {
  return writing(to, async () => {
    try {
      await Deno.link(from, to);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
    await Deno.remove(from);
    await syncFolder(dirname(to));
  });
}

/** Removes a file that may not be there. */
export function removeIfThere(path: string): Promise<void> {
  return writing(path, async () => {
    try {
      await Deno.remove(path);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
}

/** Names in a folder, sorted; none if there is no such folder. */
export async function listNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (!isNotFound(error)) throw notWritable(folder, error);
  }
  return names.sort();
}

/** Text of a file; undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw notWritable(path, error);
  }
}

/** True if there is a file of that name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw notWritable(path, error);
  }
}

/** Milliseconds; holders keep a lock for a commit only, unless they are frozen in one. */
const LOCK_PATIENCE = 30_000;

/**
 * Runs `body` while no other process is in an `underLock` body for the same file.
 *
 * @throws {DependencyError} `sink.locked` if another process does not let go of it
 */
export async function underLock<T>(path: string, body: () => Promise<T>): Promise<T> {
  using file = await writing(path, () => Deno.open(path, { create: true, write: true }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), LOCK_PATIENCE);
  });
  const locked = writing(path, () => file.lock(true)).then(() => true);
  const entered = await Promise.race([locked, timeout]);
  clearTimeout(timer);
  if (entered) return await body();
  throw new DependencyError({
    code: "sink.locked",
    cannot: "take over the run",
    found: `another process has held ${path} for ${LOCK_PATIENCE / 1000} s`,
    todo: "End that process (it may be stopped in the middle of a commit), then run again",
    place: { file: path },
  });
}

/** Makes renames in a folder permanent. */
async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

async function writing<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw notWritable(path, error);
  }
}

function notWritable(path: string, error: unknown): unknown {
  const isBug = error instanceof TypeError || error instanceof RangeError;
  if (isBug || error instanceof PlatformError) return error;
  return new DependencyError({
    code: "sink.not-writable",
    cannot: "write the predictions",
    found: `${path}: ${messageOf(error)}`,
    todo: "Make room or give write permission, then run the same command again to go on",
    place: { file: path },
    cause: error,
  });
}
