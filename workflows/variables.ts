/**
 * What the pipelines leave to their environment, by the names of its Terraform. The same in both
 * environments but for the values.
 *
 * @module
 */
import { type StoppingCondition, variable, type VariableValue } from "./definition/mod.ts";

/** What a variable is, for whoever gives it a value. */
export interface VariableDescription {
  /** `string` stands between quotes; everything else stands there as JSON (`jsonencode`). */
  readonly type: "string" | "number" | "boolean" | "list" | "object";
  readonly description: string;
  /** Taken where an environment says nothing; without it each must. */
  readonly default?: VariableValue;
  /** A value that could be one, with which `validate` and the tests work. */
  readonly example: VariableValue;
}

/** SageMaker refuses an empty value; the jobs read a blank as not set. */
const BLANK = " ";

const STOPPING = { MaxRuntimeInSeconds: 4 * 3600, MaxWaitTimeInSeconds: 8 * 3600 };

/** Every variable there is. */
export const VARIABLES: Readonly<Record<string, VariableDescription>> = {
  environment: text("staging or prod", "staging"),
  training_image_uri: text(
    "Image of the training job, by digest",
    `123456789012.dkr.ecr.eu-west-1.amazonaws.com/ml-platform-training@sha256:${"a".repeat(64)}`,
  ),
  inference_image_uri: text(
    "Image of the inference job, by digest",
    `123456789012.dkr.ecr.eu-west-1.amazonaws.com/ml-platform-inference@sha256:${"b".repeat(64)}`,
  ),
  training_role_arn: text(
    "Role of the jobs that check, train and evaluate",
    "arn:aws:iam::123456789012:role/ml-platform-staging-training",
  ),
  registration_role_arn: text(
    "Role of the jobs that register and promote",
    "arn:aws:iam::123456789012:role/ml-platform-staging-registration",
  ),
  inference_role_arn: text(
    "Role of the jobs that check, score and complete",
    "arn:aws:iam::123456789012:role/ml-platform-staging-inference",
  ),
  subnet_ids: list("Private subnets of the jobs", [
    "subnet-0123456789abcdef0",
    "subnet-0123456789abcdef1",
  ]),
  security_group_ids: list("Security groups of the jobs", ["sg-0123456789abcdef0"]),
  kms_key_arn: text(
    "Key of the jobs' volumes and outputs",
    "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555",
  ),
  artifact_bucket: text("Bucket of models, reports, checkpoints and runs", "ml-platform-artifacts"),
  training_data_uri: text(
    "Parquet to train on, where a start names no other",
    "s3://ml-platform-data/datasets/training/",
  ),
  inference_data_uri: text(
    "Where the days to score are, in folders, where a start names no other",
    "s3://ml-platform-data/datasets/inference/",
  ),
  mlflow_tracking_uri: text(
    "MLflow server: an ARN of SageMaker's, or http(s)",
    "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-platform",
  ),
  otlp_endpoint: option("Collector of OpenTelemetry's traces, by HTTP; a blank for none", BLANK),
  training_instance_type: text("Machines of the training pipeline", "ml.m5.large"),
  inference_instance_type: text("Machines of the inference pipeline", "ml.m5.large"),
  training_instance_count: number("Machines that grow the forest together", 1),
  inference_instance_count: number("Machines that score together", 1),
  training_use_spot: {
    type: "boolean",
    description: "Whether the training runs on spot instances",
    default: true,
    example: true,
  },
  training_stopping_condition: {
    type: "object",
    description:
      "When SageMaker stops the training; with spot instances MaxWaitTimeInSeconds has " +
      "to be there and at least MaxRuntimeInSeconds, without them it must not",
    default: STOPPING,
    example: STOPPING,
  },
  model_name: text("Registered model", "staging-classifier"),
  experiment_name: text("MLflow experiment", "staging-experiments"),
  training_label: text("Column to predict", "label"),
  inference_key_column: {
    ...text("Column that names a row, and is the key of its message; a blank for none", "id"),
    default: BLANK,
  },
  training_minimum_accuracy: number("Least accuracy of a champion", 0.7, 0),
  n_estimators: number("Trees of the forest", 100),
  max_depth: number("Levels of a tree; 0 means no limit", 10),
  min_samples_leaf: number("Fewest rows in a leaf", 1),
  max_features: option(
    "Columns that a node looks at: sqrt, log2, all, a fraction, a count",
    "sqrt",
  ),
  class_weight: option("Weight of the classes: none or balanced", "none"),
  objective: option("What is learnt: classification or regression", "classification"),
  time_column: option("Column that orders the rows in time; a blank for none", BLANK),
  drop_columns: option("Columns that are no features, by commas; a blank for none", BLANK),
  test_fraction: number("Part of the rows that is held out", 0.2),
  seed: number("Same seed, same data: same forest", 42),
  min_roc_auc: number("Least area under the ROC curve of a champion", 0.5),
  gate_min_gain: number("Least gain over the champion; below 0: how much worse still passes", 0),
  approval: option("auto, or manual: promotion waits for a person", "auto"),
  inference_batch_size: number("Most rows in a transaction", 10_000),
  kafka_bootstrap_servers: text("Brokers, by commas", "broker-1:9098,broker-2:9098"),
  kafka_output_topic: text("Topic of the predictions", "ml-predictions-staging"),
  kafka_security_protocol: option("PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL", "SASL_SSL"),
  kafka_sasl_mechanism: option(
    "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or AWS_MSK_IAM",
    "AWS_MSK_IAM",
  ),
  kafka_secret_arn: option("Secret with the user and the password; a blank for none", BLANK),
};

