/**
 * Ways to break the golden `training.json`, each with the place where it has to be found.
 *
 * @module
 */

/** One change of the golden. */
export type Mutation = readonly [
  rule: string,
  /** What is changed. */
  at: string,
  /** What is put there; undefined takes it away. */
  to: unknown,
  /** Where it has to be found; at the change unless told. */
  found?: string,
];

const QUALITY = "$.Steps[0]";
const TRAIN = "$.Steps[1]";
const EVALUATE = "$.Steps[2]";
const GATE = "$.Steps[3]";
const APPROVE = `${GATE}.Arguments.IfSteps[0]`;
const REGISTER = `${GATE}.Arguments.IfSteps[1]`;
const FAIL = `${GATE}.Arguments.ElseSteps[0]`;
const CONDITION = `${GATE}.Arguments.Conditions[0]`;
const APP = `${QUALITY}.Arguments.AppSpecification`;
const CLUSTER = `${QUALITY}.Arguments.ProcessingResources.ClusterConfig`;
const INPUT = `${QUALITY}.Arguments.ProcessingInputs[0]`;
const OUTPUT = `${QUALITY}.Arguments.ProcessingOutputConfig.Outputs[0]`;
const VPC = `${QUALITY}.Arguments.NetworkConfig.VpcConfig`;
const STOPPING = `${TRAIN}.Arguments.StoppingCondition`;
const CHANNEL = `${TRAIN}.Arguments.InputDataConfig[0]`;
const RETRY = `${QUALITY}.RetryPolicies[0]`;
const METRIC = `${TRAIN}.Arguments.AlgorithmSpecification.MetricDefinitions[0]`;

const get = (path: string) => ({ Get: path });
const join = (...values: readonly unknown[]) => ({ "Std:Join": { On: "/", Values: values } });

const TOKEN = `gh${"p"}_${"a1B2".repeat(9)}`;

