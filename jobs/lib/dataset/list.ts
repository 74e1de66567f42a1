/**
 * Finds the parquet files that a path stands for.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, isNotFound, messageOf, UsageError } from "../errors.ts";
import { bucketAndKey, listObjects } from "../storage/mod.ts";
import { READ_DATA } from "./source.ts";

/** Deeper than any folder of partitions; a symbolic link to a parent folder ends here. */
const DEEPEST = 32;

/**
 * Paths of the files of a dataset, sorted; see `openDataset` for which ones.
 *
 * @throws {DataError} `data.not-found`, `data.empty`, `data.unreadable`, `data.not-parquet`
 * @throws {UsageError} `data.unknown-uri`
 * @throws {DependencyError} `storage.…`
 */
export async function listParquet(uri: string): Promise<string[]> {
  if (uri.startsWith("s3://")) return await listS3(uri);
  const path = pathOf(uri);
  const info = await look(path, () => Deno.stat(path));
  if (info.isFile) return [path];
  if (!info.isDirectory) throw notRegular(path);
  const found: string[] = [];
  const others: string[] = [];
  await walk(path, found, others, 0);
  if (found.length === 0) throw noFiles(path, others);
  return found.sort(byCodeUnits);
}

/** Whether there is anything at a path or URI, or below it. @throws {DependencyError} */
export async function isThere(uri: string): Promise<boolean> {
  if (uri.startsWith("s3://")) return (await listObjects(uri, READ_DATA)).length > 0;
  try {
    return (await Deno.stat(pathOf(uri))).isDirectory;
  } catch {
    return false;
  }
}

/** As in folders: names that begin with `.` or `_` are left out at every level below the URI. */
async function listS3(uri: string): Promise<string[]> {
  const { bucket, key } = bucketAndKey(uri);
  if (bucket === "") throw noBucket(uri);
  const objects = await listObjects(uri, READ_DATA);
  if (objects.length === 0) {
    throw new DataError({
      code: "data.not-found",
      cannot: "read the data",
      found: `there is no object ${uri}, and none below it`,
      todo: "Check bucket and prefix",
      place: { url: uri },
    });
  }
  const found: string[] = [], others: string[] = [];
  for (const object of objects) {
    const below = bucketAndKey(object).key.slice(key.length).split("/");
    if (below.some((name) => /^[._]/.test(name)) || object.endsWith("/")) continue;
    const name = object.split("/").at(-1) ?? "";
    if (object === uri || isParquetName(name)) found.push(object);
    else others.push(name);
  }
  if (found.length === 0) throw noFiles(uri, others);
  return found;
}

function pathOf(uri: string): string {
  if (uri.startsWith("file:")) return fileURLToPath(uri);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1];
  if (scheme === undefined) return uri;
  throw new UsageError({
    code: "data.unknown-uri",
    cannot: `read the data of ${uri}`,
    found: `${scheme}:// is not known`,
    todo: "Give a path, an s3:// or a file:// URL",
  });
}

function noBucket(uri: string): UsageError {
  return new UsageError({
    code: "data.unknown-uri",
    cannot: `read the data of ${uri}`,
    found: "it names no bucket",
    todo: "Give s3://BUCKET/PREFIX",
  });
}

async function walk(folder: string, found: string[], others: string[], depth: number) {
  if (depth > DEEPEST) throw tooDeep(folder);
  const entries = await look(folder, () => Array.fromAsync(Deno.readDir(folder)));
  for (const { name, isSymlink, isFile, isDirectory } of entries) {
    if (/^[._]/.test(name)) continue;
    const path = join(folder, name);
    const is = isSymlink ? await look(path, () => Deno.stat(path)) : { isFile, isDirectory };
    if (is.isDirectory) await walk(path, found, others, depth + 1);
    else if (is.isFile && isParquetName(name)) found.push(path);
    else others.push(path);
  }
}

function isParquetName(name: string): boolean {
  return /\.(parquet|parq|pq)$/i.test(name) || !name.includes(".");
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function look<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isNotFound(error)) {
      throw new DataError({
        code: "data.not-found",
        cannot: "read the data",
        found: `there is no ${path}`,
        todo: "Check the path; a relative one starts at the current folder",
        place: { file: path },
        cause: error,
      });
    }
    throw new DataError({
      code: "data.unreadable",
      cannot: `read ${path}`,
      found: messageOf(error),
      todo: "Make it readable for this user",
      place: { file: path },
      cause: error,
    });
  }
}

function noFiles(folder: string, others: readonly string[]): DataError {
  const found = others.length === 0
    ? `the folder ${folder} has no files`
    : `the folder ${folder} has no parquet files, only ${others.slice(0, 3).join(", ")}` +
      (others.length > 3 ? ` and ${others.length - 3} more` : "");
  return new DataError({
    code: "data.empty",
    cannot: "read the data",
    found,
    todo: "Give a folder with .parquet files",
    place: { file: folder },
  });
}

function notRegular(path: string): DataError {
  return new DataError({
    code: "data.not-parquet",
    cannot: `read ${path}`,
    found: "it is neither a file nor a folder",
    todo: "Give a parquet file or a folder of them",
    place: { file: path },
  });
}

function tooDeep(folder: string): DataError {
  return new DataError({
    code: "data.unreadable",
    cannot: `read ${folder}`,
    found: `folders are nested more than ${DEEPEST} deep`,
    todo: "Look for a symbolic link to a folder above it",
    place: { file: folder },
  });
}
