import { messageOf } from "../../jobs/lib/errors.ts";
import { readVariables, type VariableValue } from "../parameters/variable_file.ts";
import { fail, type Finding, ok } from "./finding.ts";

/** What the variable file of an environment says, as far as it is looked at. */
export interface Environment {
  readonly name: string;
  /** `ml-platform-staging`. */
  readonly prefix: string;
  readonly account: string;
  readonly region: string;
  readonly images: Readonly<Record<"training" | "inference", string>>;
  readonly mlflowServer: string;
  readonly mlflowUri: string | undefined;
  /** The registered model, where it is, and what it has to reach. */
  readonly model: {
    readonly name: string;
    readonly trackingUri: string;
    readonly minimumAccuracy: number;
    readonly minimumRocAuc: number;
  };
  readonly kafka: {
    readonly servers: string;
    readonly topic: string;
    readonly protocol: string;
    readonly mechanism: string;
    readonly secretArn: string | undefined;
  };
  /** Where traces go; undefined for nowhere. */
  readonly otlpEndpoint: string | undefined;
  /** What the pipelines run on. */
  readonly machines: {
    readonly training: Machines;
    readonly inference: Machines;
    readonly spot: boolean;
  };
  /** Whether hyperparameters are searched. */
  readonly search: boolean;
  readonly schedules: Readonly<
    Record<"training" | "inference", { readonly expression: string; readonly enabled: boolean }>
  >;
}

/** Machines of one kind. */
export interface Machines {
  readonly type: string;
  readonly count: number;
}

/** Values that stand in the file as it comes with the project. */
const PLACEHOLDER = /^your-|\/your-|your-org|example\.com$|^0{64}$|@sha256:0{64}$/;

/** Reads `<infra>/<environment>/terraform.tfvars`, and says what in it is still a placeholder. */
export async function lookAtEnvironment(
  infra: string,
  name: string,
): Promise<{ findings: Finding[]; environment: Environment | undefined }> {
  const file = `${infra}/${name}/terraform.tfvars`;
  let values;
  try {
    values = readVariables(await Deno.readTextFile(file), file);
  } catch (error) {
    return {
      findings: [fail("Variables", messageOf(error), `Mend ${file}`)],
      environment: undefined,
    };
  }
  const text = (variable: string, otherwise = "") => {
    const value = values[variable];
    return typeof value === "string" ? value : otherwise;
  };
  const number = (variable: string, otherwise: number) => {
    const value = values[variable];
    return typeof value === "number" ? value : otherwise;
  };
  const region = text("aws_region", "us-east-1");
  const partition = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  const flag = (variable: string) => values[variable] !== false;
  const placeholders = Object.entries(values).filter(([, value]) => holdsPlaceholder(value))
    .map(([variable]) => variable);
  const schedule = (type: string) => ({
    expression: text(`${type}_schedule_expression`),
    enabled: flag(`${type}_schedule_enabled`),
  });
  const machines = (type: string): Machines => ({
    type: text(`${type}_instance_type`, "ml.m5.large"),
    count: number(`${type}_instance_count`, 1),
  });
  return {
    findings: [
      placeholders.length === 0 ? ok("Variables", `${file} has no placeholder left`) : fail(
        "Variables",
        `${file} still has placeholders: ${placeholders.join(", ")}`,
        `Edit ${file}`,
      ),
    ],
    environment: {
      name,
      prefix: `${text("project", "ml-platform")}-${name}`,
      account: text("aws_account_id"),
      region,
      images: { training: text("training_image_uri"), inference: text("inference_image_uri") },
      mlflowServer: text("mlflow_tracking_server_name"),
      mlflowUri: text("mlflow_tracking_uri") || undefined,
      model: {
        name: modelName(values["training_hyperparameters"]),
        trackingUri: text("mlflow_tracking_uri") ||
          `arn:${partition}:sagemaker:${region}:${text("aws_account_id")}:mlflow-tracking-server/` +
            text("mlflow_tracking_server_name"),
        minimumAccuracy: number("training_minimum_accuracy", 0),
        minimumRocAuc: number("training_minimum_roc_auc", 0.5),
      },
      kafka: {
        servers: text("kafka_bootstrap_servers"),
        topic: text("kafka_output_topic"),
        protocol: text("kafka_security_protocol", "SASL_SSL"),
        mechanism: text("kafka_sasl_mechanism", "AWS_MSK_IAM"),
        secretArn: text("kafka_secret_arn") || undefined,
      },
      otlpEndpoint: text("otlp_endpoint") || undefined,
      machines: {
        training: machines("training"),
        inference: machines("inference"),
        spot: flag("training_use_spot"),
      },
      search: values["training_search"] === true,
      schedules: { training: schedule("training"), inference: schedule("inference") },
    },
  };
}

function modelName(hyperparameters: VariableValue | undefined): string {
  const given = typeof hyperparameters === "object" && hyperparameters !== null
    ? new Map(Object.entries(hyperparameters)).get("model_name")
    : undefined;
  return typeof given === "string" ? given : "classifier";
}

function holdsPlaceholder(value: VariableValue): boolean {
  if (typeof value === "string") return PLACEHOLDER.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((each: VariableValue) => holdsPlaceholder(each));
}
