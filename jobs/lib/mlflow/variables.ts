/**
 * MLflow's own environment variables, as Python's client reads them
 * (https://mlflow.org/docs/latest/api_reference/python_api/mlflow.environment_variables.html), and
 * those of SageMaker's plugin. Who and what is secret goes by the options of a command.
 *
 * @module
 */

import { z } from "zod";
import { issuesOf, UsageError } from "../errors.ts";

/** What the variables say. */
export interface MlflowVariables {
  /** `MLFLOW_TRACKING_SERVER_CERT_PATH`: a file of authorities to trust besides the known ones. */
  readonly serverCertPath?: string | undefined;
  /** `MLFLOW_TRACKING_CLIENT_CERT_PATH`: a file with our own certificate and its key. */
  readonly clientCertPath?: string | undefined;
  /** `MLFLOW_TRACKING_INSECURE_TLS`: take any certificate. */
  readonly insecureTls: boolean;
  /** `MLFLOW_TRACKING_AWS_SIGV4`: sign for an API gateway before the server. */
  readonly awsSigv4: boolean;
  /** `MLFLOW_HTTP_REQUEST_TIMEOUT`, in ms. */
  readonly timeoutMs?: number | undefined;
  /** `MLFLOW_HTTP_REQUEST_MAX_RETRIES`. */
  readonly maxRetries?: number | undefined;
  /** `MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR`, in ms. */
  readonly backoffMs?: number | undefined;
  /** `MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD`. */
  readonly proxyMultipart: boolean;
  /** `MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE`, in bytes. */
  readonly multipartFrom?: number | undefined;
  /** `MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE`, in bytes. */
  readonly partBytes?: number | undefined;
  /** `SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT`: address of a managed server, such as a VPC endpoint's. */
  readonly sagemakerEndpoint?: string | undefined;
  /** `SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN`: the role that may use the managed server. */
  readonly assumeRoleArn?: string | undefined;
}

/**
 * Reads them; an empty one counts as not set.
 *
 * @throws {UsageError} `mlflow.variables-invalid` that lists all that is wrong
 */
export function readVariables(get: (name: string) => string | undefined): MlflowVariables {
  const found = Object.fromEntries(
    Object.keys(SHAPE.shape).flatMap((name) => {
      const value = get(name)?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const { success, data, error } = SHAPE.safeParse(found);
  if (!success) throw invalid(issuesOf(error));
  const insecureTls = data.MLFLOW_TRACKING_INSECURE_TLS ?? false;
  if (insecureTls && data.MLFLOW_TRACKING_SERVER_CERT_PATH !== undefined) {
    throw invalid("MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH are both set");
  }
  return {
    serverCertPath: data.MLFLOW_TRACKING_SERVER_CERT_PATH,
    clientCertPath: data.MLFLOW_TRACKING_CLIENT_CERT_PATH,
    insecureTls,
    awsSigv4: data.MLFLOW_TRACKING_AWS_SIGV4 ?? false,
    timeoutMs: data.MLFLOW_HTTP_REQUEST_TIMEOUT,
    maxRetries: data.MLFLOW_HTTP_REQUEST_MAX_RETRIES,
    backoffMs: data.MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR,
    proxyMultipart: data.MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD ?? false,
    multipartFrom: data.MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE,
    partBytes: data.MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE,
    sagemakerEndpoint: data.SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT?.replace(/\/+$/, ""),
    assumeRoleArn: data.SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN,
  };
}

const text = z.string().optional();
const address = z.string().regex(/^https?:\/\/[^\s]+$/i, "expected http(s)://host").optional();
/** As `_BooleanEnvironmentVariable` of Python: anything else is an error there too. */
const yes = z.string().toLowerCase().pipe(z.enum(["true", "false", "1", "0"]))
  .transform((value) => value === "true" || value === "1").optional();
const seconds = z.coerce.number().min(0).max(86_400).transform((value) => value * 1000).optional();
const bytes = z.coerce.number().int().min(1).optional();

const SHAPE = z.object({
  MLFLOW_TRACKING_SERVER_CERT_PATH: text,
  MLFLOW_TRACKING_CLIENT_CERT_PATH: text,
  MLFLOW_TRACKING_INSECURE_TLS: yes,
  MLFLOW_TRACKING_AWS_SIGV4: yes,
  MLFLOW_HTTP_REQUEST_TIMEOUT: seconds,
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: z.coerce.number().int().min(0).max(10).optional(),
  MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: seconds,
  MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: yes,
  MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: bytes,
  MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: bytes,
  SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT: address,
  SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN: z.string()
    .regex(/^arn:aws[\w-]*:iam::\d*:role\/.+$/, "expected the ARN of a role").optional(),
});

/** Their names, for who passes them on. */
export const MLFLOW_VARIABLES: readonly string[] = Object.keys(SHAPE.shape);

function invalid(found: string): UsageError {
  return new UsageError({
    code: "mlflow.variables-invalid",
    cannot: "read MLflow's environment variables",
    found,
    todo: "Correct them, or leave them unset",
  });
}
