/**
 * Requests signed for AWS (Signature Version 4): SageMaker's managed MLflow, or a server behind an
 * API gateway. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @module
 */

import { createHash, createHmac } from "node:crypto";
import { awsClientOptions } from "../../aws.ts";
import { DependencyError, messageOf } from "../../errors.ts";
import type { Authorization } from "./authorization.ts";

/** What a signature is for. */
export interface SigningScope {
  /** `sagemaker-mlflow`, `sagemaker`, `execute-api`. */
  readonly service: string;
  /** `eu-west-1` */
  readonly region: string;
  /** Headers that lead the request to its server. */
  readonly routing?: Readonly<Record<string, string>>;
}

/** Keys of AWS. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Gives keys, new ones once the old expire. */
export type KeyProvider = () => Promise<AwsKeys>;

/**
 * Signs every request. The SDK's signer is loaded with the first.
 *
 * @param keys the SDK's chain unless told: see {@linkcode awsKeys}
 */
export function sigv4Authorization(
  { service, region, routing }: SigningScope,
  keys: KeyProvider,
  now: () => Date = () => new Date(),
): Authorization {
  const signer = once(async () => {
    const { SignatureV4 } = await import("@smithy/signature-v4");
    // The header with the body's hash is set below: SageMaker wants it in every request.
    return new SignatureV4({
      service,
      region,
      credentials: keys,
      sha256: Sha256,
      applyChecksum: false,
    });
  });
  return {
    headers: async ({ method, url, headers, bodyHash }) => {
      const query: Record<string, string[]> = {};
      for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
      const { headers: signed } = await (await signer()).sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query,
        headers: {
          ...headers,
          ...routing,
          host: url.host,
          "x-amz-content-sha256": await bodyHash(),
        },
      }, { signingDate: now() });
      const { host: _host, ...rest } = signed;
      return rest;
    },
    remedy: "Check whose AWS credentials this process has, and that they may use the server" +
      (service === "sagemaker-mlflow" ? " (IAM actions sagemaker-mlflow:*)" : ""),
  };
}

/**
 * Keys from where every AWS tool takes them: environment, profile, web identity, a container's or an
 * instance's role; with a role, those of an hour's session as that role.
 *
 * @throws {DependencyError} `mlflow.no-credentials` when called
 */
export function awsKeys(region: string, roleArn: string | undefined): KeyProvider {
  const provider = once(async () => {
    const { fromNodeProviderChain, fromTemporaryCredentials } = await import(
      "@aws-sdk/credential-providers"
    );
    const clientConfig = { region, ...await awsClientOptions() };
    const own = fromNodeProviderChain({ clientConfig });
    return roleArn === undefined ? own : fromTemporaryCredentials({
      masterCredentials: own,
      params: { RoleArn: roleArn, RoleSessionName: "ml-pipelines-mlflow" },
      clientConfig,
    });
  });
  let known: (AwsKeys & { readonly expiration?: Date }) | undefined;
  return async () => {
    const soon = Date.now() + RENEW_BEFORE_MS;
    if (known !== undefined && (known.expiration?.getTime() ?? Infinity) > soon) return known;
    try {
      return known = await (await provider())();
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      throw noCredentials(error, roleArn);
    }
  };
}

const RENEW_BEFORE_MS = 5 * 60_000;

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}

/** Node's hash in the form that the signer takes. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined
      ? createHash("sha256")
      : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function noCredentials(error: unknown, roleArn: string | undefined): DependencyError {
  return new DependencyError({
    code: "mlflow.no-credentials",
    cannot: "sign requests to the MLflow server",
    found: roleArn === undefined
      ? `there are no AWS credentials (${messageOf(error)})`
      : `the role ${roleArn} could not be assumed (${messageOf(error)})`,
    todo: roleArn === undefined
      ? "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the job a role"
      : "Check SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN, and that the role trusts this process's role",
    cause: error,
  });
}
