/**
 * A real MLflow server, 2.16 or later, over its REST API.
 *
 * @module
 */

import type { Store } from "../store.ts";
import type { ServerArtifactOptions } from "./artifact_options.ts";
import { serverArtifacts } from "./artifacts.ts";
import { connectHttp, type HttpOptions } from "./http.ts";
import { serverRegistry } from "./registry.ts";
import { serverTracking } from "./tracking.ts";

export { passwordAuthorization } from "./authorization.ts";
export { managedServer } from "./sagemaker.ts";
export { awsKeys, type SigningScope, sigv4Authorization } from "./sigv4.ts";
export { trust } from "./trust.ts";

/** How to reach a server and its artifacts. */
export type ServerOptions = HttpOptions & ServerArtifactOptions;

/** Opening fails after this long, so that a dead server is found before the work, not after. */
const OPEN_MS = 5000;

/**
 * Opens a store on a server, after having asked it for its version.
 *
 * @param uri names the store; the server's address unless told
 * @throws {DependencyError} `mlflow.unreachable`, `mlflow.unauthorized`, `mlflow.failed`
 */
export async function openServerStore(options: ServerOptions, uri?: string): Promise<Store> {
  const http = connectHttp(options);
  const answer = await http.send({
    method: "GET",
    path: "/version",
    cannot: "open the MLflow store",
    retryForMs: Math.min(OPEN_MS, options.retryForMs),
    timeoutMs: Math.min(OPEN_MS, options.timeoutMs),
  });
  // Behind a proxy or at a managed service this address may be something else.
  const text = answer.status < 300 ? new TextDecoder().decode(answer.bytes).trim() : "";
  const version = /^\d+\.\d+(\.\w+)*$/.test(text) ? text : undefined;
  const artifacts = serverArtifacts(http, options);
  const tracking = serverTracking(http, artifacts);
  return {
    uri: uri ?? http.baseUrl,
    ...(version === undefined ? {} : { mlflowVersion: version }),
    ...tracking,
    ...serverRegistry(http, tracking),
  };
}
