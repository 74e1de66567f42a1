/**
 * Artifacts of a server: through its proxy (`mlflow-artifacts:/…`), or on the disk that we share with
 * a server on this machine.
 *
 * @module
 */

import { DataError, UsageError } from "../../errors.ts";
import { fromFileUri, readArtifacts, writeArtifacts } from "../file/artifacts.ts";
import { checkArtifactPath } from "../names.ts";
import type { Artifact } from "../store.ts";
import { FILES } from "./answers.ts";
import { type Http } from "./http.ts";
import { refused } from "./http_errors.ts";

const PROXY = "/api/2.0/mlflow-artifacts/artifacts";
/** One file may take this long each way. */
const TRANSFER_MS = 10 * 60_000;
/** A bundle has a dozen files; a run that someone else filled may have more. */
const MAX_FILES = 10_000;

/** Reads and writes below artifact URIs. */
export interface ArtifactAccess {
  upload(uri: string, artifacts: readonly Artifact[]): Promise<void>;
  download(uri: string): Promise<Artifact[]>;
  /** True if there is at least one file. */
  has(uri: string): Promise<boolean>;
}

/** Artifacts of the server that `http` talks to. */
export function serverArtifacts(http: Http): ArtifactAccess {
  const list = async (root: string, folder: string, files: string[]): Promise<void> => {
    const path = folder === "" ? root : `${root}/${folder}`;
    const answer = await http.json({
      method: "GET",
      path: `${PROXY}?path=${encodeURIComponent(path)}`,
      cannot: "list the model's files on the MLflow server",
    }, FILES);
    for (const entry of answer.files) {
      const name = entry.path.split("/").at(-1) ?? "";
      const child = folder === "" ? name : `${folder}/${name}`;
      checkArtifactPath(child);
      if (entry.is_dir) await list(root, child, files);
      else files.push(child);
      if (files.length > MAX_FILES) throw tooMany(root);
    }
  };

  const listAll = async (uri: string): Promise<string[]> => {
    const files: string[] = [];
    await list(proxyPath(uri, http.baseUrl), "", files);
    return files.sort();
  };

  return {
    async upload(uri, artifacts) {
      for (const { path } of artifacts) checkArtifactPath(path);
      if (isShared(uri, http.baseUrl)) {
        return await writeArtifacts(fromFileUri(uri), fromFileUri(uri), artifacts);
      }
      const root = proxyPath(uri, http.baseUrl);
      for (const { path, bytes } of artifacts) {
        const answer = await http.send({
          method: "PUT",
          path: `${PROXY}/${encodePath(`${root}/${path}`)}`,
          body: unshared(bytes),
          idempotent: true,
          cannot: `upload ${path} to the MLflow server`,
          timeoutMs: TRANSFER_MS,
        });
        if (answer.status === 404 && answer.errorCode === undefined) throw unsupported(uri);
        if (answer.status >= 300) throw refused(answer, http.baseUrl);
      }
    },
    async download(uri) {
      if (isShared(uri, http.baseUrl)) return await readArtifacts(fromFileUri(uri));
      const root = proxyPath(uri, http.baseUrl);
      const files: Artifact[] = [];
      for (const path of await listAll(uri)) {
        const answer = await http.send({
          method: "GET",
          path: `${PROXY}/${encodePath(`${root}/${path}`)}`,
          cannot: `download ${path} from the MLflow server`,
          timeoutMs: TRANSFER_MS,
        });
        if (answer.status >= 300) throw refused(answer, http.baseUrl);
        files.push({ path, bytes: answer.bytes });
      }
      if (files.length === 0) throw missing(uri);
      return files;
    },
    async has(uri) {
      return isShared(uri, http.baseUrl)
        ? await readArtifacts(fromFileUri(uri)).then(() => true, () => false)
        : (await listAll(uri)).length > 0;
    },
  };
}

/**
 * The path below the proxy of an artifact URI.
 *
 * @throws {UsageError} `mlflow.artifact-root-unsupported` where the server does not proxy artifacts
 */
export function proxyPath(uri: string, baseUrl: string): string {
  if (/^mlflow-artifacts:\/*$/.test(uri)) return "";
  const match = /^mlflow-artifacts:(?:\/\/([^/]+))?\/(.+)$/.exec(uri);
  const [, host, path] = match ?? [];
  if (path === undefined) throw unsupported(uri);
  if (host !== undefined && host !== new URL(baseUrl).host) throw unsupported(uri);
  return decodeURI(path).replace(/\/+$/, "");
}

/** A path for a URL: its parts encoded, its slashes kept. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** The bytes as fetch takes them; copied only where other threads may write to them. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(bytes);
}

/** True for files of a server on this machine, which writes them where we can read them. */
function isShared(uri: string, baseUrl: string): boolean {
  const local = uri.startsWith("file:") || uri.startsWith("/");
  return local && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(baseUrl).hostname);
}

function unsupported(uri: string): UsageError {
  return new UsageError({
    code: "mlflow.artifact-root-unsupported",
    cannot: "use the artifacts of the MLflow server",
    found: `it keeps them at ${uri}`,
    todo:
      "Start the server with --serve-artifacts, so that it passes them on, and use an experiment " +
      "made after that",
    place: { url: uri },
  });
}

function missing(uri: string): DataError {
  return new DataError({
    code: "mlflow.artifacts-missing",
    cannot: "download the model from the MLflow server",
    found: `there are no files at ${uri}`,
    todo: "Register the model again, or restore the server's artifacts",
    place: { url: uri },
  });
}

function tooMany(path: string): DataError {
  return new DataError({
    code: "mlflow.artifacts-missing",
    cannot: "download the model from the MLflow server",
    found: `there are more than ${MAX_FILES} files at ${path}`,
    todo: "Give the URI of the model, not of a folder above it",
    place: { url: path },
  });
}
