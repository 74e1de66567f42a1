/**
 * Folders and files for results.
 *
 * @module
 */

import { join } from "node:path";
import { DependencyError, messageOf } from "../lib/errors.ts";

/** An older file is replaced only when the new one is complete. */
export function writeText(path: string, text: string): Promise<void> {
  return guarded(path, async () => {
    const temporary = `${path}.${crypto.randomUUID()}.tmp`;
    try {
      await Deno.writeTextFile(temporary, text);
      await Deno.rename(temporary, path);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      throw error;
    }
  });
}

/**
 * Makes sure that folders can be written to, and makes those that are not there.
 *
 * @throws {DependencyError} `output.not-writable`
 */
export async function claimFolders(...folders: readonly string[]): Promise<void> {
  for (const folder of new Set(folders)) {
    await guarded(folder, async () => {
      await Deno.mkdir(folder, { recursive: true });
      const probe = join(folder, `.probe-${crypto.randomUUID()}`);
      await Deno.writeTextFile(probe, "");
      await Deno.remove(probe);
    });
  }
}

/** Runs what writes to a path. @throws {DependencyError} `output.not-writable` */
export async function guarded(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof DependencyError) throw error;
    throw new DependencyError({
      code: "output.not-writable",
      cannot: `write ${path}`,
      found: messageOf(error),
      todo: "Free space or give --output a folder that this user may write to",
      place: { file: path },
      cause: error,
    });
  }
}
