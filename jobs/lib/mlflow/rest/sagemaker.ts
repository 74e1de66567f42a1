/**
 * Where SageMaker's managed MLflow answers, and what it wants: from the ARN that stands for the
 * tracking URI. As the plugin `sagemaker-mlflow` 0.5 does it.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import type { SigningScope } from "./sigv4.ts";

/** A managed server or app. */
export interface ManagedServer extends SigningScope {
  /** `https://…`, without a slash at the end. */
  readonly baseUrl: string;
}

const KINDS: Readonly<
  Record<string, {
    readonly service: string;
    readonly header: string;
    readonly url: (region: string) => string;
  }>
> = {
  "mlflow-tracking-server": {
    service: "sagemaker-mlflow",
    header: "x-mlflow-sm-tracking-server-arn",
    url: (region) => `https://${region}.experiments.sagemaker.aws`,
  },
  "mlflow-app": {
    service: "sagemaker",
    header: "x-sm-mlflow-app-arn",
    url: (region) => `https://mlflow.sagemaker.${region}.app.aws`,
  },
};

/** Partitions with these addresses; China has none that AWS published. */
const PARTITIONS: ReadonlySet<string> = new Set(["aws", "aws-us-gov"]);

/**
 * Reads the ARN of a tracking server or app.
 *
 * @param endpoint takes the place of AWS's address (`SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT`)
 * @throws {UsageError} `mlflow.tracking-uri-invalid`
 */
export function managedServer(arn: string, endpoint?: string): ManagedServer {
  const [, partition = "", region = "", type = ""] =
    /^arn:(aws[\w-]*):sagemaker:([a-z0-9-]+):\d{12}:([\w-]+)\/[\w-]+$/.exec(arn) ?? [];
  if (partition === "") throw invalid(`${arn} is not the ARN of a SageMaker resource`);
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) throw invalid(`${arn} is a ${type}`);
  if (endpoint === undefined && !PARTITIONS.has(partition)) {
    throw invalid(
      `AWS has published no address of MLflow in the partition ${partition}`,
      "Set SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT to the server's https address",
    );
  }
  const { service, header, url } = kind;
  return { baseUrl: endpoint ?? url(region), service, region, routing: { [header]: arn } };
}

function invalid(
  found: string,
  todo = "Write arn:aws:sagemaker:REGION:ACCOUNT:mlflow-tracking-server/NAME or …:mlflow-app/ID",
): UsageError {
  return new UsageError({
    code: "mlflow.tracking-uri-invalid",
    cannot: "open the MLflow store",
    found,
    todo,
    place: { option: "tracking-uri" },
  });
}
