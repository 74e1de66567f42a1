/**
 * Artifacts of a store on this machine's disk. Their URIs are `file:///…` with the absolute path, as
 * Python writes them, so that it finds them from any working directory.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DataError, isNotFound, UsageError } from "../../errors.ts";
import { checkArtifactPath } from "../names.ts";
import type { Artifact, LocalFile } from "../store.ts";
import { copyFile, exists, guard, listTree, writeFile } from "./disk.ts";

/** `file:///…` of an absolute path. */
export function toFileUri(path: string): string {
  return pathToFileURL(path).href.replace(/\/$/, "");
}

/**
 * The path of an artifact URI.
 * @throws {UsageError} `mlflow.artifact-root-unsupported` for anything but a file
 */
export function fromFileUri(uri: string): string {
  if (uri.startsWith("file://")) return fileURLToPath(uri);
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) {
    throw new UsageError({
      code: "mlflow.artifact-root-unsupported",
      cannot: "use the artifacts of the file store",
      found: `they are at ${uri}`,
      todo: "Use an experiment whose artifact location is a local folder",
      place: { url: uri },
    });
  }
  return uri;
}

/**
 * The folder that an artifact URI means. A store that was moved as a whole keeps the old place in
 * its files; what is in the same place below the new root is taken then.
 */
export async function artifactFolder(root: string, uri: string): Promise<string> {
  const path = fromFileUri(uri);
  if (await exists(path)) return path;
  const inside = /[/\\]([^/\\]+[/\\](?:models[/\\])?[^/\\]+[/\\]artifacts(?:[/\\].*)?)$/.exec(path)
    ?.[1];
  const moved = inside === undefined ? path : join(root, inside);
  return await exists(moved) ? moved : path;
}

/** Writes artifacts below a folder. */
export async function writeArtifacts(
  root: string,
  folder: string,
  artifacts: readonly (Artifact | LocalFile)[],
): Promise<void> {
  for (const { path } of artifacts) checkArtifactPath(path);
  for (const artifact of artifacts) {
    const target = join(folder, artifact.path);
    if ("bytes" in artifact) await writeFile(root, target, artifact.bytes);
    else await copyFile(root, artifact.file, target);
  }
}

/** Reads all files below a folder. @throws {DataError} `mlflow.artifacts-missing` */
export async function readArtifacts(folder: string): Promise<Artifact[]> {
  const paths = await listTree(folder);
  if (paths.length === 0) throw missing(folder);
  const read = async (path: string): Promise<Artifact> => {
    const file = join(folder, path);
    return { path, bytes: await guard(file, () => Deno.readFile(file).catch(orMissing(file))) };
  };
  return await Promise.all(paths.map(read));
}

function orMissing(file: string): (error: unknown) => never {
  return (error) => {
    throw isNotFound(error) ? missing(file) : error;
  };
}

function missing(path: string): DataError {
  return new DataError({
    code: "mlflow.artifacts-missing",
    cannot: "read the artifacts of the MLflow file store",
    found: `there is nothing at ${path}`,
    todo: "Restore the folder, or register the model again",
    place: { file: path },
  });
}
