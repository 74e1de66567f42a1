/**
 * What other steps may use of a step: the answer of the API's Describe call for its job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-properties.html
 * @module
 */
import { isObject, listOf } from "./json.ts";
import type { Scope, ValueType } from "./scope.ts";

/** The type of a step's output, or why there is none. */
export function outputOfStep(
  name: string,
  path: string,
  scope: Scope,
): { readonly type: ValueType | undefined } | string {
  const step = scope.steps.get(name);
  if (step === undefined) return `there is no step ${name}`;
  const { type, json } = step;
  const [, output] = /^\.OutputParameters\['([^']*)'\]$/.exec(path) ?? [];
  if (output !== undefined && (type === "Lambda" || type === "Callback")) {
    return outputParameter(name, output, json);
  }
  const [, folder] = /^\.ProcessingOutputConfig\.Outputs\[(?:'([^']*)'|\d+)\]/.exec(path) ?? [];
  if (folder !== undefined && type === "Processing" && !hasOutput(json, folder)) {
    return `${name} has no output ${folder}`;
  }
  const properties = PROPERTIES[type];
  if (properties === undefined) {
    return type === "Condition" ? { type: "Boolean" } : `a ${type} step has no outputs`;
  }
  const [top = "", second] = path.slice(1).split(/[.[]/);
  const known = properties[top];
  if (known === undefined) {
    return `a ${type} step has no ${top}, only ${Object.keys(properties).join(", ")}`;
  }
  if (known === "object" && second === undefined) {
    return `${top} of a ${type} step is an object; name one of its properties`;
  }
  return { type: known === "object" ? typeBelow(path) : known };
}

function outputParameter(
  step: string,
  output: string,
  json: Readonly<Record<string, unknown>>,
): { readonly type: ValueType | undefined } | string {
  const found = listOf(json["OutputParameters"]).find((one) =>
    isObject(one) && one["OutputName"] === output
  );
  if (!isObject(found)) return `${step} has no output ${output}`;
  const type = found["OutputType"];
  return {
    type: type === "String" || type === "Integer" || type === "Float" || type === "Boolean"
      ? type
      : undefined,
  };
}

function hasOutput(json: Readonly<Record<string, unknown>>, name: string): boolean {
  const { Arguments } = json;
  const config = isObject(Arguments) ? Arguments["ProcessingOutputConfig"] : undefined;
  return isObject(config) &&
    listOf(config["Outputs"]).some((one) => isObject(one) && one["OutputName"] === name);
}

function typeBelow(path: string): ValueType | undefined {
  if (/(Uri|Arn|Name|Id|Path|Artifacts|Status|Image|Type)$/.test(path)) return "String";
  if (/(InGB|InSeconds|InstanceCount)$/.test(path)) return "Integer";
  return undefined;
}

type Properties = Readonly<Record<string, ValueType | "object">>;

const TRAINING: Properties = {
  TrainingJobName: "String",
  TrainingJobArn: "String",
  TrainingJobStatus: "String",
  ModelArtifacts: "object",
  FinalMetricDataList: "object",
  HyperParameters: "object",
  AlgorithmSpecification: "object",
  OutputDataConfig: "object",
  ResourceConfig: "object",
  InputDataConfig: "object",
  CheckpointConfig: "object",
  StoppingCondition: "object",
  RoleArn: "String",
  BillableTimeInSeconds: "Integer",
  TrainingTimeInSeconds: "Integer",
  CreationTime: "String",
  TrainingStartTime: "String",
  TrainingEndTime: "String",
};

const PROCESSING: Properties = {
  ProcessingJobName: "String",
  ProcessingJobArn: "String",
  ProcessingJobStatus: "String",
  ProcessingInputs: "object",
  ProcessingOutputConfig: "object",
  ProcessingResources: "object",
  AppSpecification: "object",
  Environment: "object",
  ExitMessage: "String",
  RoleArn: "String",
  CreationTime: "String",
  ProcessingStartTime: "String",
  ProcessingEndTime: "String",
};

const PROPERTIES: Readonly<Record<string, Properties>> = {
  Training: TRAINING,
  Processing: PROCESSING,
  Tuning: {
    HyperParameterTuningJobName: "String",
    HyperParameterTuningJobArn: "String",
    BestTrainingJob: "object",
    OverallBestTrainingJob: "object",
    TrainingJobSummaries: "object",
    TrainingJobDefinition: "object",
    TrainingJobStatusCounters: "object",
  },
  Transform: {
    TransformJobName: "String",
    TransformJobArn: "String",
    TransformOutput: "object",
    TransformInput: "object",
    ModelName: "String",
  },
  Model: { ModelName: "String", ModelArn: "String", PrimaryContainer: "object" },
  RegisterModel: {
    ModelPackageName: "String",
    ModelPackageArn: "String",
    ModelPackageGroupName: "String",
    ModelPackageVersion: "Integer",
    ModelApprovalStatus: "String",
    InferenceSpecification: "object",
  },
  Lambda: { OutputParameters: "object" },
  Callback: { OutputParameters: "object" },
  AutoML: { BestCandidate: "object", AutoMLJobName: "String", BestCandidateProperties: "object" },
  EMR: { ClusterId: "String" },
  ClarifyCheck: {
    CalculatedBaselineConstraints: "String",
    BaselineUsedForDriftCheckConstraints: "String",
  },
  QualityCheck: {
    CalculatedBaselineConstraints: "String",
    CalculatedBaselineStatistics: "String",
    BaselineUsedForDriftCheckConstraints: "String",
    BaselineUsedForDriftCheckStatistics: "String",
  },
  Endpoint: { EndpointName: "String", EndpointArn: "String" },
  EndpointConfig: { EndpointConfigName: "String", EndpointConfigArn: "String" },
};
