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
import {
  awsKeys,
  managedServer,
  openServerStore,
  passwordAuthorization,
  type ServerOptions,
  type SigningScope,
  sigv4Authorization,
  trust,
} from "./rest/mod.ts";
import type { Store } from "./store.ts";
import type { MlflowVariables } from "./variables.ts";

/** Where tracking goes when nothing is said. */
export const DEFAULT_TRACKING_URI = "./mlruns";

/** How to open a store. */
export interface StoreOptions {
  /**
   * `http(s)://…`, the ARN of a SageMaker tracking server or app, a folder or `file://…`;
   * {@linkcode DEFAULT_TRACKING_URI} unless told.
   */
  readonly trackingUri?: string | undefined;
  /** Of basic authentication, together with the password. */
  readonly username?: string | undefined;
  /** Of basic authentication, together with the username. */
  readonly password?: string | undefined;
  /** Bearer token, used without username and password. */
  readonly token?: string | undefined;
  /** What MLflow's own variables say; nothing unless told. */
  readonly variables?: Partial<MlflowVariables> | undefined;
  /** How long a failing request to a server is repeated, in ms; opening never takes over 5 s. */
  readonly retryForMs?: number;
  /** How long one request to a server may take, in ms; artifacts have their own limit. */
  readonly timeoutMs?: number;
  /** Ends what goes on with a server; only {@linkcode TrackingStore.endRun} still works then. */
  readonly signal?: AbortSignal;
  /** Told of repeated requests. */
  readonly log?: Log;
}

/**
 * A server may be started again while a training goes on: that takes about a minute. With
 * `MLFLOW_HTTP_REQUEST_MAX_RETRIES` the number counts instead.
 */
const RETRY_FOR_MS = 120_000;
const TIMEOUT_MS = 30_000;
/** Python's are 500 MB and 10 MB; SageMaker's S3 wants less memory and time for a second try. */
const MULTIPART_FROM = 16 << 20;
const PART_BYTES = 10 << 20;
/** Python's, for files that could also pass through the server. */
const PROXY_MULTIPART_FROM = 500 << 20;

/**
 * Opens the store. A server is asked for its version, so that a wrong address fails here.
 *
 * @throws {UsageError} `mlflow.tracking-uri-invalid`, `mlflow.certificate-invalid`
 * @throws {DependencyError} `mlflow.unreachable`, `mlflow.unauthorized`, `mlflow.failed`,
 * `mlflow.no-credentials`
 */
export async function openStore(options: StoreOptions = {}): Promise<Store> {
  const uri = options.trackingUri?.trim() || DEFAULT_TRACKING_URI;
  if (/^https?:/i.test(uri)) return await openServer(uri, options);
  if (/^arn:/i.test(uri)) return await openManaged(uri, options);
  if (/^file:/i.test(uri)) return openFileStore(await folder(pathOf(uri), uri));
  if (/^([a-z][a-z0-9+.-]+:|databricks$)/i.test(uri)) throw unsupported(uri.split(":")[0] ?? uri);
  return openFileStore(await folder(resolve(uri), uri));
}

async function openServer(uri: string, options: StoreOptions): Promise<Store> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) throw invalid("it is not a URL", "Write http://host:port");
  const { username, password } = url;
  const baseUrl = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const signing = options.variables?.awsSigv4 ? apiGateway(url) : undefined;
  const authorization = signing === undefined
    ? passwordAuthorization({
      username: options.username ?? (username === "" ? undefined : decodeURIComponent(username)),
      password: options.password ?? (username === "" ? undefined : decodeURIComponent(password)),
      token: options.token,
    })
    : sigv4Authorization(signing, awsKeys(signing.region, options.variables?.assumeRoleArn));
  return await connect(baseUrl, authorization, options);
}

async function openManaged(arn: string, options: StoreOptions): Promise<Store> {
  const { sagemakerEndpoint, assumeRoleArn } = options.variables ?? {};
  const { baseUrl, ...scope } = managedServer(arn, sagemakerEndpoint);
  const authorization = sigv4Authorization(scope, awsKeys(scope.region, assumeRoleArn));
  return await connect(baseUrl, authorization, options, arn);
}

async function connect(
  baseUrl: string,
  authorization: ServerOptions["authorization"],
  { variables = {}, retryForMs, timeoutMs, signal, log }: StoreOptions,
  uri = baseUrl,
): Promise<Store> {
  const { serverCertPath, clientCertPath, insecureTls = false, maxRetries } = variables;
  const trusted = await trust(baseUrl, { serverCertPath, clientCertPath, insecureTls });
  const proxyMultipart = variables.proxyMultipart ?? false;
  return await openServerStore({
    baseUrl,
    authorization,
    ...trusted,
    retryForMs: retryForMs ?? (maxRetries === undefined ? RETRY_FOR_MS : Infinity),
    maxRetries,
    backoffMs: variables.backoffMs,
    timeoutMs: timeoutMs ?? variables.timeoutMs ?? TIMEOUT_MS,
    proxyMultipart,
    multipartFrom: variables.multipartFrom ??
      (proxyMultipart ? PROXY_MULTIPART_FROM : MULTIPART_FROM),
    partBytes: variables.partBytes ?? PART_BYTES,
    signal,
    log,
  }, uri);
}

/** The region stands in the host's name. */
function apiGateway(url: URL): SigningScope {
  const region = /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(url.hostname)?.[1] ??
    Deno.env.get("AWS_REGION") ?? Deno.env.get("AWS_DEFAULT_REGION");
  if (region !== undefined) return { service: "execute-api", region };
  throw invalid(
    "MLFLOW_TRACKING_AWS_SIGV4 is set, but no region is known to sign for",
    "Set AWS_REGION",
  );
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
