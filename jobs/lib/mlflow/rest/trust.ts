/**
 * Whose certificates are trusted.
 *
 * @module
 */

import { messageOf, UsageError } from "../../errors.ts";
import { startBridge } from "./insecure_bridge.ts";

/** How a server proves itself, and we. */
export interface TrustOptions {
  /** PEM file of authorities to trust besides the known ones, or of the server's own certificate. */
  readonly serverCertPath?: string | undefined;
  /** PEM file with our certificate and its private key. */
  readonly clientCertPath?: string | undefined;
  /** Takes any certificate. */
  readonly insecureTls: boolean;
}

/** How to connect. */
export interface Trusted {
  readonly baseUrl: string;
  /** For what may be sent twice. */
  readonly client: Deno.HttpClient;
  /**
   * For what may not: it opens a connection for every request, since Deno's fetch by itself sends a
   * request again if a connection that was kept open turns out to be closed.
   */
  readonly careful: Deno.HttpClient;
}

/** @throws {UsageError} `mlflow.certificate-invalid` where a file does not hold what it should */
export async function trust(baseUrl: string, options: TrustOptions): Promise<Trusted> {
  if (!baseUrl.startsWith("https:")) return connectBy(baseUrl);
  if (options.insecureTls) return connectBy(startBridge(new URL(baseUrl)));
  const { serverCertPath, clientCertPath } = options;
  const ca = serverCertPath === undefined
    ? undefined
    : await readPem(serverCertPath, "MLFLOW_TRACKING_SERVER_CERT_PATH", "CERTIFICATE");
  const own = clientCertPath === undefined
    ? undefined
    : await readPem(clientCertPath, "MLFLOW_TRACKING_CLIENT_CERT_PATH", "PRIVATE KEY");
  return connectBy(baseUrl, {
    ...(ca === undefined ? {} : { caCerts: [ca] }),
    ...(own === undefined ? {} : { cert: own, key: own }),
  });
}

function connectBy(baseUrl: string, certificates: Certificates = {}): Trusted {
  return {
    baseUrl,
    client: Deno.createHttpClient(certificates),
    careful: Deno.createHttpClient({ ...certificates, poolMaxIdlePerHost: 0 }),
  };
}

type Certificates =
  | Deno.CreateHttpClientOptions
  | (Deno.CreateHttpClientOptions & Deno.TlsCertifiedKeyPem);

async function readPem(path: string, variable: string, holds: string): Promise<string> {
  const invalid = (found: string) =>
    new UsageError({
      code: "mlflow.certificate-invalid",
      cannot: "open the MLflow store",
      found: `${variable} names ${path}: ${found}`,
      todo: "Give the path of a PEM file",
      place: { file: path },
    });
  const text = await Deno.readTextFile(path).catch((error) => {
    throw invalid(messageOf(error));
  });
  if (!new RegExp(`BEGIN [\\w ]*${holds}`).test(text)) throw invalid(`there is no ${holds} in it`);
  return text;
}
