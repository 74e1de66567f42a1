/**
 * `ml-platform-<env>-inference`: check a day's data, score it on N machines, and see that every row is
 * published; or fail with the reason.
 *
 * The jobs read the data themselves: which day it is follows from the slot, and which machine scores
 * which files is settled in the run's manifest, so that a retry shares them out alike. No step is
 * cached: another run publishes again.
 *
 * @module
 */
import {
  condition,
  equals,
  execution,
  fail,
  integerParameter,
  join,
  type Pipeline,
  pipeline,
  processing,
  stringParameter,
  text,
} from "./definition/mod.ts";
import { machines, SURROUNDINGS, TRACES } from "./jobs.ts";
import { environment } from "./variables.ts";

const inputUri = stringParameter("InputUri", { defaultValue: environment.inferenceData });
const inputPartition = stringParameter("InputPartition", {
  defaultValue: "day={yyyy}-{MM}-{dd}",
});
const inputLagDays = integerParameter("InputLagDays", { defaultValue: 1 });
const runId = stringParameter("RunId");
const scheduledTime = stringParameter("ScheduledTime");
// SageMaker refuses an empty parameter; a blank is not set.
const supersedes = stringParameter("Supersedes", { defaultValue: " " });
const allowEmpty = stringParameter("AllowEmpty", {
  defaultValue: "false",
  enumValues: ["false", "true"],
});
const onViolation = stringParameter("OnViolation", {
  defaultValue: "fail",
  enumValues: ["fail", "warn", "quarantine"],
});
const onDrift = stringParameter("OnDrift", {
  defaultValue: "warn",
  enumValues: ["warn", "fail"],
});
const modelUri = stringParameter("ModelUri", {
  defaultValue: `models:/${environment.modelName}@champion`,
});
const batchSize = integerParameter("BatchSize", { defaultValue: environment.batchSize });
const kafkaBootstrapServers = stringParameter("KafkaBootstrapServers", {
  defaultValue: environment.kafkaBootstrapServers,
});
const kafkaOutputTopic = stringParameter("KafkaOutputTopic", {
  defaultValue: environment.kafkaOutputTopic,
});
const mlflowTrackingUri = stringParameter("MlflowTrackingUri", {
  defaultValue: environment.mlflow,
});
const instanceType = stringParameter("InferenceInstanceType", {
  defaultValue: environment.inferenceInstanceType,
});
const instanceCount = integerParameter("InferenceInstanceCount", {
  defaultValue: environment.inferenceInstanceCount,
});
const volumeSize = integerParameter("VolumeSizeInGB", { defaultValue: 30 });

const job = {
  ...SURROUNDINGS,
  image: environment.inferenceImage,
  role: environment.inferenceRole,
  instances: machines(instanceType, 1, volumeSize),
  maxRuntimeSeconds: 3600,
};
const run = {
  ...TRACES,
  ML_RUN_ID: runId,
  ML_SCHEDULED_TIME: scheduledTime,
  ML_RUN_STATE: `${environment.artifacts}/runs`,
  KAFKA_BOOTSTRAP_SERVERS: kafkaBootstrapServers,
  KAFKA_OUTPUT_TOPIC: kafkaOutputTopic,
  KAFKA_SECURITY_PROTOCOL: environment.kafkaSecurityProtocol,
  KAFKA_SASL_MECHANISM: environment.kafkaSaslMechanism,
  KAFKA_SECRET_ARN: environment.kafkaSecretArn,
};
const material = {
  ...run,
  ML_INPUT_URI: inputUri,
  ML_INPUT_PARTITION: inputPartition,
  ML_INPUT_LAG_DAYS: text(inputLagDays),
  ML_ALLOW_EMPTY: allowEmpty,
  ML_MODEL_URI: modelUri,
  ML_SUPERSEDES: supersedes,
  ML_ON_VIOLATION: onViolation,
  ML_ON_DRIFT: onDrift,
  ML_ENVIRONMENT: environment.name,
  ML_PIPELINE: "inference",
  MLFLOW_TRACKING_URI: mlflowTrackingUri,
};

const check = processing("Check", {
  ...job,
  displayName: "Quality and drift",
  description: "Check the day's data against the model's, and write the run's manifest",
  arguments: ["check"],
  environment: { ...material, ML_SHARDS: text(instanceCount) },
  outputs: { check: { to: join("/", environment.artifacts, "check", execution.id) } },
  propertyFiles: { Check: { output: "check", path: "check.json" } },
});

const score = processing("Score", {
  ...job,
  description: "Score the day's data and publish each prediction exactly once",
  arguments: ["score", "--retry-for", "15m"],
  environment: { ...material, ML_BATCH_SIZE: text(batchSize) },
  instances: machines(instanceType, instanceCount, volumeSize),
  maxRuntimeSeconds: 4 * 3600,
});

const complete = processing("Complete", {
  ...job,
  description: "See that all machines together published every row, and announce the run",
  dependsOn: [score],
  arguments: ["runs", "complete"],
  environment: run,
  maxRuntimeSeconds: 900,
});

const unfit = fail("UnfitData", {
  reason: join(
    " ",
    "The data was not scored:",
    check.files.Check.string("reasons[0]"),
    "- everything found is in",
    check.outputs.check,
  ),
});

const fit = condition("FitToScore", {
  displayName: "Fit to score?",
  when: [equals(check.files.Check.boolean("passed"), true)],
  then: [score, complete],
  otherwise: [unfit],
});

/** The pipeline. */
export function inferencePipeline(): Pipeline {
  return pipeline({ parameters, steps: [check, fit] });
}

const parameters = [
  inputUri,
  inputPartition,
  inputLagDays,
  runId,
  scheduledTime,
  supersedes,
  allowEmpty,
  onViolation,
  onDrift,
  modelUri,
  batchSize,
  kafkaBootstrapServers,
  kafkaOutputTopic,
  mlflowTrackingUri,
  instanceType,
  instanceCount,
  volumeSize,
];
