/**
 * Artifacts that a server tells its clients to keep on S3 by themselves, as SageMaker's do.
 *
 * @module
 */

import { DataError } from "../../errors.ts";
import { listObjects, openObject, uploadObject, type UploadOptions } from "../../storage/mod.ts";
import { checkArtifactPath } from "../names.ts";
import type { Artifact } from "../store.ts";
import { type ArtifactAccess, MAX_FILES } from "./access.ts";
import { openContent } from "./content.ts";
import { fewAtOnce } from "./few_at_once.ts";

/** Reads and writes below `s3://bucket/key`. */
export function s3Artifacts(options: UploadOptions): ArtifactAccess {
  const list = async (uri: string): Promise<string[]> => {
    const root = rootOf(uri);
    const objects = await listObjects(root, PURPOSE);
    // Consoles make empty objects to show folders.
    return objects.map((object) => object.slice(root.length))
      .filter((path) => path !== "" && !path.endsWith("/"));
  };
  return {
    async upload(uri, artifacts) {
      for (const { path } of artifacts) checkArtifactPath(path);
      await fewAtOnce(artifacts, async (artifact) => {
        using content = await openContent(artifact);
        await uploadObject(rootOf(uri) + artifact.path, content, PURPOSE, options);
      });
    },
    async download(uri) {
      const paths = await list(uri);
      if (paths.length === 0 || paths.length > MAX_FILES) throw unfit(uri, paths.length);
      for (const path of paths) checkArtifactPath(path);
      return await fewAtOnce(paths, async (path): Promise<Artifact> => {
        const bytes = await readObject(rootOf(uri) + path, options.signal);
        if (bytes === undefined) throw unfit(`${rootOf(uri)}${path}`, 0);
        return { path, bytes };
      });
    },
    has: async (uri) => (await list(uri)).length > 0,
  };
}

/**
 * The bytes of an object; undefined if there is none. A large one is read in pieces, so that what
 * breaks off goes on where it was.
 *
 * @throws {DependencyError} `storage.…`
 * @throws {DataError} `data.changed`
 */
export async function readObject(
  uri: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  signal?.throwIfAborted();
  const object = await openObject(uri, PURPOSE);
  if (object === undefined) return undefined;
  const bytes = new Uint8Array(object.bytes);
  for (let from = 0; from < bytes.length; from += PIECE) {
    signal?.throwIfAborted();
    const to = Math.min(from + PIECE, bytes.length);
    bytes.set(new Uint8Array(await object.read(from, to)), from);
  }
  return bytes;
}

const PIECE = 16 << 20;
const PURPOSE = { option: "--tracking-uri", purpose: "use MLflow's artifacts" };

function rootOf(uri: string): string {
  return `${uri.replace(/\/+$/, "")}/`;
}

function unfit(uri: string, count: number): DataError {
  return new DataError({
    code: "mlflow.artifacts-missing",
    cannot: "download the model",
    found: count === 0 ? `there are no files at ${uri}` : `there are over ${MAX_FILES} at ${uri}`,
    todo: count === 0
      ? "Register the model again, or restore the bucket's objects"
      : "Give the URI of the model, not of a folder above it",
    place: { url: uri },
  });
}
