/**
 * Folders in the place of S3: `s3://bucket/key` is `ROOT/bucket/key`, unless a prefix of it is mapped
 * to a folder. What is no `s3://` is a path.
 *
 * @module
 */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isNotFound, UsageError } from "../../jobs/lib/errors.ts";
import type { Objects, StoredObject } from "./objects.ts";

/** Folders by the prefix that they stand in for. */
export type FolderMap = ReadonlyMap<string, string>;

/** Reads `s3://bucket/prefix=folder` of `--map`. @throws {UsageError} `pipeline.map-invalid` */
export function readFolderMap(lines: readonly string[]): FolderMap {
  const map = new Map<string, string>();
  for (const line of lines) {
    const [, prefix, folder] = /^(s3:\/\/[^=]+)=(.+)$/.exec(line) ?? [];
    if (prefix === undefined || folder === undefined) {
      throw new UsageError({
        code: "pipeline.map-invalid",
        cannot: "put folders in the place of S3",
        found: `${JSON.stringify(line)} is not s3://BUCKET/PREFIX=FOLDER`,
        todo: "Correct it",
        place: { option: "--map" },
      });
    }
    map.set(prefix.replace(/\/+$/, ""), folder);
  }
  return map;
}

/** Objects that are files. */
export function folderObjects(root: string, map: FolderMap): Objects {
  const pathOf = (uri: string): string => {
    if (uri.startsWith("file:")) return fileURLToPath(uri);
    if (!uri.startsWith("s3://")) return resolve(uri);
    const [prefix, folder] = [...map]
      .filter(([prefix]) => uri === prefix || uri.startsWith(`${prefix}/`))
      .reduce((best, each) => each[0].length > best[0].length ? each : best, ["s3:/", root]);
    const path = uri.slice(prefix.length).split("/").filter((part) => part !== "");
    if (path.includes("..") || path.includes(".")) {
      throw new UsageError({
        code: "pipeline.uri-invalid",
        cannot: `find ${uri}`,
        found: "a part of it is . or ..",
        todo: "Give a URI without",
      });
    }
    return join(resolve(folder), ...path);
  };
  return {
    local: pathOf,
    folder: pathOf,
    list: async (uri) => {
      const path = pathOf(uri);
      const info = await stat(path);
      if (info === undefined) return [];
      if (!info.isDirectory) return [{ path: path.split(/[\\/]/).at(-1) ?? "", id: path }];
      const found: StoredObject[] = [];
      await walk(path, (file) => found.push({ path: slashed(relative(path, file)), id: file }));
      return found.sort((a, b) => a.path < b.path ? -1 : 1);
    },
    get: async ({ id }, file) => await Deno.copyFile(id, file),
    put: async (file, uri) => {
      const path = pathOf(uri);
      await Deno.mkdir(dirname(path), { recursive: true });
      // Whole or not at all, as an object is.
      const temporary = `${path}.${crypto.randomUUID()}.tmp`;
      await Deno.copyFile(file, temporary);
      await Deno.rename(temporary, path);
    },
    text: async (uri) => {
      try {
        return await Deno.readTextFile(pathOf(uri));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
  };
}

async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Visits every file, through symbolic links too: here they are the user's own. */
async function walk(folder: string, visit: (file: string) => void): Promise<void> {
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    const path = join(folder, name);
    const directory = isSymlink ? (await Deno.stat(path)).isDirectory : isDirectory;
    if (directory) await walk(path, visit);
    else if (!name.endsWith(".tmp")) visit(path);
  }
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
