/**
 * Writes a model bundle to a folder.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "node:path";
import { DependencyError, isNotFound, messageOf } from "../../errors.ts";
import { checkArtifactPath } from "../names.ts";
import type { Artifact } from "../store.ts";

/**
 * Writes the files as the only content of a folder; what was there before is replaced once all of
 * them are written. Where the folder can be renamed it changes in one step; a mount point
 * (`/opt/ml/model`) changes file by file, `model.onnx` first.
 *
 * @throws {DependencyError} `model.unwritable`
 */
export async function writeBundle(folder: string, files: readonly Artifact[]): Promise<void> {
  for (const { path } of files) checkArtifactPath(path);
  const target = resolve(folder);
  try {
    await swap(target, files).catch(async (error) => {
      if (!await isFolder(target)) throw error;
      await fill(target, files);
    });
  } catch (error) {
    throw new DependencyError({
      code: "model.unwritable",
      cannot: "write the model",
      found: `${folder}: ${messageOf(error)}`,
      todo: "Check that the folder is writable and the disk not full",
      place: { file: folder },
      cause: error,
    });
  }
}

async function swap(target: string, files: readonly Artifact[]): Promise<void> {
  const id = crypto.randomUUID().slice(0, 8);
  const beside = (what: string) => join(dirname(target), `.${basename(target)}.${what}-${id}`);
  const [prepared, replaced] = [beside("new"), beside("old")];
  try {
    await writeAll(prepared, files);
    await Deno.rename(target, replaced).catch((error) => {
      if (!isNotFound(error)) throw error;
    });
    await Deno.rename(prepared, target).catch(async (error) => {
      await Deno.rename(replaced, target).catch(() => {});
      throw error;
    });
    await Deno.remove(replaced, { recursive: true }).catch(() => {});
  } finally {
    await Deno.remove(prepared, { recursive: true }).catch(() => {});
  }
}

async function fill(target: string, files: readonly Artifact[]): Promise<void> {
  const prepared = join(target, `.new-${crypto.randomUUID().slice(0, 8)}`);
  try {
    await writeAll(prepared, files);
    for (const entry of await Array.fromAsync(Deno.readDir(target))) {
      const path = join(target, entry.name);
      if (path !== prepared) await Deno.remove(path, { recursive: true });
    }
    for (const name of new Set(files.map(({ path }) => path.split("/")[0] ?? path))) {
      await Deno.rename(join(prepared, name), join(target, name));
    }
  } finally {
    await Deno.remove(prepared, { recursive: true }).catch(() => {});
  }
}

async function writeAll(folder: string, files: readonly Artifact[]): Promise<void> {
  for (const { path, bytes } of files) {
    const file = join(folder, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeFile(file, bytes);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isDirectory ?? false;
}
