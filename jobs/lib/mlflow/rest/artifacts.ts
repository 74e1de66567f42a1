/**
 * Artifacts of a server: through its proxy (`mlflow-artifacts:/…`), on S3, or on the disk that we
 * share with a server on this machine.
 *
 * @module
 */

import { DataError, UsageError } from "../../errors.ts";
import type { UploadOptions } from "../../storage/mod.ts";
import type { ArtifactAccess } from "../artifacts/access.ts";
import { type Content, openContent } from "../artifacts/content.ts";
import { fewAtOnce } from "../artifacts/few_at_once.ts";
import { s3Artifacts } from "../artifacts/s3.ts";
import { fromFileUri, readArtifacts, writeArtifacts } from "../file/artifacts.ts";
import { checkArtifactPath } from "../names.ts";
import type { Artifact } from "../store.ts";
import { FILES } from "./answers.ts";
import { startDownload } from "./download.ts";
import type { Http } from "./http.ts";
import { accepted } from "./http_errors.ts";
import { uploadInParts } from "./multipart.ts";

/** How artifacts go to and fro. */
export interface ServerArtifactOptions extends UploadOptions {
  /** Whether large files go to the server's S3 in parts, past the server, if it is on S3. */
  readonly proxyMultipart: boolean;
}

const PROXY = "/api/2.0/mlflow-artifacts/artifacts";
/** One file may take this long to the server, and until the first of it comes back. */
const TRANSFER_MS = 10 * 60_000;
/** A bundle has a dozen files; a run that someone else filled may have more. */
const MAX_FILES = 10_000;

/** Artifacts of the server that `http` talks to, wherever it has its clients put them. */
export function serverArtifacts(http: Http, options: ServerArtifactOptions): ArtifactAccess {
  const passedOn = proxyArtifacts(http, options);
  const direct = s3Artifacts(options);
  const at = (uri: string): ArtifactAccess => {
    if (/^s3:/i.test(uri)) return direct;
    return isShared(uri, http.baseUrl) ? DISK : passedOn;
  };
  return {
    upload: (uri, artifacts) => at(uri).upload(uri, artifacts),
    download: (uri) => at(uri).download(uri),
    has: (uri) => at(uri).has(uri),
  };
}

/** Of a server on this machine, which writes them where we can read them. */
const DISK: ArtifactAccess = {
  upload: (uri, artifacts) => writeArtifacts(fromFileUri(uri), fromFileUri(uri), artifacts),
  download: (uri) => readArtifacts(fromFileUri(uri)),
  has: (uri) => readArtifacts(fromFileUri(uri)).then(() => true, () => false),
};

interface RemoteFile {
  /** Below the folder that was listed. */
  readonly path: string;
  /** Bytes, if the server says. */
  readonly size: number | undefined;
}

function proxyArtifacts(http: Http, options: ServerArtifactOptions): ArtifactAccess {
  const list = async (root: string, folder: string, files: RemoteFile[]): Promise<void> => {
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
      else files.push({ path: child, size: entry.file_size ?? undefined });
      if (files.length > MAX_FILES) throw tooMany(root);
    }
  };

  const listAll = async (uri: string): Promise<RemoteFile[]> => {
    const files: RemoteFile[] = [];
    await list(proxyPath(uri, http.baseUrl), "", files);
    return files.sort((a, b) => a.path < b.path ? -1 : 1);
  };

  const put = async (uri: string, path: string, body: Content, cannot: string): Promise<void> => {
    const answer = await http.send({
      method: "PUT",
      path: `${PROXY}/${encodePath(path)}`,
      body,
      idempotent: true,
      cannot,
      timeoutMs: TRANSFER_MS,
    });
    if (answer.status === 404 && answer.errorCode === undefined) throw unsupported(uri);
    accepted(answer, http.baseUrl);
  };

  return {
    async upload(uri, artifacts) {
      for (const { path } of artifacts) checkArtifactPath(path);
      const root = proxyPath(uri, http.baseUrl);
      await fewAtOnce(artifacts, async (artifact) => {
        const path = `${root}/${artifact.path}`;
        const cannot = `upload ${artifact.path} to the MLflow server`;
        using content = await openContent(artifact);
        const inParts = options.proxyMultipart && content.size >= options.multipartFrom;
        if (inParts && await uploadInParts(http, path, content, cannot, options)) return;
        await put(uri, path, content, cannot);
      });
    },
    async download(uri) {
      const root = proxyPath(uri, http.baseUrl);
      const files = await fewAtOnce(
        await listAll(uri),
        async ({ path, size }): Promise<Artifact> => {
          const answer = await http.send({
            method: "GET",
            path: `${PROXY}/${encodePath(`${root}/${path}`)}`,
            download: startDownload(size),
            cannot: `download ${path} from the MLflow server`,
            timeoutMs: TRANSFER_MS,
          });
          return { path, bytes: accepted(answer, http.baseUrl).bytes };
        },
      );
      if (files.length === 0) throw missing(uri);
      return files;
    },
    has: async (uri) => (await listAll(uri)).length > 0,
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
