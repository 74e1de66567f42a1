/**
 * Files below the store's root. Nothing is ever seen half written: content is prepared aside and
 * renamed into place, so what a crash leaves disturbs nobody.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { DependencyError, isNotFound, messageOf, PlatformError } from "../../errors.ts";
import { incomingFolder, incomingPath } from "./incoming.ts";

const LOCK = "lock";

/** Replaces a file, or makes it together with its folders. */
export async function writeFile(root: string, path: string, content: Content): Promise<void> {
  await guard(path, async () => {
    const prepared = await incomingPath(root);
    await Deno.writeFile(prepared, bytesOf(content));
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.rename(prepared, path);
  });
}

/** As {@linkcode writeFile}, with the content of another file. */
export async function copyFile(root: string, from: string, path: string): Promise<void> {
  await guard(from, async () => {
    const prepared = await incomingPath(root);
    await Deno.copyFile(from, prepared);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.rename(prepared, path);
  });
}

/** Reads and writes what belongs together while no other process does. */
export async function locked<T>(root: string, action: () => Promise<T>): Promise<T> {
  using _lock = await takeLock(root, LOCK);
  return await action();
}

/** Waits for a lock of that name. It ends with the process, however that ends. */
export async function takeLock(root: string, name: string): Promise<Disposable> {
  return await guard(root, async () => {
    const path = join(await incomingFolder(root), name);
    const file = await Deno.open(path, { create: true, write: true });
    await file.lock(true);
    return file;
  });
}

/** Removes a file that may not be there. */
export async function removeFile(path: string): Promise<void> {
  await guard(path, () => Deno.remove(path).catch(undefinedIfMissing));
}

/**
 * Makes a folder with all its content in one step. Of several writers exactly one succeeds.
 *
 * @returns False if it was there already; it is not touched then.
 */
export async function createFolder(
  root: string,
  path: string,
  files: readonly FolderFile[],
  folders: readonly string[] = [],
): Promise<boolean> {
  return await guard(path, async () => {
    const prepared = await incomingPath(root);
    try {
      await Deno.mkdir(prepared);
      for (const folder of folders) await Deno.mkdir(join(prepared, folder), { recursive: true });
      for (const file of files) {
        const target = join(prepared, file.path);
        await Deno.mkdir(dirname(target), { recursive: true });
        await Deno.writeFile(target, bytesOf(file.content));
      }
      await Deno.mkdir(dirname(path), { recursive: true });
      return await renameUnlessTaken(prepared, path);
    } finally {
      await Deno.remove(prepared, { recursive: true }).catch(() => {});
    }
  });
}

/** A file of {@linkcode createFolder}, its path relative to the folder. */
export interface FolderFile {
  readonly path: string;
  readonly content: Content;
}

/** What a file holds; text is UTF-8. */
export type Content = string | Uint8Array;

/** The text of a file, undefined if there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return await guard(path, () => Deno.readTextFile(path).catch(undefinedIfMissing));
}

/** Names of the entries of a folder, sorted; none if there is no such folder. */
export async function listNames(path: string, of: "folders" | "files"): Promise<string[]> {
  return await guard(path, async () => {
    const names: string[] = [];
    try {
      for await (const entry of Deno.readDir(path)) {
        if (of === "folders" ? entry.isDirectory : entry.isFile) names.push(entry.name);
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return names.sort();
  });
}

/** Paths of all files below a folder, relative to it and slash-separated, sorted. */
export async function listTree(path: string): Promise<string[]> {
  const files = await listNames(path, "files");
  for (const folder of await listNames(path, "folders")) {
    for (const file of await listTree(join(path, folder))) files.push(`${folder}/${file}`);
  }
  return files;
}

/** True if something is there. */
export async function exists(path: string): Promise<boolean> {
  return await guard(
    path,
    async () => (await Deno.stat(path).catch(undefinedIfMissing)) !== undefined,
  );
}

/** Runs an access to the disk; what fails there is said in the house form. */
export async function guard<T>(path: string, access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new DependencyError({
      code: "mlflow.store-unusable",
      cannot: "use the MLflow file store",
      found: `${path}: ${messageOf(error)}`,
      todo: "Check that the folder is writable and the disk not full, or set MLFLOW_TRACKING_URI",
      place: { file: path },
      cause: error,
    });
  }
}

/** A folder is not replaced by a rename unless it is empty, on every system we know. */
async function renameUnlessTaken(from: string, to: string): Promise<boolean> {
  try {
    await Deno.rename(from, to);
    return true;
  } catch (error) {
    const taken = await Deno.stat(to).catch(undefinedIfMissing);
    if (taken === undefined) throw error;
    return false;
  }
}

const encoder = new TextEncoder();

function bytesOf(content: Content): Uint8Array {
  return typeof content === "string" ? encoder.encode(content) : content;
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
