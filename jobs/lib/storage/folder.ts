/**
 * Texts and bytes as files of a folder.
 *
 * @module
 */
import { dirname, join, relative } from "node:path";
import { DependencyError, isNotFound, messageOf } from "../errors.ts";
import { bytesOf, equalBytes, type Purpose, type Storage } from "./storage.ts";

/** A storage in a folder, which is made when the first key is. */
export function folderStorage(folder: string, what: Purpose): Storage {
  const locate = (key: string) => join(folder, key);
  const readBytes = async (key: string) => {
    const path = locate(key);
    return await using(path, what, async () => {
      try {
        return await Deno.readFile(path);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
  };
  return {
    uri: folder,
    locate,
    create: async (key, content) => {
      const path = locate(key);
      const bytes = bytesOf(content);
      return await using(path, what, async () => {
        if (await link(path, bytes)) return true;
        return equalBytes(await Deno.readFile(path), bytes);
      });
    },
    read: async (key) => {
      const bytes = await readBytes(key);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    readBytes,
    list: async (prefix) => {
      const found: string[] = [];
      await using(folder, what, () => walk(folder, found));
      return found.map((path) => relative(folder, path).replaceAll("\\", "/"))
        .filter((key) => key.startsWith(prefix)).sort();
    },
  };
}

/** Creates a file whole, durably, and not at all if there is one. */
async function link(path: string, bytes: Uint8Array): Promise<boolean> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}${TEMPORARY}`;
  try {
    using file = await Deno.open(temporary, { createNew: true, write: true });
    for (let written = 0; written < bytes.length;) {
      written += await file.write(bytes.subarray(written));
    }
    await file.sync();
    // A hard link, unlike a rename, refuses to replace.
    await Deno.link(temporary, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  } finally {
    await Deno.remove(temporary).catch(() => {});
  }
  using parent = await Deno.open(dirname(path), { read: true });
  await parent.sync();
  return true;
}

const TEMPORARY = ".tmp";

async function walk(folder: string, found: string[]): Promise<void> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) await walk(path, found);
      else if (!name.endsWith(TEMPORARY)) found.push(path);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function using<T>(
  path: string,
  { option, purpose }: Purpose,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw new DependencyError({
      code: "storage.folder-unusable",
      cannot: purpose,
      found: `${path}: ${messageOf(error)}`,
      todo: `Free space there, or give ${option} a folder that this user may write to`,
      place: { file: path, option },
      cause: error,
    });
  }
}
