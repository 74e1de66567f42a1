/**
 * Opens the store that a tracking URI names.
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../errors.ts";
import type { Log } from "../log.ts";
import { openFileStore } from "./file/mod.ts";
import { openServerStore } from "./rest/mod.ts";
import type { Store } from "./store.ts";

/** Where tracking goes when nothing is said. */
export const DEFAULT_TRACKING_URI = "./mlruns";

/** How to open a store. */
export interface StoreOptions {
  /** `http(s)://…`, a folder or `file://…`; {@linkcode DEFAULT_TRACKING_URI} unless told. */
  readonly trackingUri?: string | undefined;
  /** Of basic authentication, together with the password. */
  readonly username?: string | undefined;
  /** Of basic authentication, together with the username. */
  readonly password?: string | undefined;
  /** Bearer token, used without username and password. */
  readonly token?: string | undefined;
  /** How long a failing request to a server is repeated, in ms; opening never takes over 5 s. */
  readonly retryForMs?: number;
  /** How long one request to a server may take, in ms; artifacts have their own limit. */
  readonly timeoutMs?: number;
  /** Told of repeated requests. */
  readonly log?: Log;
}

/**
 * Opens the store. A server is asked for its version, so that a wrong address fails here.
 *
 * @throws {UsageError} `mlflow.tracking-uri-invalid`
 * @throws {DependencyError} `mlflow.unreachable`, `mlflow.unauthorized`, `mlflow.failed`
 */
export async function openStore(options: StoreOptions = {}): Promise<Store> {
  const uri = options.trackingUri?.trim() || DEFAULT_TRACKING_URI;
  if (/^https?:/i.test(uri)) return await openServerStore(serverOptions(uri, options));
  if (/^file:/i.test(uri)) return openFileStore(await folder(pathOf(uri), uri));
  if (/^([a-z][a-z0-9+.-]+:|databricks$)/i.test(uri)) throw unsupported(uri.split(":")[0] ?? uri);
  return openFileStore(await folder(resolve(uri), uri));
}

function serverOptions(uri: string, options: StoreOptions): Parameters<typeof openServerStore>[0] {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) throw invalid("it is not a URL", "Write http://host:port");
  const { username, password } = url;
  return {
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    username: options.username ?? (username === "" ? undefined : decodeURIComponent(username)),
    password: options.password ?? (username === "" ? undefined : decodeURIComponent(password)),
    token: options.token,
    retryForMs: options.retryForMs ?? 30_000,
    timeoutMs: options.timeoutMs ?? 30_000,
    ...(options.log === undefined ? {} : { log: options.log }),
  };
}

function pathOf(uri: string): string {
  try {
    if (/^file:\/\//i.test(uri)) return fileURLToPath(uri);
  } catch {
    // Falls through to what is said of all that is no local file.
  }
  throw invalid(`${uri} is not the URL of a local file`, "Write file:///absolute/path, or a path");
}

async function folder(path: string, uri: string): Promise<string> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (info === undefined || info.isDirectory) return path;
  throw invalid(`${uri} is a file`, "Give a folder, or the URL of an MLflow server");
}

function unsupported(scheme: string): UsageError {
  return invalid(
    `the scheme "${scheme}" is not supported`,
    "Give http(s)://… of an MLflow server, or a folder for the file store",
  );
}

function invalid(found: string, todo: string): UsageError {
  return new UsageError({
    code: "mlflow.tracking-uri-invalid",
    cannot: "open the MLflow store",
    found,
    todo,
    place: { option: "tracking-uri" },
  });
}