/** The values of all variables that could be one, with which `validate` and the tests work. */
export const EXAMPLES: Readonly<Record<string, VariableValue>> = Object
  .fromEntries(Object.entries(VARIABLES).map(([name, { example }]) => [name, example]));

/** The variables as they stand in a definition. */
export const environment = {
  name: variable.string("environment"),
  trainingImage: variable.string("training_image_uri"),
  inferenceImage: variable.string("inference_image_uri"),
  trainingRole: variable.string("training_role_arn"),
  registrationRole: variable.string("registration_role_arn"),
  inferenceRole: variable.string("inference_role_arn"),
  vpc: {
    subnets: variable.strings("subnet_ids"),
    securityGroups: variable.strings("security_group_ids"),
  },
  kmsKey: variable.string("kms_key_arn"),
  artifacts: `s3://${variable.string("artifact_bucket")}`,
  trainingData: variable.string("training_data_uri"),
  inferenceData: variable.string("inference_data_uri"),
  mlflow: variable.string("mlflow_tracking_uri"),
  otlpEndpoint: variable.string("otlp_endpoint"),
  trainingInstanceType: variable.string("training_instance_type"),
  inferenceInstanceType: variable.string("inference_instance_type"),
  trainingInstanceCount: variable.number("training_instance_count"),
  inferenceInstanceCount: variable.number("inference_instance_count"),
  useSpot: variable.boolean("training_use_spot"),
  stopping: variable.object<StoppingCondition>("training_stopping_condition"),
  modelName: variable.string("model_name"),
  experimentName: variable.string("experiment_name"),
  label: variable.string("training_label"),
  keyColumn: variable.string("inference_key_column"),
  minAccuracy: variable.number("training_minimum_accuracy"),
  nEstimators: variable.number("n_estimators"),
  maxDepth: variable.number("max_depth"),
  minSamplesLeaf: variable.number("min_samples_leaf"),
  maxFeatures: variable.string("max_features"),
  classWeight: variable.word<"none" | "balanced">("class_weight"),
  objective: variable.word<"classification" | "regression">("objective"),
  timeColumn: variable.string("time_column"),
  dropColumns: variable.string("drop_columns"),
  testFraction: variable.number("test_fraction"),
  seed: variable.number("seed"),
  minRocAuc: variable.number("min_roc_auc"),
  gateMinGain: variable.number("gate_min_gain"),
  approval: variable.word<"auto" | "manual">("approval"),
  batchSize: variable.number("inference_batch_size"),
  kafkaBootstrapServers: variable.string("kafka_bootstrap_servers"),
  kafkaOutputTopic: variable.string("kafka_output_topic"),
  kafkaSecurityProtocol: variable.string("kafka_security_protocol"),
  kafkaSaslMechanism: variable.string("kafka_sasl_mechanism"),
  kafkaSecretArn: variable.string("kafka_secret_arn"),
} as const;

function text(description: string, example: string): VariableDescription {
  return { type: "string", description, example };
}

function option(description: string, value: string): VariableDescription {
  return { ...text(description, value), default: value };
}

function number(description: string, example: number, value = example): VariableDescription {
  return { type: "number", description, default: value, example };
}

function list(description: string, example: readonly string[]): VariableDescription {
  return { type: "list", description, example };
}
