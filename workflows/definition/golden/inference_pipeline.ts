/**
 * The pipeline of `inference.json` in our language.
 *
 * @module
 */
import {
  execution,
  integerParameter,
  join,
  type Pipeline,
  pipeline,
  processing,
  stringParameter,
} from "../mod.ts";
import { IMAGES, JOB, KMS_KEY, RETRY, TAGS } from "./surroundings.ts";

const inputUri = stringParameter("InputUri", {
  defaultValue: "s3://ml-data-bucket/features/infer/",
});
const mlflowTrackingArn = stringParameter("MlflowTrackingArn", {
  defaultValue: "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml",
});
const modelUri = stringParameter("ModelUri", { defaultValue: "models:/iris-rf@champion" });
const instanceCount = integerParameter("InstanceCount", { defaultValue: 2 });
const kafkaTopic = stringParameter("KafkaTopic", { defaultValue: "predictions" });

const predict = processing("Predict", {
  ...JOB,
  image: IMAGES.infer,
  instances: { type: "ml.m5.large", count: instanceCount, volumeGb: 30, kmsKey: KMS_KEY },
  entrypoint: ["/usr/local/bin/job", "infer"],
  arguments: ["--model-uri", modelUri, "--execution-id", execution.id],
  environment: {
    MLFLOW_TRACKING_URI: mlflowTrackingArn,
    KAFKA_TOPIC: kafkaTopic,
    KAFKA_SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:kafka",
  },
  maxRuntimeSeconds: 7200,
  inputs: {
    input: {
      from: inputUri,
      path: "/opt/ml/processing/input/data",
      distribution: "ShardedByS3Key",
    },
  },
  outputs: { report: { to: join("/", "s3://ml-artifacts-bucket/infer", execution.id) } },
  tags: TAGS,
  retry: RETRY,
});

/** The pipeline. */
export const inferenceGolden: Pipeline = pipeline({
  parameters: [inputUri, mlflowTrackingArn, modelUri, instanceCount, kafkaTopic],
  steps: [predict],
});
