/**
 * Data in and out of a job's tree, as SageMaker copies it.
 *
 * @module
 */
import { createReadStream, createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { isNotFound } from "../../jobs/lib/errors.ts";
import { StepFailure } from "./failures.ts";
import type { Objects } from "./objects.ts";

/** Which objects of a prefix an instance gets. */
export interface Share {
  /** Of the instance, from 0. */
  readonly index: number;
  readonly count: number;
}

/**
 * Copies the objects of a prefix into a folder.
 *
 * @param share with `ShardedByS3Key` every count-th object by key; undefined for all
 * @throws {StepFailure} where there is nothing, as on SageMaker
 */
export async function download(
  objects: Objects,
  uri: string,
  folder: string,
  share: Share | undefined,
): Promise<void> {
  const all = await objects.list(uri);
  if (all.length === 0) {
    throw new StepFailure(
      `ClientError: Data download failed: there is nothing at ${uri} (${objects.local(uri)})`,
    );
  }
  await Deno.mkdir(folder, { recursive: true });
  const own = share === undefined
    ? all
    : all.filter((_, index) => index % share.count === share.index);
  for (const object of own) {
    const file = join(folder, object.path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await objects.get(object, file);
  }
}

/** Copies the files of a folder below a URI. Symbolic links are left out, as on SageMaker. */
export async function upload(objects: Objects, folder: string, uri: string): Promise<void> {
  const base = uri.replace(/\/+$/, "");
  for (const path of await filesOf(folder)) {
    await objects.put(join(folder, path), `${base}/${path}`);
  }
}

/** Packs the files of folders into one archive; of equal paths the last one counts. */
export async function archive(folders: readonly string[], file: string): Promise<void> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const path of await filesOf(folder)) files.set(path, join(folder, path));
  }
  const tar = pack();
  await Deno.mkdir(dirname(file), { recursive: true });
  const written = pipeline(tar, createGzip({ level: 1 }), createWriteStream(file));
  for (const [name, path] of [...files].sort(([a], [b]) => a < b ? -1 : 1)) {
    const { size } = await Deno.stat(path);
    const entry = tar.entry({ name, size, mtime: new Date(0) });
    await pipeline(createReadStream(path), entry);
  }
  tar.finalize();
  await written;
}

/** Paths of all files below a folder, sorted; none if it does not exist. */
async function filesOf(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory, isFile } of Deno.readDir(join(folder, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      if (isDirectory) found.push(...await filesOf(folder, path));
      else if (isFile) found.push(path);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return found.sort();
}
