/**
 * Blocks as files of a folder.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { DependencyError, isNotFound, messageOf } from "../../errors.ts";
import type { BlockStore } from "../forest.ts";

/**
 * Keeps blocks in a folder, such as SageMaker's `/opt/ml/checkpoints`. What watches the folder sees
 * whole blocks only: each is written beside the folder, then moved in.
 */
export function blockFolder(folder: string): BlockStore {
  return {
    place: folder,
    list: (prefix = "") =>
      using(folder, async () => {
        await Deno.mkdir(folder, { recursive: true });
        const names: string[] = [];
        for await (const { name, isFile } of Deno.readDir(folder)) {
          if (isFile && !name.startsWith(".") && name.startsWith(prefix)) names.push(name);
        }
        return names.sort();
      }),
    read: (name) =>
      using(folder, async () => {
        try {
          return await Deno.readFile(join(folder, name));
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      }),
    write: (name, bytes) => using(folder, () => moveIn(folder, name, bytes)),
  };
}

async function moveIn(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const hidden = `.${basename(folder)}-${crypto.randomUUID()}`;
  const beside = join(dirname(folder), hidden);
  try {
    await writeDurably(beside, bytes);
    await Deno.rename(beside, join(folder, name));
  } catch {
    // Beside it is another disk, or nothing may be written: then inside, where a hidden file is not
    // taken for a block.
    const inside = join(folder, hidden);
    await writeDurably(inside, bytes);
    await Deno.rename(inside, join(folder, name));
  } finally {
    await Deno.remove(beside).catch(() => {});
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { createNew: true, write: true });
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}

async function using<T>(folder: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw new DependencyError({
      code: "forest.checkpoint-folder",
      cannot: "keep finished trees",
      found: `${folder}: ${messageOf(error)}`,
      todo: "Give --checkpoint-dir a folder that this user may write to, or leave it out",
      place: { file: folder, option: "checkpoint-dir" },
      cause: error,
    });
  }
}
