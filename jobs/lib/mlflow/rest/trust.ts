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
  /** Where to connect to instead of the server's own address. */
  readonly through?: string;
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
  if (!baseUrl.startsWith("https:")) return clients();
  const { serverCertPath, clientCertPath, insecureTls } = options;
  const own = clientCertPath === undefined
    ? undefined
    : await readPem(clientCertPath, "MLFLOW_TRACKING_CLIENT_CERT_PATH", [CERTIFICATE, KEY]);
  if (insecureTls) return { through: startBridge(new URL(baseUrl), own), ...clients() };
  const ca = serverCertPath === undefined
    ? undefined
    : await readPem(serverCertPath, "MLFLOW_TRACKING_SERVER_CERT_PATH", [CERTIFICATE]);
  return clients({
    ...(ca === undefined ? {} : { caCerts: [ca] }),
    ...(own === undefined ? {} : { cert: own, key: own }),
  });
}

function clients(certificates: Certificates = {}): Trusted {
  return {
    client: Deno.createHttpClient(certificates),
    careful: Deno.createHttpClient({ ...certificates, poolMaxIdlePerHost: 0 }),
  };
}

type Certificates =
  | Deno.CreateHttpClientOptions
  | (Deno.CreateHttpClientOptions & Deno.TlsCertifiedKeyPem);

const CERTIFICATE = "CERTIFICATE";
const KEY = "PRIVATE KEY";

async function readPem(
  path: string,
  variable: string,
  parts: readonly string[],
): Promise<string> {
  const invalid = (found: string) =>
    new UsageError({
      code: "mlflow.certificate-invalid",
      cannot: "open the MLflow store",
      found: `${variable} names ${path}: ${found}`,
      todo: `Give the path of a PEM file with ${parts.join(" and ")}`,
      place: { file: path },
    });
  const text = await Deno.readTextFile(path).catch((error) => {
    throw error instanceof Deno.errors.NotCapable ? error : invalid(messageOf(error));
  });
  for (const part of parts) {
    if (!new RegExp(`BEGIN [\\w ]*${part}`).test(text)) throw invalid(`there is no ${part} in it`);
  }
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) throw invalid("its key is encrypted");
  return text;
}
