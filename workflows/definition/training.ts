import { type Expression, Get, type Value } from "./expression.ts";
import {
  type Environment,
  type Instances,
  instancesJson,
  type Tags,
  tagsJson,
  type Vpc,
  vpcJson,
} from "./job.ts";
import { type JobStepOptions, type Step, stepJson } from "./step.ts";

/** A prefix of S3 that a training job finds in `/opt/ml/input/data/<channel>`. */
export interface Channel {
  /** S3 URI. */
  readonly from: Value<string>;
  /** MIME type. */
  readonly contentType?: string;
  /** `File` unless told. */
  readonly mode?: "File" | "FastFile" | "Pipe";
  /** Whether every machine gets all objects, or each its part. All unless told. */
  readonly distribution?: "FullyReplicated" | "ShardedByS3Key";
}

/** What a training job runs, on what, with what. */
export interface TrainingJob {
  /** URI of the image. */
  readonly image: Value<string>;
  /** Instead of the image's own. */
  readonly entrypoint?: readonly Value<string>[];
  /** `train` unless told: SageMaker's own. */
  readonly arguments?: readonly Value<string>[];
  /** Metrics that SageMaker finds in the log, as regular expressions with one group. */
  readonly metrics?: Readonly<Record<string, string>>;
  /** Whether SageMaker keeps the metrics over time. */
  readonly metricsTimeSeries?: boolean;
  /** ARN of the job's role. */
  readonly role: Value<string>;
  /** Its machines. */
  readonly instances: Instances;
  /** Its data by the name of the channel. */
  readonly channels: Readonly<Record<string, Channel>>;
  /** Prefix of S3 that gets the model and the outputs. */
  readonly outputTo: Value<string>;
  /** Key of the outputs. */
  readonly outputKmsKey?: Value<string>;
  /** At most 100, all text. */
  readonly hyperparameters?: Readonly<Record<string, Value<string>>>;
  /** Environment variables. */
  readonly environment?: Environment;
  /** Where the machines stand. */
  readonly vpc?: Vpc;
  /** Between the machines. */
  readonly encryptTraffic?: boolean;
  /** Lets the job reach nothing. */
  readonly isolateNetwork?: boolean;
  /** When SageMaker stops it. */
  readonly stopping: StoppingCondition | Expression<StoppingCondition>;
  /** Whether it runs on spot instances: they cost less and may be taken away. */
  readonly spot?: Value<boolean>;
  /** Prefix of S3 that keeps `/opt/ml/checkpoints`, so that an interrupted job goes on. */
  readonly checkpointsTo?: Value<string>;
}

/** When SageMaker stops a training. */
export interface StoppingCondition {
  /** Of the job itself. */
  readonly MaxRuntimeInSeconds: Value<number>;
  /** Of the job and the waiting for spot instances: there with spot only, and not less. */
  readonly MaxWaitTimeInSeconds?: Value<number>;
}

/** What a training step may say. */
export interface TrainingOptions extends TrainingJob, JobStepOptions {
  /** Tags of the job. */
  readonly tags?: Tags;
  /** Prefix of S3 for the debugger's hook. */
  readonly debugHookTo?: Value<string>;
  /** Turns SageMaker's profiler off. */
  readonly disableProfiler?: boolean;
}

/** A training step, and what other steps may use of it. */
export interface TrainingStep extends Step {
  /** S3 URI of the `model.tar.gz`. */
  readonly model: Get<string>;
  /** Name of the job. */
  readonly jobName: Get<string>;
}

/** A step that runs a training job. */
export function training(name: string, options: TrainingOptions): TrainingStep {
  return {
    name,
    model: new Get(`Steps.${name}.ModelArtifacts.S3ModelArtifacts`),
    jobName: new Get(`Steps.${name}.TrainingJobName`),
    toJSON: () => stepJson(name, "Training", { Arguments: argumentsJson(options) }, options),
  };
}

/** What a training job and each job of a tuning have in common. */
export function trainingJobJson(job: TrainingJob): Readonly<Record<string, unknown>> {
  const { metrics, checkpointsTo } = job;
  return {
    AlgorithmSpecification: {
      TrainingInputMode: "File",
      TrainingImage: job.image,
      ContainerEntrypoint: job.entrypoint,
      ContainerArguments: job.arguments,
      MetricDefinitions: metrics &&
        Object.entries(metrics).map(([Name, Regex]) => ({ Name, Regex })),
      EnableSageMakerMetricsTimeSeries: job.metricsTimeSeries,
    },
    OutputDataConfig: { S3OutputPath: job.outputTo, KmsKeyId: job.outputKmsKey },
    StoppingCondition: job.stopping,
    ResourceConfig: instancesJson(job.instances),
    RoleArn: job.role,
    InputDataConfig: Object.entries(job.channels).map(channelJson),
    Environment: job.environment,
    VpcConfig: vpcJson(job.vpc),
    EnableNetworkIsolation: job.isolateNetwork,
    EnableInterContainerTrafficEncryption: job.encryptTraffic,
    EnableManagedSpotTraining: job.spot,
    CheckpointConfig: checkpointsTo && { S3Uri: checkpointsTo, LocalPath: "/opt/ml/checkpoints" },
  };
}

function argumentsJson(options: TrainingOptions): Readonly<Record<string, unknown>> {
  return {
    ...trainingJobJson(options),
    HyperParameters: options.hyperparameters,
    Tags: tagsJson(options.tags),
    DebugHookConfig: options.debugHookTo === undefined
      ? undefined
      : { S3OutputPath: options.debugHookTo, CollectionConfigurations: [] },
    ProfilerConfig: options.disableProfiler === undefined
      ? undefined
      : { DisableProfiler: options.disableProfiler },
  };
}

function channelJson([name, channel]: [string, Channel]): Readonly<Record<string, unknown>> {
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: {
        S3DataType: "S3Prefix",
        S3Uri: channel.from,
        S3DataDistributionType: channel.distribution ?? "FullyReplicated",
      },
    },
    ContentType: channel.contentType,
    InputMode: channel.mode ?? "File",
  };
}