/** At least one of each rule. */
export const MUTATIONS: readonly Mutation[] = [
  // The whole
  ["version", "$.Version", "2021-01-01"],
  ["version missing", "$.Version", undefined],
  ["no step", "$.Steps", []],
  ["steps missing", "$.Steps", undefined],
  ["unknown member", "$.Step", []],
  ["metadata", "$.Metadata.owner", 7],
  ["too large", "$.Metadata", largeMetadata(), "$"],

  // Parameters
  ["parameter without a name", "$.Parameters[0].Name", undefined],
  ["parameter's name too long", "$.Parameters[8].Name", "x".repeat(65)],
  ["parameter's name with a space", "$.Parameters[8].Name", "Register it"],
  ["parameter twice", "$.Parameters[8].Name", "NumTrees"],
  ["parameter of an unknown type", "$.Parameters[8].Type", "Bool"],
  ["default of another type: text", "$.Parameters[4].DefaultValue", "100"],
  ["default of another type: fraction", "$.Parameters[4].DefaultValue", 1.5],
  ["default of another type: number", "$.Parameters[0].DefaultValue", 7],
  ["default of another type: word", "$.Parameters[8].DefaultValue", "true"],
  ["default not among the values", "$.Parameters[7].DefaultValue", "ml.m5.large"],
  ["value of another type", "$.Parameters[7].EnumValues[1]", 2],
  [
    "default that depends on the run",
    "$.Parameters[0].DefaultValue",
    get("Execution.PipelineName"),
  ],
  ["default that no use allows", "$.Parameters[0].DefaultValue", "data/train"],
  ["default that is no instance type", "$.Parameters[7]", {
    Name: "TrainInstanceType",
    Type: "String",
    DefaultValue: "m5.large",
  }, "$.Parameters[7].DefaultValue"],
  ["member of a parameter", "$.Parameters[0].Default", "x"],
  ["secret by its name", "$.Parameters[8].Name", "KafkaPassword"],

  // References
  ["unknown parameter", `${INPUT}.S3Input.S3Uri.Get`, "Parameters.TrainUri"],
  [
    "unknown step",
    `${REGISTER}.Arguments.InferenceSpecification.Containers[0].ModelDataUrl.Get`,
    "Steps.Training.ModelArtifacts.S3ModelArtifacts",
  ],
  [
    "unknown property of a step",
    `${EVALUATE}.Arguments.ProcessingInputs[0].S3Input.S3Uri.Get`,
    "Steps.Train.Model",
  ],
  [
    "object where text is needed",
    `${EVALUATE}.Arguments.ProcessingInputs[0].S3Input.S3Uri.Get`,
    "Steps.Train.ModelArtifacts",
  ],
  [
    "unknown output",
    `${REGISTER}.Arguments.ModelMetrics.ModelQuality.Statistics.S3Uri.Std:Join.Values[0].Get`,
    "Steps.Evaluate.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri",
    `${REGISTER}.Arguments.ModelMetrics.ModelQuality.Statistics.S3Uri["Std:Join"].Values[0].Get`,
  ],
  ["unknown property of the execution", "$.PipelineExperimentConfig.TrialName.Get", "Execution.Id"],
  ["no reference at all", `${INPUT}.S3Input.S3Uri.Get`, "TrainDataUri"],
  ["reference beside something", `${INPUT}.S3Input.S3Uri.Default`, "s3://bucket"],
  ["step in a branch", `${EVALUATE}.DependsOn`, ["AccuracyTooLow"], `${EVALUATE}.DependsOn[0]`],
  [
    "unknown property file",
    `${CONDITION}.LeftValue.Std:JsonGet.PropertyFile.Get`,
    "Steps.Evaluate.PropertyFiles.Report",
    `${CONDITION}.LeftValue["Std:JsonGet"].PropertyFile.Get`,
  ],
  [
    "property file of another step",
    `${CONDITION}.LeftValue.Std:JsonGet.PropertyFile.Get`,
    "Steps.Train.PropertyFiles.EvaluationReport",
    `${CONDITION}.LeftValue["Std:JsonGet"].PropertyFile.Get`,
  ],
  [
    "property file as text",
    `${CONDITION}.LeftValue.Std:JsonGet.PropertyFile`,
    "EvaluationReport",
    `${CONDITION}.LeftValue["Std:JsonGet"].PropertyFile`,
  ],
  [
    "path into a property file",
    `${CONDITION}.LeftValue.Std:JsonGet.Path`,
    "metrics..accuracy",
    `${CONDITION}.LeftValue["Std:JsonGet"].Path`,
  ],
  [
    "join without a list",
    `${FAIL}.Arguments.ErrorMessage.Std:Join.Values`,
    "text",
    `${FAIL}.Arguments.ErrorMessage["Std:Join"].Values`,
  ],
  [
    "join of a list",
    `${FAIL}.Arguments.ErrorMessage.Std:Join.Values[0]`,
    ["text"],
    `${FAIL}.Arguments.ErrorMessage["Std:Join"].Values[0]`,
  ],
  [
    "join by a number",
    `${FAIL}.Arguments.ErrorMessage.Std:Join.On`,
    1,
    `${FAIL}.Arguments.ErrorMessage["Std:Join"].On`,
  ],

  // Types
  ["number where text is needed", `${TRAIN}.Arguments.HyperParameters.seed`, 42],
  [
    "number's parameter where text is needed",
    `${TRAIN}.Arguments.HyperParameters.seed`,
    get("Parameters.NumTrees"),
  ],
  [
    "text's parameter where a number is needed",
    `${CLUSTER}.InstanceCount`,
    get("Parameters.ExperimentName"),
  ],
  ["joined text where a number is needed", `${CLUSTER}.InstanceCount`, join(1)],
  [
    "text where true or false is needed",
    `${QUALITY}.Arguments.NetworkConfig.EnableNetworkIsolation`,
    "false",
  ],
  ["text where a list is needed", `${APP}.ContainerArguments`, "--min-rows 100"],
  ["list where an object is needed", `${QUALITY}.Arguments.Environment`, ["LOG_LEVEL=info"]],
  ["fraction where a whole number is needed", `${CLUSTER}.VolumeSizeInGB`, 30.5],

  // Steps
  ["step without a name", `${QUALITY}.Name`, undefined],
  ["step's name too long", `${FAIL}.Name`, "x".repeat(65)],
  ["step's name with a space", `${FAIL}.Name`, "Accuracy too low"],
  ["step twice", `${FAIL}.Name`, "Train"],
  ["step of an unknown type", `${QUALITY}.Type`, "Process"],
  ["step without arguments", `${QUALITY}.Arguments`, undefined],
  ["description too long", `${QUALITY}.Description`, "x".repeat(3073)],
  ["waits for an unknown step", `${TRAIN}.DependsOn[0]`, "Quality"],
  ["waits for itself", `${TRAIN}.DependsOn[0]`, "Train"],
  ["cycle", `${QUALITY}.DependsOn`, ["Evaluate"], `${QUALITY}.DependsOn[0]`],
  [
    "cycle through a reference",
    `${QUALITY}.Arguments.Environment.MODEL`,
    get("Steps.Train.TrainingJobName"),
    `${QUALITY}.Arguments.Environment.MODEL.Get`,
  ],
  [
    "condition that waits for its branch",
    `${CONDITION}.RightValue`,
    get("Steps.Approve.OutputParameters['approved']"),
    `${CONDITION}.RightValue.Get`,
  ],

  // Processing
  ["image missing", `${APP}.ImageUri`, undefined],
  ["image too long", `${APP}.ImageUri`, "x".repeat(256)],
  ["argument too long", `${APP}.ContainerArguments[1]`, "x".repeat(257)],
  ["too many arguments", `${APP}.ContainerArguments`, Array(101).fill("x")],
  ["no arguments", `${APP}.ContainerArguments`, []],
  ["role missing", `${QUALITY}.Arguments.RoleArn`, undefined],
  ["role of no account", `${QUALITY}.Arguments.RoleArn`, "arn:aws:iam::12345:role/ml-exec"],
  ["no machine", `${CLUSTER}.InstanceCount`, 0],
  ["too many machines", `${CLUSTER}.InstanceCount`, 101],
  ["instance type", `${CLUSTER}.InstanceType`, "m5.large"],
  ["volume too large", `${CLUSTER}.VolumeSizeInGB`, 16_385],
  [
    "key for disks of the machine's own",
    `${CLUSTER}.InstanceType`,
    "ml.m5d.large",
    `${CLUSTER}.VolumeKmsKeyId`,
  ],
  ["input without a name", `${INPUT}.InputName`, undefined],
  ["input without a source", `${INPUT}.S3Input`, undefined],
  ["input without an address", `${INPUT}.S3Input.S3Uri`, undefined],
  [
    "input twice",
    `${QUALITY}.Arguments.ProcessingInputs[1]`,
    inputNamed("train"),
    `${QUALITY}.Arguments.ProcessingInputs[1].InputName`,
  ],
  [
    "too many inputs",
    `${QUALITY}.Arguments.ProcessingInputs`,
    Array.from({ length: 11 }, (_, index) => inputNamed(`i${index}`)),
  ],
  ["input outside of SageMaker's folder", `${INPUT}.S3Input.LocalPath`, "/data"],
  ["input that climbs out", `${INPUT}.S3Input.LocalPath`, "/opt/ml/processing/../model"],
  ["distribution", `${INPUT}.S3Input.S3DataDistributionType`, "Sharded"],
  ["output's address", `${OUTPUT}.S3Output.S3Uri`, "ml-artifacts-bucket/dq"],
  ["output's address joined", `${OUTPUT}.S3Output.S3Uri`, join("ml-artifacts-bucket", "dq")],
  ["output without an upload mode", `${OUTPUT}.S3Output.S3UploadMode`, undefined],
  ["property file of no output", `${QUALITY}.PropertyFiles[0].OutputName`, "reports"],
  ["property file without a path", `${QUALITY}.PropertyFiles[0].FilePath`, undefined],
  ["environment variable's name", `${QUALITY}.Arguments.Environment.LOG-LEVEL`, "info"],
  ["environment variable too long", `${QUALITY}.Arguments.Environment.LOG_LEVEL`, "x".repeat(257)],
  ["too many security groups", `${VPC}.SecurityGroupIds`, Array(6).fill("sg-0")],
  ["no subnet", `${VPC}.Subnets`, []],
  ["subnets missing", `${VPC}.Subnets`, undefined],
  ["runs too long", `${QUALITY}.Arguments.StoppingCondition.MaxRuntimeInSeconds`, 777_601],
  ["tag of AWS's own", `${QUALITY}.Arguments.Tags[0].Key`, "aws:project"],
  ["misspelt member", `${QUALITY}.Arguments.ProcessingInput`, []],

  // Training
  ["waits less than it runs", `${STOPPING}.MaxWaitTimeInSeconds`, 3600],
  ["spot without a time to wait", `${STOPPING}.MaxWaitTimeInSeconds`, undefined],
  [
    "time to wait without spot",
    `${TRAIN}.Arguments.EnableManagedSpotTraining`,
    false,
    `${STOPPING}.MaxWaitTimeInSeconds`,
  ],
  ["image and algorithm", `${TRAIN}.Arguments.AlgorithmSpecification.AlgorithmName`, "xgboost"],
  [
    "neither image nor algorithm",
    `${TRAIN}.Arguments.AlgorithmSpecification.TrainingImage`,
    undefined,
  ],
  [
    "metric twice",
    `${TRAIN}.Arguments.AlgorithmSpecification.MetricDefinitions[1].Name`,
    "validation:accuracy",
  ],
  ["metric's regular expression", `${METRIC}.Regex`, "accuracy=(["],
  ["channel's name", `${CHANNEL}.ChannelName`, "train data"],
  ["channel's mode", `${CHANNEL}.InputMode`, "Fast"],
  ["channel without data", `${CHANNEL}.DataSource`, undefined],
  ["no channel", `${TRAIN}.Arguments.InputDataConfig`, []],
  ["hyperparameter too long", `${TRAIN}.Arguments.HyperParameters.seed`, "x".repeat(2501)],
  [
    "too many hyperparameters",
    `${TRAIN}.Arguments.HyperParameters`,
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`h${index}`, "1"])),
  ],
  ["output's place missing", `${TRAIN}.Arguments.OutputDataConfig.S3OutputPath`, undefined],
  ["checkpoints' place missing", `${TRAIN}.Arguments.CheckpointConfig.S3Uri`, undefined],
  ["machines missing", `${TRAIN}.Arguments.ResourceConfig`, undefined],

  // Retries and cache
  ["retry for an unknown reason", `${RETRY}.ExceptionType[0]`, "Step.EXIT_CODE"],
  ["retry for no reason", `${RETRY}.ExceptionType`, []],
  ["retry too often", `${RETRY}.MaxAttempts`, 21],
  ["retry by attempts and minutes", `${RETRY}.ExpireAfterMin`, 60],
  ["retry without end", `${RETRY}.MaxAttempts`, undefined],
  ["retry too long", `${QUALITY}.RetryPolicies[1].ExpireAfterMin`, 14_401],
  ["retry too late", `${RETRY}.IntervalSeconds`, 43_201],
  ["retry ever faster", `${RETRY}.BackoffRate`, 0.5],
  [
    "retry of a registration for a job's reason",
    `${REGISTER}.RetryPolicies[0].ExceptionType[0]`,
    "SageMaker.CAPACITY_ERROR",
  ],
  ["cache's duration", `${QUALITY}.CacheConfig.ExpireAfter`, "30 days"],
  ["cache of a condition", `${GATE}.CacheConfig`, { Enabled: true, ExpireAfter: "P30D" }],

  // Conditions, failures, callbacks, registration
  ["no condition", `${GATE}.Arguments.Conditions`, []],
  ["condition of an unknown type", `${CONDITION}.Type`, "AtLeast"],
  ["half a condition", `${CONDITION}.RightValue`, undefined],
  ["order of text", `${CONDITION}.RightValue`, "0.9"],
  ["failure without a reason", `${FAIL}.Arguments.ErrorMessage`, undefined],
  ["reason too long", `${FAIL}.Arguments.ErrorMessage`, "x".repeat(3073)],
  ["retry of a failure", `${FAIL}.RetryPolicies`, []],
  ["queue", `${APPROVE}.SqsQueueUrl`, "approvals"],
  ["type of an output", `${APPROVE}.OutputParameters[0].OutputType`, "Text"],
  ["model without a group", `${REGISTER}.Arguments.ModelPackageGroupName`, undefined],
  ["approval", `${REGISTER}.Arguments.ModelApprovalStatus`, "Pending"],
  ["no container", `${REGISTER}.Arguments.InferenceSpecification.Containers`, []],

  // Secrets
  [
    "password in the environment",
    `${QUALITY}.Arguments.Environment.KAFKA_SASL_PASSWORD`,
    "hunter2",
  ],
  [
    "password from a parameter",
    `${QUALITY}.Arguments.Environment.KAFKA_SASL_PASSWORD`,
    get("Parameters.ExperimentName"),
  ],
  ["token among the hyperparameters", `${TRAIN}.Arguments.HyperParameters.tracking_token`, "abc"],
  ["access key", `${QUALITY}.Arguments.Environment.KEY`, `AKIA${"ABCD".repeat(4)}`],
  [
    "address with a password",
    `${TRAIN}.Arguments.Environment.MLFLOW_TRACKING_URI`,
    "https://me:secret@mlflow.example.com",
  ],
  ["token of GitHub as an argument", `${APP}.ContainerArguments[1]`, TOKEN],
  ["argument that takes a secret", `${APP}.ContainerArguments[0]`, "--password"],
];

function largeMetadata(): Record<string, string> {
  const entries = Array.from({ length: 1100 }, (_, index) => [`k${index}`, "x".repeat(1000)]);
  return Object.fromEntries(entries);
}

function inputNamed(name: string): unknown {
  return {
    InputName: name,
    S3Input: { S3Uri: "s3://bucket/prefix", S3DataType: "S3Prefix" },
  };
}
