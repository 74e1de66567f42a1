/**
 * What each call of the sources needs from IAM, and of whom. A call that is not here fails the test:
 * whoever adds one says here who makes it, and gives the permission in infra/modules.
 *
 * @module
 */
import type { Environment, Request, Role } from "./may.ts";
import { names, SHARED } from "./names.ts";

/** A question about a role. */
export interface Need extends Request {
  readonly roles: readonly Role[];
}

const READERS: readonly Role[] = ["training", "registration", "inference", "ci-run"];
/** ci-run measures the champion again when labels have arrived. */
const LOGGERS: readonly Role[] = ["training", "registration", "ci-run"];

/** Calls of people with rights of their own, who prepare an account or look after it. */
export const BY_A_PERSON: ReadonlySet<string> = new Set([
  "ecr:CreateRepository",
  "ecr:PutLifecyclePolicy",
  "events:ListRules",
  "kms:CreateAlias",
  "kms:CreateKey",
  "kms:DescribeKey",
  "kms:EnableKeyRotation",
  "logs:DescribeLogGroups",
  "s3:CreateBucket",
  "s3:GetBucketVersioning",
  "s3:PutBucketEncryption",
  "s3:PutBucketLifecycleConfiguration",
  "s3:PutBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutPublicAccessBlock",
  "sagemaker:DescribeMlflowTrackingServer",
  "servicequotas:ListServiceQuotas",
]);

