/**
 * Artifacts that a server passes on (`mlflow-artifacts:/…`), wherever it keeps them.
 *
 * @module
 */

import { DataError, UsageError } from "../../errors.ts";
import { type ArtifactAccess, MAX_FILES } from "../artifacts/access.ts";
import { type Content, openContent } from "../artifacts/content.ts";
import { fewAtOnce } from "../artifacts/few_at_once.ts";
import { checkArtifactPath } from "../names.ts";
import type { Artifact, LocalFile } from "../store.ts";
import { FILES } from "./answers.ts";
import type { ServerArtifactOptions } from "./artifact_options.ts";
import { Download } from "./download.ts";
import type { Http } from "./http.ts";
import { accepted } from "./http_errors.ts";
import { uploadInParts } from "./multipart.ts";

const PROXY = "/api/2.0/mlflow-artifacts/artifacts";
/** One file may take this long to the server, and until the first of it comes back. */
const TRANSFER_MS = 10 * 60_000;

/** Artifacts through the server that `http` talks to. */
export function proxyArtifacts(http: Http, options: ServerArtifactOptions): ArtifactAccess {
  return {
    async upload(uri, artifacts) {
      for (const { path } of artifacts) checkArtifactPath(path);
      await fewAtOnce(artifacts, (artifact) => upload(http, uri, artifact, options));
    },
    async download(uri) {
      const files = await fewAtOnce(
        await listFiles(http, uri),
        (file) => download(http, uri, file),
      );
      if (files.length === 0) throw missing(uri);
      return files;
    },
    has: async (uri) => (await listFiles(http, uri)).length > 0,
  };
}

async function upload(
  http: Http,
  uri: string,
  artifact: Artifact | LocalFile,
  options: ServerArtifactOptions,
): Promise<void> {
  const path = `${proxyPath(uri, http.baseUrl)}/${artifact.path}`;
  const cannot = `upload ${artifact.path} to the MLflow server`;
  using content = await openContent(artifact);
  const inParts = options.proxyMultipart && content.size >= options.multipartFrom;
  if (inParts && await uploadInParts(http, path, content, cannot, options)) return;
  await put(http, uri, path, content, cannot);
}

async function put(
  http: Http,
  uri: string,
  path: string,
  body: Content,
  cannot: string,
): Promise<void> {
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
}

async function download(http: Http, uri: string, { path, size }: ListedFile): Promise<Artifact> {
  const answer = await http.send({
    method: "GET",
    path: `${PROXY}/${encodePath(`${proxyPath(uri, http.baseUrl)}/${path}`)}`,
    download: new Download(size),
    cannot: `download ${path} from the MLflow server`,
    timeoutMs: TRANSFER_MS,
  });
  return { path, bytes: accepted(answer, http.baseUrl).bytes };
}

/** A file as the server lists it. */
interface ListedFile {
  /** Below the folder that was listed. */
  readonly path: string;
  /** Bytes, if the server says. */
  readonly size: number | undefined;
}

/** All files below a URI, sorted by path. */
async function listFiles(http: Http, uri: string): Promise<ListedFile[]> {
  const root = proxyPath(uri, http.baseUrl);
  const files: ListedFile[] = [];
  const visit = async (folder: string): Promise<void> => {
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
      if (entry.is_dir) await visit(child);
      else files.push({ path: child, size: entry.file_size ?? undefined });
      if (files.length > MAX_FILES) throw tooMany(root);
    }
  };
  await visit("");
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
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
