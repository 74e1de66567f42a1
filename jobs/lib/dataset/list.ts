/**
 * Finds the files that a path stands for.
 *
 * @module
 */
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, isNotFound, messageOf, UsageError } from "../errors.ts";
import { bucketAndKey, listObjects, listPrefix } from "../storage/mod.ts";
import { formatOf } from "./format.ts";
import { type Glob, parseGlob } from "./glob.ts";
import { Links } from "./links.ts";
import { isManifest, parseManifest } from "./manifest_file.ts";
import { openSource, READ_DATA } from "./source.ts";

/** Deeper than any folder of partitions. */
const DEEPEST = 32;

/**
 * Paths of the files of a dataset, sorted; see `openDataset` for which ones.
 *
 * @throws {DataError} `data.not-found`, `data.empty`, `data.unreadable`, `data.not-parquet`,
 * `data.mixed-formats`, `data.manifest-invalid`, `data.link`
 * @throws {UsageError} `data.unknown-uri`
 * @throws {DependencyError} `storage.…`
 */
export async function listFiles(uri: string): Promise<string[]> {
  if (uri.startsWith("https://")) return [uri];
  const found = isManifest(uri)
    ? parseManifest(await readText(uri), uri)
    : uri.startsWith("s3://")
    ? await listS3(uri)
    : await listLocal(uri);
  const formats = Map.groupBy(found, (path) => formatOf(path)?.name ?? "parquet");
  if (formats.size > 1) throw mixed(uri, [...formats]);
  return found;
}

/** Bytes of a manifest; that of a million objects is smaller. */
const MOST_MANIFEST = 256 * 2 ** 20;

async function readText(uri: string): Promise<string> {
  using source = await openSource(uri.startsWith("s3://") ? uri : pathOf(uri));
  const bytes = await source.read(0, Math.min(source.bytes, MOST_MANIFEST));
  return new TextDecoder().decode(bytes);
}

/**
 * The folder that the files of a URI are below, with a slash at its end unless it is the current one:
 * what a file is called below it stays when the folder is mounted elsewhere.
 */
