/**
 * The pipeline of `training.json` in our language.
 *
 * @module
 */
import {
  booleanParameter,
  callback,
  condition,
  execution,
  fail,
  floatParameter,
  greaterThanOrEqualTo,
  integerParameter,
  join,
  type Pipeline,
  pipeline,
  processing,
  registerModel,
  stringParameter,
  text,
  training,
} from "../mod.ts";
import { IMAGES, JOB, KMS_KEY, RETRY, TAGS } from "./surroundings.ts";

const trainDataUri = stringParameter("TrainDataUri", {
  defaultValue: "s3://ml-data-bucket/features/train/",
});
const experimentName = stringParameter("ExperimentName", { defaultValue: "iris" });
const mlflowTrackingArn = stringParameter("MlflowTrackingArn", {
  defaultValue: "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml",
});
const registeredModelName = stringParameter("RegisteredModelName", { defaultValue: "iris-rf" });
const numTrees = integerParameter("NumTrees", { defaultValue: 100 });
const maxDepth = integerParameter("MaxDepth", { defaultValue: 8 });
const accuracyThreshold = floatParameter("AccuracyThreshold", { defaultValue: 0.9 });
const instanceType = stringParameter("TrainInstanceType", {
  defaultValue: "ml.m5.xlarge",
  enumValues: ["ml.m5.xlarge", "ml.m5.2xlarge"],
});
const register = booleanParameter("Register", { defaultValue: true });

const job = { ...JOB, image: IMAGES.train, retry: RETRY };
const artifacts = (kind: string) => join("/", `s3://ml-artifacts-bucket/${kind}`, execution.id);

const dataQuality = processing("DataQuality", {
  ...job,
  displayName: "Data quality",
  description: "Validate the training parquet",
  entrypoint: ["/usr/local/bin/job", "data-quality"],
  arguments: ["--min-rows", "100"],
  environment: { LOG_LEVEL: "info" },
  maxRuntimeSeconds: 3600,
  inputs: { train: { from: trainDataUri } },
  outputs: { report: { to: artifacts("dq") } },
  propertyFiles: { DataQualityReport: { output: "report", path: "report.json" } },
  tags: TAGS,
  cacheFor: "P30D",
});

const train = training("Train", {
  ...job,
  displayName: "Train random forest",
  dependsOn: [dataQuality],
  entrypoint: ["/usr/local/bin/job"],
  arguments: ["train"],
  metrics: {
    "validation:accuracy": "validation_accuracy=([0-9\\.]+)",
    "train:accuracy": "train_accuracy=([0-9\\.]+)",
  },
  metricsTimeSeries: false,
  instances: { type: instanceType, count: 1, volumeGb: 50, kmsKey: KMS_KEY },
  channels: { train: { from: trainDataUri, contentType: "application/x-parquet" } },
  outputTo: "s3://ml-artifacts-bucket/training",
  hyperparameters: {
    num_trees: text(numTrees),
    max_depth: text(maxDepth),
    experiment_name: experimentName,
    seed: "42",
  },
  environment: {
    MLFLOW_TRACKING_URI: mlflowTrackingArn,
    REGISTERED_MODEL_NAME: registeredModelName,
  },
  stopping: { MaxRuntimeInSeconds: 7200, MaxWaitTimeInSeconds: 10800 },
  spot: true,
  checkpointsTo: artifacts("checkpoints"),
  debugHookTo: "s3://ml-artifacts-bucket/training",
  disableProfiler: true,
  tags: TAGS,
  cacheFor: "P30D",
});

const evaluate = processing("Evaluate", {
  ...job,
  entrypoint: ["/usr/local/bin/job", "evaluate"],
  environment: { MLFLOW_TRACKING_URI: mlflowTrackingArn },
  maxRuntimeSeconds: 3600,
  inputs: { model: { from: train.model } },
  outputs: { evaluation: { to: artifacts("eval") } },
  propertyFiles: { EvaluationReport: { output: "evaluation", path: "evaluation.json" } },
});

const accuracy = evaluate.files.EvaluationReport.number("metrics.accuracy.value");

const approve = callback("Approve", {
  dependsOn: [evaluate],
  queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/approvals",
  arguments: { model: registeredModelName, accuracy },
  outputs: { approved: "String" },
});

const registration = registerModel("Register-RegisterModel", {
  group: "iris-rf",
  quality: { statistics: { uri: join("/", evaluate.outputs.evaluation, "evaluation.json") } },
  containers: [{ image: IMAGES.infer, model: train.model }],
  contentTypes: ["application/x-parquet"],
  responseTypes: ["application/json"],
  realtimeInstanceTypes: ["ml.m5.large"],
  transformInstanceTypes: ["ml.m5.large"],
  approval: "PendingManualApproval",
  skipValidation: "None",
  retry: RETRY.slice(0, 1),
});

const tooLow = fail("AccuracyTooLow", {
  reason: join(" ", "Accuracy below threshold", accuracyThreshold),
});

/** The pipeline. */
export const trainingGolden: Pipeline = pipeline({
  parameters: [
    trainDataUri,
    experimentName,
    mlflowTrackingArn,
    registeredModelName,
    numTrees,
    maxDepth,
    accuracyThreshold,
    instanceType,
    register,
  ],
  steps: [
    dataQuality,
    train,
    evaluate,
    condition("AccuracyGate", {
      when: [greaterThanOrEqualTo(accuracy, accuracyThreshold)],
      then: [approve, registration],
      otherwise: [tooLow],
    }),
  ],
});
