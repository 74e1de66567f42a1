import {
  cluster,
  environment,
  imageUri,
  kmsKey,
  name,
  roleArn,
  s3Uri,
  switches,
  tags,
  vpcConfig,
  words,
} from "./common_arguments.ts";
import { isObject } from "./json.ts";
import type { Scope } from "./scope.ts";
import {
  all,
  anything,
  type Check,
  integer,
  list,
  map,
  object,
  settled,
  text,
  unique,
} from "./shapes.ts";

const inputMode = text({ words: ["Pipe", "File", "FastFile"] });

const channel = object({
  "ChannelName!": text({
    max: 64,
    pattern: /^[A-Za-z0-9.\-_]+$/,
    what: "letters, digits, '.', '-' and '_'",
  }),
  "DataSource!": object({
    S3DataSource: object({
      "S3DataType!": text({ words: ["ManifestFile", "S3Prefix", "AugmentedManifestFile"] }),
      "S3Uri!": s3Uri,
      S3DataDistributionType: text({ words: ["FullyReplicated", "ShardedByS3Key"] }),
      AttributeNames: list(text({ max: 256 }), { max: 16 }),
      InstanceGroupNames: list(text({ max: 64 }), { max: 5 }),
    }),
    FileSystemDataSource: anything,
  }),
  ContentType: text({ max: 256 }),
  CompressionType: text({ words: ["None", "Gzip"] }),
  RecordWrapperType: text({ words: ["None", "RecordIO"] }),
  InputMode: inputMode,
  ShuffleConfig: object({ "Seed!": integer() }),
});

const regularExpression: Check = (found, at, scope) => {
  text({ max: 500 })(found, at, scope);
  if (typeof found !== "string") return;
  try {
    new RegExp(found);
  } catch {
    scope.report(at, "it is no regular expression");
  }
};

const algorithm: Check = all(
  object({
    TrainingImage: imageUri,
    AlgorithmName: text({ max: 170 }),
    "TrainingInputMode!": inputMode,
    ContainerEntrypoint: words,
    ContainerArguments: words,
    MetricDefinitions: all(
      list(object({ "Name!": text({ max: 255 }), "Regex!": regularExpression }), { max: 40 }),
      unique("Name"),
    ),
    EnableSageMakerMetricsTimeSeries: switches,
    TrainingImageConfig: anything,
  }),
  (found, at, scope) => {
    if (!isObject(found)) return;
    const { TrainingImage: image, AlgorithmName: algorithm } = found;
    if (image === undefined && algorithm === undefined) {
      scope.report(`${at}.TrainingImage`, "it is missing");
    } else if (image !== undefined && algorithm !== undefined) {
      scope.report(`${at}.AlgorithmName`, "it cannot stand beside TrainingImage");
    }
  },
);

const hyperparameters = map({ max: 256 }, text({ min: 0, max: 2500 }), { max: 100 });

/** What one training job and each of a tuning have in common. */
const job = {
  "AlgorithmSpecification!": algorithm,
  "OutputDataConfig!": object({
    "S3OutputPath!": s3Uri,
    KmsKeyId: kmsKey,
    CompressionType: text({ words: ["GZIP", "NONE"] }),
  }),
  "StoppingCondition!": object({
    MaxRuntimeInSeconds: integer({ min: 1, max: 2_419_200 }),
    MaxWaitTimeInSeconds: integer({ min: 1 }),
    MaxPendingTimeInSeconds: integer({ min: 7200, max: 2_419_200 }),
  }),
  "ResourceConfig!": cluster(100),
  "RoleArn!": roleArn,
  InputDataConfig: all(list(channel, { min: 1, max: 20 }), unique("ChannelName")),
  Environment: environment(512),
  VpcConfig: vpcConfig,
  EnableNetworkIsolation: switches,
  EnableInterContainerTrafficEncryption: switches,
  EnableManagedSpotTraining: switches,
  CheckpointConfig: object({ "S3Uri!": s3Uri, LocalPath: text({ max: 4096 }) }),
  RetryStrategy: object({ "MaximumRetryAttempts!": integer({ min: 1, max: 30 }) }),
};