export function folderOf(uri: string): string {
  if (uri.startsWith("https://")) return uri;
  if (uri.startsWith("s3://")) return parseGlob(uri)?.root ?? uri.replace(/\/*$/, "/");
  const path = uri.startsWith("file:") ? fileURLToPath(uri) : uri;
  // As the paths of its files come.
  const folder = normalize(parseGlob(path)?.root ?? `${path}/`);
  return folder === "./" || folder === "." ? "" : folder;
}

async function listLocal(uri: string): Promise<string[]> {
  const path = pathOf(uri);
  const glob = parseGlob(path);
  const found: string[] = [], others: string[] = [];
  if (glob === undefined) {
    const info = await look(path, () => Deno.stat(path));
    if (info.isFile) return [path];
    if (!info.isDirectory) throw notRegular(path);
  }
  const root = glob === undefined ? path : glob.root || ".";
  const links = new Links(root);
  await walk({ folder: root, below: "", glob, found, others, links }, 0);
  await links.requireDistinct(found);
  if (found.length === 0) throw noFiles(path, others, glob);
  return found.sort(byCodeUnits);
}

/** Whether there is anything at a path or URI, or below it. @throws {DependencyError} */
export async function isThere(uri: string): Promise<boolean> {
  if (uri.startsWith("s3://")) return (await listObjects(uri, READ_DATA)).length > 0;
  if (uri.startsWith("https://")) return false;
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
  const glob = parseGlob(uri);
  const objects = glob === undefined
    ? await listObjects(uri, READ_DATA)
    : await listPrefix(glob.root + glob.start, READ_DATA);
  if (objects.length === 0) {
    throw new DataError({
      code: "data.not-found",
      cannot: "read the data",
      found: `there is no object ${uri}, and none below it`,
      todo: "Check bucket and prefix",
      place: { url: uri },
    });
  }
  const root = glob === undefined ? key : bucketAndKey(glob.root).key;
  const found: string[] = [], others: string[] = [];
  for (const object of objects) {
    const below = bucketAndKey(object).key.slice(root.length).replace(/^\//, "");
    if (below.split("/").some((name) => /^[._]/.test(name)) || object.endsWith("/")) continue;
    if (glob !== undefined && !glob.matches(below)) continue;
    if (object === uri || formatOf(object) !== undefined) found.push(object);
    else others.push(object.split("/").at(-1) ?? "");
  }
  if (found.length === 0) throw noFiles(uri, others, glob);
  return found;
}

function pathOf(uri: string): string {
  if (uri.startsWith("file:")) return fileURLToPath(uri);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1];
  if (scheme === undefined) return uri;
  throw new UsageError({
    code: "data.unknown-uri",
    cannot: `read the data of ${uri}`,
    found: `${scheme}:// is not ${scheme === "http" ? "encrypted" : "known"}`,
    todo: "Give a path, or a URL that begins with s3://, https:// or file://",
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

/** A folder that is looked through. */
interface Walk {
  readonly folder: string;
  /** Its path below the first one. */
  readonly below: string;
  readonly glob: Glob | undefined;
  readonly found: string[];
  /** Files of no known format. */
  readonly others: string[];
  readonly links: Links;
}

async function walk({ folder, below, glob, ...lists }: Walk, depth: number): Promise<void> {
  if (depth > DEEPEST) throw tooDeep(folder);
  const entries = await look(folder, () => Array.fromAsync(Deno.readDir(folder)));
  for (const { name, isSymlink, isFile, isDirectory } of entries) {
    if (/^[._]/.test(name)) continue;
    const path = join(folder, name);
    const within = below === "" ? name : `${below}/${name}`;
    const is = isSymlink ? await look(path, () => Deno.stat(path)) : { isFile, isDirectory };
    if (isSymlink) await lists.links.follow(path, folder);
    if (is.isDirectory) {
      if (glob?.mayHold(within) === false) continue;
      await walk({ folder: path, below: within, glob, ...lists }, depth + 1);
    } else if (glob?.matches(within) === false) continue;
    else if (is.isFile && formatOf(name) !== undefined) lists.found.push(path);
    else lists.others.push(path);
  }
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

function noFiles(place: string, others: readonly string[], glob: Glob | undefined): DataError {
  const few = others.slice(0, 3).join(", ") +
    (others.length > 3 ? ` and ${others.length - 3} more` : "");
  const what = glob === undefined ? `the folder ${place}` : `what ${place} means`;
  return new DataError({
    code: "data.empty",
    cannot: "read the data",
    found: others.length === 0
      ? `${what} has no files`
      : `${what} has no files of a known format, only ${few}`,
    todo: "Give .parquet files, or .csv, .tsv, .ndjson, .jsonl, each also with .gz",
    place: { file: place },
  });
}

function mixed(uri: string, formats: readonly [string, readonly string[]][]): DataError {
  const found = formats.map(([name, [first]]) => `${name} (${first})`).join(" and ");
  return new DataError({
    code: "data.mixed-formats",
    cannot: "read the data",
    found: `${uri} has ${found}`,
    todo: "Say which ones are meant: FOLDER/*.parquet",
    place: { file: uri },
  });
}

function notRegular(path: string): DataError {
  return new DataError({
    code: "data.not-parquet",
    cannot: `read ${path}`,
    found: "it is neither a file nor a folder",
    todo: "Give a file or a folder of them",
    place: { file: path },
  });
}

function tooDeep(folder: string): DataError {
  return new DataError({
    code: "data.unreadable",
    cannot: `read ${folder}`,
    found: `folders are nested more than ${DEEPEST} deep`,
    todo: "Give a folder further down, or move the files up",
    place: { file: folder },
  });
}
