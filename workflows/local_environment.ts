/**
 * The environment `local`: what stands for an AWS account on this machine.
 *
 * @module
 */
import { MLFLOW_VARIABLES } from "../jobs/lib/mlflow/mod.ts";
import { resolve } from "node:path";
import type { VariableValues } from "./definition/mod.ts";
import { type Command, splitWords } from "./local/mod.ts";
import { VARIABLES } from "./variables.ts";

/** Reads a variable of this process's environment. */
export type ReadEnv = (name: string) => string | undefined;

/** Values for the definitions' variables; those of the project go on top. */
export function localValues(env: ReadEnv): VariableValues {
  const account = "000000000000";
  const defaults = Object.entries(VARIABLES).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const]
  );
  return {
    ...Object.fromEntries(defaults),
    environment: "local",
    training_image_uri: "training",
    inference_image_uri: "inference",
    training_role_arn: `arn:aws:iam::${account}:role/local`,
    registration_role_arn: `arn:aws:iam::${account}:role/local`,
    inference_role_arn: `arn:aws:iam::${account}:role/local`,
    subnet_ids: ["subnet-00000000"],
    security_group_ids: ["sg-00000000"],
    kms_key_arn: `arn:aws:kms:us-east-1:${account}:key/local`,
    artifact_bucket: "ml-platform-local",
    mlflow_tracking_uri: env("MLFLOW_TRACKING_URI") ?? resolve("mlruns"),
    otlp_endpoint: env("OTEL_EXPORTER_OTLP_ENDPOINT") || " ",
    training_instance_type: "ml.m5.large",
    inference_instance_type: "ml.m5.large",
    kafka_bootstrap_servers: env("KAFKA_BOOTSTRAP_SERVERS") ?? " ",
    kafka_output_topic: env("KAFKA_OUTPUT_TOPIC") ?? "ml-predictions",
    kafka_security_protocol: env("KAFKA_SECURITY_PROTOCOL") ?? "PLAINTEXT",
    kafka_sasl_mechanism: env("KAFKA_SASL_MECHANISM") ?? "SCRAM-SHA-512",
    kafka_secret_arn: env("KAFKA_SECRET_ARN") ?? " ",
  };
}

/**
 * The sources of our jobs in the place of their images, with the permissions of their tasks.
 *
 * @param tasks of `deno.json`
 */
export function jobSources(
  tasks: Readonly<Record<string, { readonly command: string }>>,
): Map<string, Command> {
  const sources = new Map<string, Command>();
  for (const job of ["training", "inference"]) {
    const [program, ...args] = splitWords(tasks[job]?.command ?? "");
    // The task shell knows which deno it is; a process has to be told.
    if (program === "deno") sources.set(job, [Deno.execPath(), ...args.map(absolute)]);
  }
  return sources;
}

/** What a job gets of this process's environment: how to run, and secrets, which no definition has. */
export function inheritedEnvironment(
  env: ReadEnv,
  more: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    [...INHERITED, ...more].flatMap((name) => {
      const value = env(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const INHERITED = [
  ...["PATH", "HOME", "USER", "LANG", "TMPDIR"],
  ...["DENO_DIR", "DENO_TLS_CA_STORE", "DENO_CERT", "NPM_CONFIG_REGISTRY"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"],
  ...["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN"],
  ...MLFLOW_VARIABLES,
  ...["KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD", "KAFKA_CA_FILE"],
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"],
  ...["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"],
  ...["ML_LOG_LEVEL", "ML_GIT_COMMIT"],
];

/** The job's entry stands in this project, wherever the command was started. */
function absolute(arg: string): string {
  return arg.endsWith(".ts")
    ? decodeURIComponent(new URL(`../${arg}`, import.meta.url).pathname)
    : arg;
}
