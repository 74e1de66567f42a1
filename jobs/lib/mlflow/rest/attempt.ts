/**
 * One try of a request.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { z } from "zod";
import { messageOf, PlatformError } from "../../errors.ts";
import { isContent, sha256Of, streamOf } from "../artifacts/content.ts";
import type { Authorization } from "./authorization.ts";
import { startDeadline } from "./deadline.ts";
import { redirected, unauthorized, unknownToServer, untrusted } from "./http_errors.ts";
import type { Answer, HttpRequest, Lost } from "./request.ts";

/** How a try reaches the server. */
export interface Connection {
  /** `http(s)://host[:port][/path]`, without credentials. */
  readonly baseUrl: string;
  /** Where to connect to instead; signatures and messages go by the base URL. */
  readonly through?: string | undefined;
  readonly authorization: Authorization;
  /** How long one request may take, and a download nothing come. */
  readonly timeoutMs: number;
  readonly client: Deno.HttpClient;
}

/**
 * Sends a request once.
 *
 * @throws {DependencyError} `mlflow.unauthorized`, `mlflow.answer-invalid`
 * @throws the signal's reason if it is aborted
 */
export async function attempt(
  { baseUrl, through = baseUrl, authorization, client, timeoutMs }: Connection,
  request: HttpRequest & { readonly timeoutMs: number },
  signal: AbortSignal | undefined,
): Promise<Answer | Lost> {
  using deadline = startDeadline(request.timeoutMs);
  const timeout = deadline.signal;
  try {
    const body = bodyOf(request.body);
    const url = new URL(`${baseUrl}${request.path}`);
    const headers = await authorization.headers({
      method: request.method,
      url,
      headers: {
        accept: "application/json, */*;q=0.5",
        ...(body === undefined ? {} : { "content-type": body.type }),
        ...request.download?.headers(),
      },
      bodyHash: () => body?.hash() ?? Promise.resolve(EMPTY_SHA256),
    });
    const response = await fetch(`${through}${request.path}`, {
      method: request.method,
      redirect: "manual",
      headers,
      ...(body === undefined ? {} : { body: await body.open() }),
      client,
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const bytes = await request.download?.take(response, () => deadline.move(timeoutMs)) ??
      new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    if (status === 429 || (status >= 500 && status !== 501)) {
      const found = `${baseUrl} answered ${status}${detailOf(bytes)}`;
      return { kind: "status", status, ...retryAfter(response), found };
    }
    if (status === 401 || status === 403) {
      throw unauthorized(request, baseUrl, status, readError(bytes).errorMessage, authorization);
    }
    if (status >= 300 && status < 400) {
      throw redirected(request, baseUrl, status, response.headers.get("location"));
    }
    return { status, bytes, request, ...(status < 300 ? NO_ERROR : readError(bytes)) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PlatformError || error instanceof Deno.errors.NotCapable) throw error;
    if (timeout.aborted) {
      const seconds = deadline.ms / 1000;
      return { kind: "broken", found: `${baseUrl} has not answered within ${seconds} s` };
    }
    const reason = reasonOf(error);
    if (/invalid peer certificate/i.test(reason)) throw untrusted(request, baseUrl, reason);
    if (OUR_CERTIFICATE.test(reason)) throw unknownToServer(request, baseUrl, reason);
    const kind = NEVER_CONNECTED.test(reason) ? "unconnected" : "broken";
    return { kind, found: `${baseUrl}: ${shortened(reason)}` };
  }
}

/** A body in the form that a try needs: its type, its hash, and itself. */
interface Body {
  readonly type: string;
  hash(): Promise<string>;
  open(): Promise<BodyInit>;
}

/** Larger contents are sent as they are read. */
const IN_MEMORY_BYTES = 16 << 20;

function bodyOf(body: HttpRequest["body"]): Body | undefined {
  if (body === undefined) return undefined;
  if (isContent(body)) {
    const small = body.size <= IN_MEMORY_BYTES;
    return {
      type: "application/octet-stream",
      hash: () => sha256Of(body),
      open: () => small ? body.read(0, body.size) : Promise.resolve(streamOf(body)),
    };
  }
  const text = JSON.stringify(body);
  return {
    type: "application/json",
    hash: () => Promise.resolve(createHash("sha256").update(text).digest("hex")),
    open: () => Promise.resolve(text),
  };
}

const EMPTY_SHA256 = createHash("sha256").digest("hex");
/** Deno's and hyper's words for a connection that was not made. */
const NEVER_CONNECTED = /client error \(Connect\)|connection refused|dns error|tcp connect error/i;
/** TLS's alerts of a server that wants a certificate of ours, or another one. */
const OUR_CERTIFICATE =
  /fatal alert: (CertificateRequired|AccessDenied|DecryptError|BadCertificate|UnknownCA|CertificateUnknown|CertificateExpired|UnsupportedCertificate|CertificateRevoked)/i;
const NO_ERROR = { errorCode: undefined, errorMessage: "" };
const MLFLOW_ERROR = z.object({ error_code: z.string(), message: z.string().default("") });

const decoder = new TextDecoder();

function readError(bytes: Uint8Array): Pick<Answer, "errorCode" | "errorMessage"> {
  try {
    const { error_code, message } = MLFLOW_ERROR.parse(JSON.parse(decoder.decode(bytes)));
    return { errorCode: error_code, errorMessage: message.slice(0, 500) };
  } catch {
    return NO_ERROR;
  }
}

function detailOf(bytes: Uint8Array): string {
  const { errorMessage } = readError(bytes);
  return errorMessage === "" ? "" : `: ${errorMessage}`;
}

/** Newer versions of Deno say "fetch failed", and what happened in the cause. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

/** Deno puts what matters at the end, after the URL: `… Connection refused (os error 111)`. */
function shortened(reason: string): string {
  return reason.replace(/^error sending request (for|from) .*?: /, "").slice(0, 300);
}

function retryAfter(response: Response): { retryAfterMs?: number } {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
}
