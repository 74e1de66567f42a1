/**
 * Artifacts of a server: through its proxy (`mlflow-artifacts:/…`), on S3, or on the disk that we
 * share with a server on this machine.
 *
 * @module
 */

import type { ArtifactAccess } from "../artifacts/access.ts";
import { s3Artifacts } from "../artifacts/s3.ts";
import { fromFileUri, readArtifacts, writeArtifacts } from "../file/mod.ts";
import type { ServerArtifactOptions } from "./artifact_options.ts";
import type { Http } from "./http.ts";
import { proxyArtifacts } from "./proxy_artifacts.ts";

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
  upload(uri, artifacts) {
    const folder = fromFileUri(uri);
    return writeArtifacts(above(folder), folder, artifacts);
  },
  download: (uri) => readArtifacts(fromFileUri(uri)),
  has: (uri) => readArtifacts(fromFileUri(uri)).then(() => true, () => false),
};

/** Where files are prepared: not among the artifacts, all of which the server shows. */
function above(folder: string): string {
  return /^(.*)[/\\]artifacts(?:[/\\][^/\\]*)?$/.exec(folder)?.[1] ?? folder;
}

/** True for files of a server on this machine, which writes them where we can read them. */
function isShared(uri: string, baseUrl: string): boolean {
  const local = uri.startsWith("file:") || uri.startsWith("/");
  return local && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(baseUrl).hostname);
}