/** Who needs what for a call; undefined for one that nobody thought of. */
export function needsOf(call: string, environment: Environment): Need[] | undefined {
  const own = names(environment);
  /** Artifacts of a server that leaves them to its clients. */
  const upload = (action: string) => ({
    roles: LOGGERS,
    action,
    resource: `${own.mlflowBucket}/1/models/m-1/model.onnx`,
  });
  const mlflow = (roles: readonly Role[], ...actions: string[]): Need[] =>
    actions.map((action) => ({
      roles,
      action: `sagemaker-mlflow:${action}`,
      resource: own.mlflow,
    }));
  const run = (action: string, resource: string, context?: Request["context"]): Need[] => [
    { roles: ["ci-run"], action, resource, ...(context === undefined ? {} : { context }) },
  ];
  const execution = `${own.pipeline("training")}/execution/abcdef123456`;
  const log = SHARED.log("TrainingJobs");
  const tagged = { "aws:ResourceTag/environment": environment };
  const needs: Record<string, () => Need[]> = {
    // What jobs read and write on S3 stands place by place in permissions.ts.
    "s3:GetObject": () => [
      {
        roles: ["training"],
        action: "s3:GetObject",
        resource: `${own.data}/datasets/training/a.parquet`,
      },
      {
        roles: ["inference"],
        action: "s3:GetObject",
        resource: `${own.data}/datasets/inference/a.parquet`,
      },
    ],
    "s3:HeadObject": () => [
      {
        roles: ["training"],
        action: "s3:GetObject",
        resource: `${own.data}/datasets/training/a.parquet`,
      },
      {
        roles: ["inference"],
        action: "s3:GetObject",
        resource: `${own.data}/datasets/inference/a.parquet`,
      },
    ],
    "s3:PutObject": () => [
      { roles: ["training"], action: "s3:PutObject", resource: `${own.artifacts}/work/e/tree-1` },
      {
        roles: ["inference"],
        action: "s3:PutObject",
        resource: `${own.artifacts}/runs/r/manifest.json`,
      },
    ],
    "s3:CreateMultipartUpload": () => [upload("s3:PutObject")],
    "s3:UploadPart": () => [upload("s3:PutObject")],
    "s3:CompleteMultipartUpload": () => [upload("s3:PutObject")],
    "s3:AbortMultipartUpload": () => [upload("s3:AbortMultipartUpload")],
    "s3:ListObjectsV2": () => [
      {
        roles: ["training"],
        action: "s3:ListBucket",
        resource: own.data,
        context: { "s3:prefix": "datasets/training/" },
      },
      {
        roles: ["inference"],
        action: "s3:ListBucket",
        resource: own.data,
        context: { "s3:prefix": "datasets/inference/day=2026-11-22/" },
      },
      { roles: ["training", "inference"], action: "s3:ListBucket", resource: own.artifacts },
    ],
    "s3:DeleteObject": () => [
      { roles: ["training"], action: "s3:DeleteObject", resource: `${own.artifacts}/work/e/a` },
    ],
    "secrets-manager:GetSecretValue": () => [
      { roles: ["inference"], action: "secretsmanager:GetSecretValue", resource: own.secret },
    ],
    // Nobody can be denied to ask who he is.
    "sts:GetCallerIdentity": () => [],
    "sagemaker:DescribePipeline": () => run("sagemaker:DescribePipeline", own.pipeline("training")),
    "sagemaker:ListPipelineExecutions": () =>
      run("sagemaker:ListPipelineExecutions", own.pipeline("training")),
    "sagemaker:StartPipelineExecution": () =>
      run("sagemaker:StartPipelineExecution", own.pipeline("inference")),
    "sagemaker:DescribeHyperParameterTuningJob": () =>
      run(
        "sagemaker:DescribeHyperParameterTuningJob",
        SHARED.search,
        tagged,
      ),
    "sagemaker:DescribeProcessingJob": () =>
      run("sagemaker:DescribeProcessingJob", SHARED.job("processing"), tagged),
    "sagemaker:DescribeTrainingJob": () =>
      run("sagemaker:DescribeTrainingJob", SHARED.job("training"), tagged),
    ...Object.fromEntries([
      "DescribePipelineDefinitionForExecution",
      "DescribePipelineExecution",
      "ListPipelineExecutionSteps",
      "ListPipelineParametersForExecution",
      "RetryPipelineExecution",
      "StopPipelineExecution",
      "UpdatePipelineExecution",
    ].map((action) => [`sagemaker:${action}`, () => run(`sagemaker:${action}`, execution)])),
    "cloudwatch:DescribeAlarms": () =>
      run(
        "cloudwatch:DescribeAlarms",
        `arn:aws:cloudwatch:us-east-1:123456789012:alarm:ml-platform-${environment}-drift`,
      ),
    "ecr:DescribeImages": () => run("ecr:DescribeImages", SHARED.repository("training")),
    "ecr:DescribeImageScanFindings": () =>
      run("ecr:DescribeImageScanFindings", SHARED.repository("training")),
    "ecr:DescribeRepositories": () => [
      {
        roles: ["ci-build", "ci-run"],
        action: "ecr:DescribeRepositories",
        resource: SHARED.repository("training"),
      },
    ],
    "ecr:GetAuthorizationToken": () => [
      { roles: ["ci-build"], action: "ecr:GetAuthorizationToken", resource: "*" },
    ],
    "s3:ListBucket": () => run("s3:ListBucket", own.artifacts),
    "scheduler:GetSchedule": () =>
      run(
        "scheduler:GetSchedule",
        `arn:aws:scheduler:us-east-1:123456789012:schedule/ml-platform-${environment}/ml-platform-${environment}-training`,
      ),
    "logs:DescribeLogStreams": () =>
      run("logs:DescribeLogStreams", log.replace(/:log-stream:a$/, "")),
    "logs:FilterLogEvents": () => run("logs:FilterLogEvents", log.replace(/:log-stream:a$/, "")),
    "logs:GetLogEvents": () => run("logs:GetLogEvents", log),
    "mlflow:experiments/create": () => mlflow(LOGGERS, "CreateExperiment"),
    "mlflow:experiments/get-by-name": () => mlflow(LOGGERS, "GetExperimentByName"),
    "mlflow:experiments/restore": () => mlflow(LOGGERS, "RestoreExperiment"),
    // AWS lists no action for creating one, so an evaluator has no answer to it.
    "mlflow:logged-models": () => [
      ...mlflow(READERS, "GetLoggedModel"),
      ...mlflow(LOGGERS, "FinalizeLoggedModel", "LogLoggedModelParams", "SetLoggedModelTags"),
    ],
    "mlflow:logged-models/search": () => mlflow(LOGGERS, "SearchLoggedModels"),
    "mlflow:model-versions/create": () => mlflow(["registration"], "CreateModelVersion"),
    "mlflow:model-versions/delete-tag": () => mlflow(["registration"], "DeleteModelVersionTag"),
    "mlflow:model-versions/get": () => mlflow(READERS, "GetModelVersion"),
    "mlflow:model-versions/get-download-uri": () =>
      mlflow(READERS, "GetDownloadURIForModelVersionArtifacts"),
    "mlflow:model-versions/search": () => mlflow(READERS, "SearchModelVersions"),
    "mlflow:model-versions/set-tag": () => mlflow(["registration"], "SetModelVersionTag"),
    "mlflow:model-versions/transition-stage": () =>
      mlflow(["registration"], "TransitionModelVersionStage"),
    "mlflow:registered-models/alias": () => [
      ...mlflow(READERS, "GetModelVersionByAlias"),
      ...mlflow(["registration"], "SetRegisteredModelAlias", "DeleteRegisteredModelAlias"),
    ],
    "mlflow:registered-models/create": () => mlflow(["registration"], "CreateRegisteredModel"),
    "mlflow:registered-models/get": () => mlflow(READERS, "GetRegisteredModel"),
    "mlflow:registered-models/get-latest-versions": () => mlflow(READERS, "GetLatestModelVersions"),
    "mlflow:registered-models/search": () => mlflow(READERS, "SearchRegisteredModels"),
    "mlflow:runs/create": () => mlflow(LOGGERS, "CreateRun"),
    "mlflow:runs/get": () => mlflow(READERS, "GetRun"),
    "mlflow:runs/log-batch": () => mlflow(LOGGERS, "LogBatch", "LogMetric", "LogParam", "SetTag"),
    "mlflow:runs/log-inputs": () => mlflow(LOGGERS, "LogInputs"),
    "mlflow:runs/log-model": () => mlflow(LOGGERS, "LogModel"),
    "mlflow:runs/outputs": () => mlflow(LOGGERS, "LogOutputs"),
    "mlflow:runs/search": () => mlflow(LOGGERS, "SearchRuns"),
    "mlflow:runs/set-tag": () => mlflow(LOGGERS, "SetTag"),
    "mlflow:runs/update": () => mlflow(LOGGERS, "UpdateRun"),
    // By what the code itself says that it needs; see the test.
    "kafka-cluster": () => [],
  };
  return needs[call]?.();
}
