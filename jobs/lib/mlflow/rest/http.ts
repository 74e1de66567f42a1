/**
 * HTTP to one MLflow server: credentials, time-outs, retries, and errors a user understands.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { z } from "zod";
import { DependencyError, messageOf } from "../../errors.ts";
import { type Log, silentLog } from "../../log.ts";
import { gaveUp, readJson, redirected, refused, unauthorized } from "./http_errors.ts";
import { backoffMs, type Failure, isRetriable } from "./retry.ts";

/** Path of MLflow's REST API. */
export const API = "/api/2.0/mlflow";

/** How to reach a server. */
export interface HttpOptions {
  /** `http(s)://host[:port][/path]`, without credentials. */
  readonly baseUrl: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** How long a failing request is repeated before giving up. */
  readonly retryForMs: number;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly log?: Log;
}

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  /** Below the base URL, with its query, encoded. */
  readonly path: string;
  /** JSON, or bytes as they are. */
  readonly body?: Readonly<Record<string, unknown>> | Uint8Array<ArrayBuffer>;
  /** True if doing it twice is the same as doing it once; GETs are. */
  readonly idempotent?: boolean;
  /** What it is for, continuing "Cannot "; for messages. */
  readonly cannot: string;
  readonly retryForMs?: number;
  readonly timeoutMs?: number;
}

/** A server's answer: 2xx, or 4xx with MLflow's error in it. */
export interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly request: HttpRequest;
  /** True if it answers a repetition: the server may have acted on an earlier try. */
  readonly repeated: boolean;
  /** `RESOURCE_DOES_NOT_EXIST` and so on; undefined in a 2xx, or where it is not MLflow's JSON. */
  readonly errorCode: string | undefined;
  readonly errorMessage: string;
}

/** Talks to one server. */
export interface Http {
  readonly baseUrl: string;
  /**
   * @returns The answer, which may be a refusal (4xx other than 401, 403 and 429).
   * @throws {DependencyError} `mlflow.unreachable`, `mlflow.unauthorized`, `mlflow.failed`,
   * `mlflow.answer-invalid`
   */
  send(request: HttpRequest): Promise<Answer>;
  /** As `send`, refusals thrown (`mlflow.refused`) and the JSON checked. */
  json<T>(request: HttpRequest, shape: z.ZodType<T>): Promise<T>;
}

/** See {@linkcode Http}. */
export function connectHttp(options: HttpOptions): Http {
  const { baseUrl } = options;
  const authorization = authorizationOf(options);
  const log = options.log ?? silentLog;

  const once = async (
    request: HttpRequest,
    repeated: boolean,
  ): Promise<Answer | (Failure & { found: string })> => {
    const { body } = request;
    const timeoutMs = request.timeoutMs ?? options.timeoutMs;
    try {
      const response = await fetch(`${baseUrl}${request.path}`, {
        method: request.method,
        redirect: "manual",
        headers: {
          accept: "application/json, */*;q=0.5",
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { "content-type": contentType(body) }),
        },
        ...(body === undefined
          ? {}
          : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { status } = response;
      if (status === 429 || status >= 500) {
        const found = `${baseUrl} answered ${status}${detailOf(bytes)}`;
        return { kind: "status", status, ...retryAfter(response), found };
      }
      if (status === 401 || status === 403) throw unauthorized(request, baseUrl, status);
      if (status >= 300 && status < 400) {
        throw redirected(request, baseUrl, status, response.headers.get("location"));
      }
      return { status, bytes, request, repeated, ...(status < 300 ? NO_ERROR : readError(bytes)) };
    } catch (error) {
      if (error instanceof DependencyError) throw error;
      if (error instanceof DOMException && error.name === "TimeoutError") {
        return {
          kind: "broken",
          found: `${baseUrl} has not answered within ${timeoutMs / 1000} s`,
        };
      }
      const kind = NEVER_CONNECTED.test(messageOf(error)) ? "unconnected" : "broken";
      return { kind, found: `${baseUrl}: ${reasonOf(error)}` };
    }
  };

  const send = async (request: HttpRequest): Promise<Answer> => {
    const idempotent = request.idempotent ?? request.method === "GET";
    const until = Date.now() + (request.retryForMs ?? options.retryForMs);
    for (let attempt = 0;; attempt++) {
      const outcome = await once(request, attempt > 0);
      if (!("found" in outcome)) return outcome;
      const asked = outcome.kind === "status" ? outcome.retryAfterMs ?? 0 : 0;
      const wait = Math.max(backoffMs(attempt), asked);
      if (!isRetriable(outcome, idempotent) || Date.now() + wait > until) {
        throw gaveUp(request, outcome, baseUrl);
      }
      log.warn("MLflow did not answer, trying again", {
        found: outcome.found,
        attempt: attempt + 1,
      });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };

  return {
    baseUrl,
    send,
    async json(request, shape) {
      const answer = await send(request);
      if (answer.status >= 300) throw refused(answer, baseUrl);
      return readJson(answer, shape, baseUrl);
    },
  };
}

/** Deno's and hyper's words for a connection that was not made. */
const NEVER_CONNECTED = /client error \(Connect\)|connection refused|dns error|tcp connect error/i;
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

/** Deno puts the cause at the end, after the URL: `… Connection refused (os error 111)`. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return message.replace(/^error sending request (for|from) .*?: /, "").slice(0, 300);
}

function contentType(body: Readonly<Record<string, unknown>> | Uint8Array): string {
  return body instanceof Uint8Array ? "application/octet-stream" : "application/json";
}

function authorizationOf({ username, password, token }: HttpOptions): string | undefined {
  if (username !== undefined && password !== undefined) {
    return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }
  return token === undefined ? undefined : `Bearer ${token}`;
}

function retryAfter(response: Response): { retryAfterMs?: number } {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
}