/** Arguments of a training step: those of CreateTrainingJob. */
export const trainingArguments: Check = all(
  object({
    ...job,
    TrainingJobName: name(63),
    HyperParameters: hyperparameters,
    Tags: tags,
    DebugHookConfig: anything,
    DebugRuleConfigurations: anything,
    ProfilerConfig: anything,
    ProfilerRuleConfigurations: anything,
    TensorBoardOutputConfig: anything,
    ExperimentConfig: anything,
    RemoteDebugConfig: anything,
    InfraCheckConfig: anything,
  }),
  spot,
);

const bound = text({
  max: 256,
  pattern: /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/,
  what: "a number as text",
});
const numericRange = all(
  object({
    "Name!": text({ max: 256 }),
    "MinValue!": bound,
    "MaxValue!": bound,
    ScalingType: text({ words: ["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"] }),
  }),
  (found, at, scope) => {
    if (!isObject(found)) return;
    const [low, high] = [settled(found["MinValue"], scope), settled(found["MaxValue"], scope)];
    if (typeof low === "string" && typeof high === "string" && Number(low) > Number(high)) {
      scope.report(`${at}.MaxValue`, `it is less than MinValue, which is ${low}`);
    }
  },
);
const ranges = object({
  IntegerParameterRanges: list(numericRange, { max: 30 }),
  ContinuousParameterRanges: list(numericRange, { max: 30 }),
  CategoricalParameterRanges: list(
    object({
      "Name!": text({ max: 256 }),
      "Values!": list(text({ max: 256 }), { min: 1, max: 30 }),
    }),
    { max: 30 },
  ),
  AutoParameters: anything,
});

const objective = {
  "Type!": text({ words: ["Maximize", "Minimize"] }),
  "MetricName!": text({ max: 255 }),
};

const tunedJob: Check = all(
  object({
    ...job,
    DefinitionName: name(64),
    StaticHyperParameters: hyperparameters,
    HyperParameterRanges: ranges,
    TuningObjective: object(objective),
    HyperParameterTuningResourceConfig: anything,
  }),
  spot,
);

/** Arguments of a tuning step: those of CreateHyperParameterTuningJob. */
export const tuningArguments: Check = object({
  "HyperParameterTuningJobConfig!": object({
    "Strategy!": text({ words: ["Bayesian", "Random", "Hyperband", "Grid"] }),
    StrategyConfig: anything,
    HyperParameterTuningJobObjective: object(objective),
    "ResourceLimits!": object({
      MaxNumberOfTrainingJobs: integer({ min: 1 }),
      "MaxParallelTrainingJobs!": integer({ min: 1 }),
      MaxRuntimeInSeconds: integer({ min: 120, max: 15_768_000 }),
    }),
    ParameterRanges: ranges,
    TrainingJobEarlyStoppingType: text({ words: ["Off", "Auto"] }),
    TuningJobCompletionCriteria: anything,
    RandomSeed: integer({ min: 0 }),
  }),
  TrainingJobDefinition: tunedJob,
  TrainingJobDefinitions: list(tunedJob, { min: 1, max: 10 }),
  WarmStartConfig: anything,
  Autotune: anything,
  Tags: tags,
});

/** Spot instances and the time to wait for them go together. */
function spot(found: unknown, at: string, scope: Scope): void {
  if (!isObject(found) || !isObject(found["StoppingCondition"])) return;
  const stopping = found["StoppingCondition"];
  const path = `${at}.StoppingCondition.MaxWaitTimeInSeconds`;
  const onSpot = settled(found["EnableManagedSpotTraining"], scope);
  const wait = stopping["MaxWaitTimeInSeconds"];
  // Undefined where only the start tells.
  const settledOff = onSpot === false || found["EnableManagedSpotTraining"] === undefined;
  if (onSpot === true && wait === undefined) {
    scope.report(path, "it is missing, though EnableManagedSpotTraining is true");
  } else if (settledOff && wait !== undefined) {
    scope.report(path, "it is only allowed where EnableManagedSpotTraining is true");
  }
  const [most, waited] = [settled(stopping["MaxRuntimeInSeconds"], scope), settled(wait, scope)];
  if (typeof most === "number" && typeof waited === "number" && waited < most) {
    scope.report(path, `it is ${waited}, less than MaxRuntimeInSeconds, which is ${most}`);
  }
}
