/**
 * What each role must be able to do, and what it must not.
 *
 * @module
 */
import type { Environment, Request, Role } from "./may.ts";
import { names, SHARED } from "./names.ts";

/** One question. */
export interface Permission extends Request {
  readonly role: Role;
}

type Row = readonly [
  roles: Role | readonly Role[],
  actions: string | readonly string[],
  resources: string | readonly string[],
  context?: Request["context"],
];

const JOBS: readonly Role[] = ["training", "registration", "inference"];

/** What fails in production if it is missing. */
export function required(environment: Environment): Permission[] {
  const own = names(environment);
  const tag = { "aws:ResourceTag/environment": environment };
  return rows([
    // Every job
    [JOBS, ["logs:CreateLogStream", "logs:PutLogEvents"], [
      SHARED.log("TrainingJobs"),
      SHARED.log("ProcessingJobs"),
    ]],
    [JOBS, "cloudwatch:PutMetricData", "*", {
      "cloudwatch:namespace": "/aws/sagemaker/ProcessingJobs",
    }],
    [JOBS, "ecr:GetAuthorizationToken", "*"],
    [JOBS, "ec2:CreateNetworkInterface", [own.subnet, SHARED.interface]],
    [JOBS, "ec2:DeleteNetworkInterface", SHARED.interface, { "ec2:Subnet": own.subnet }],
    [JOBS, ["kms:Decrypt", "kms:GenerateDataKey"], own.dataKey],
    [JOBS, "kms:CreateGrant", own.dataKey, { "kms:GrantIsForAWSResource": "true" }],
    [JOBS, "s3:GetObject", `${own.mlflowBucket}/1/models/m-1/MLmodel`],
    // Training
    ["training", "ecr:BatchGetImage", SHARED.repository("training")],
    ["training", "s3:GetObject", `${own.data}/datasets/training/day=2026-11-22/a.parquet`],
    ["training", "s3:ListBucket", own.data, { "s3:prefix": "datasets/training/" }],
    ["training", ["s3:GetObject", "s3:PutObject"], [
      `${own.artifacts}/training/job/output/model.tar.gz`,
      `${own.artifacts}/checkpoints/e/a`,
      `${own.artifacts}/work/e/a`,
      `${own.artifacts}/evaluation/e/evaluation.json`,
    ]],
    ["training", "s3:DeleteObject", `${own.artifacts}/checkpoints/e/a`],
    ["training", "s3:PutObject", `${own.mlflowBucket}/1/models/m-1/model.onnx`],
    // Registration
    ["registration", "ecr:BatchGetImage", SHARED.repository("training")],
    ["registration", "s3:GetObject", [
      `${own.artifacts}/training/job/output/model.tar.gz`,
      `${own.artifacts}/evaluation/e/evaluation.json`,
      `${own.data}/datasets/training/a.parquet`,
    ]],
    // Inference
    ["inference", "ecr:BatchGetImage", SHARED.repository("inference")],
    ["inference", "s3:GetObject", `${own.data}/datasets/inference/day=2026-11-22/a.parquet`],
    ["inference", "s3:ListBucket", own.data, { "s3:prefix": "datasets/inference/day=2026-11-22/" }],
    ["inference", ["s3:GetObject", "s3:PutObject"], [
      `${own.artifacts}/runs/r/manifest.json`,
      `${own.artifacts}/check/e/check.json`,
    ]],
    ["inference", "s3:ListBucket", own.artifacts, { "s3:prefix": "runs/r/" }],
    ["inference", "secretsmanager:GetSecretValue", own.secret],
    // Pipelines
    ["pipeline", "sagemaker:CreateTrainingJob", SHARED.job("training"), {
      "aws:RequestTag/environment": environment,
      "sagemaker:VpcSubnets": [own.subnetId],
    }],
    ["pipeline", "sagemaker:CreateProcessingJob", SHARED.job("processing"), {
      "aws:RequestTag/environment": environment,
      "sagemaker:VpcSubnets": [own.subnetId],
    }],
    ["pipeline", "sagemaker:AddTags", [SHARED.job("training"), SHARED.search], {
      "aws:RequestTag/environment": environment,
    }],
    // A definition with a search
    ["pipeline", "sagemaker:CreateHyperParameterTuningJob", SHARED.search, {
      "aws:RequestTag/environment": environment,
      "sagemaker:VpcSubnets": [own.subnetId],
    }],
    [
      "pipeline",
      [
        "sagemaker:DescribeHyperParameterTuningJob",
        "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
        "sagemaker:StopHyperParameterTuningJob",
      ],
      SHARED.search,
      tag,
    ],
    ["pipeline", "sagemaker:DescribeTrainingJob", SHARED.searchedTraining, tag],
    [
      "pipeline",
      ["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
      SHARED.job("training"),
      tag,
    ],
    [
      "pipeline",
      ["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"],
      SHARED.job("processing"),
      tag,
    ],
    ["pipeline", "iam:PassRole", JOBS.map(own.role), {
      "iam:PassedToService": "sagemaker.amazonaws.com",
    }],
    ["pipeline", "s3:GetObject", `${own.artifacts}/evaluation/e/evaluation.json`],
    // Schedules
    ["scheduler", "sagemaker:StartPipelineExecution", ["training", "inference"].map(own.pipeline)],
    ["scheduler", "sqs:SendMessage", ["training", "inference"].map(own.queue)],
    // CI
    ["ci-build", ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart"], [
      SHARED.repository("training"),
      SHARED.repository("inference"),
    ]],
    ["ci-run", "s3:PutObject", `${own.data}/verification/r/training/a.parquet`],
    [JOBS, "s3:GetObject", `${own.data}/verification/r/training/a.parquet`],
    ["ci-run", "s3:GetObject", `${own.data}/datasets/labelled/a.parquet`],
    [["ci-plan", "ci-apply"], ["s3:GetObject"], `${own.state}/terraform.tfstate`],
    [
      ["ci-plan", "ci-apply"],
      ["s3:PutObject", "s3:DeleteObject"],
      `${own.state}/terraform.tfstate.tflock`,
    ],
    ["ci-apply", "s3:PutObject", `${own.state}/terraform.tfstate`],
    ["ci-apply", "sagemaker:UpdatePipeline", own.pipeline("training")],
    ["ci-apply", "iam:PutRolePolicy", own.role("training")],
  ]);
}

/** What would be an incident if it were possible. */
export function forbidden(environment: Environment): Permission[] {
  const own = names(environment);
  const other = environment === "staging" ? "prod" : "staging";
  const prediction = [own.topic, own.deadLetters, own.runs];
  return rows([
    // A job that trains publishes and registers nothing; one that scores registers and trains nothing.
    [["training", "registration"], "kafka-cluster:WriteData", prediction],
    [["training", "registration"], "secretsmanager:GetSecretValue", own.secret],
    [["training", "inference"], [
      "sagemaker-mlflow:SetRegisteredModelAlias",
      "sagemaker-mlflow:CreateModelVersion",
      "sagemaker-mlflow:TransitionModelVersionStage",
    ], own.mlflow],
    ["inference", ["sagemaker-mlflow:CreateRun", "sagemaker-mlflow:LogBatch"], own.mlflow],
    [JOBS, [
      "sagemaker-mlflow:DeleteRegisteredModel",
      "sagemaker-mlflow:DeleteModelVersion",
      "sagemaker-mlflow:DeleteExperiment",
      "sagemaker-mlflow:DeleteRun",
    ], own.mlflow],
    // Data is read only, and only one's own.
    [JOBS, ["s3:PutObject", "s3:DeleteObject"], `${own.data}/datasets/training/a.parquet`],
    [JOBS, ["s3:PutObject", "s3:DeleteObject"], `${own.data}/datasets/inference/a.parquet`],
    ["inference", "s3:GetObject", `${own.data}/datasets/training/a.parquet`],
    ["training", "s3:GetObject", `${own.data}/datasets/inference/a.parquet`],
    ["training", "s3:ListBucket", own.data, { "s3:prefix": "datasets/inference/" }],
    ["training", ["s3:GetObject", "s3:PutObject"], `${own.artifacts}/runs/r/manifest.json`],
    ["registration", "s3:PutObject", `${own.artifacts}/training/job/output/model.tar.gz`],
    // A run's state is never taken back.
    ["inference", "s3:DeleteObject", `${own.artifacts}/runs/r/manifest.json`],
    // Predictions are not read back from the dead letters, topics are not made or deleted.
    ["inference", "kafka-cluster:ReadData", own.deadLetters],
    ["inference", ["kafka-cluster:CreateTopic", "kafka-cluster:DeleteTopic"], prediction],
    ["inference", "kafka-cluster:AlterTransactionalId", names(other).transaction],
    // Jobs take no roles, start nothing, change no network and no key.
    [JOBS, "iam:PassRole", JOBS.map(own.role), {
      "iam:PassedToService": "sagemaker.amazonaws.com",
    }],
    [JOBS, "sagemaker:StartPipelineExecution", own.pipeline("training")],
    [JOBS, "ec2:CreateNetworkInterface", names(other).subnet],
    [JOBS, "ec2:DeleteNetworkInterface", SHARED.interface, { "ec2:Subnet": names(other).subnet }],
    [JOBS, ["kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"], own.dataKey],
    [JOBS, "kms:CreateGrant", own.dataKey, { "kms:GrantIsForAWSResource": "false" }],
    [JOBS, "cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "AWS/Billing" }],
    [JOBS, "ecr:PutImage", [SHARED.repository("training"), SHARED.repository("inference")]],
    // Jobs are started in our subnets and as ours only, roles are handed to SageMaker only.
    ["pipeline", "sagemaker:CreateTrainingJob", SHARED.job("training"), {
      "aws:RequestTag/environment": environment,
    }],
    ["pipeline", "sagemaker:CreateTrainingJob", SHARED.job("training"), {
      "aws:RequestTag/environment": environment,
      "sagemaker:VpcSubnets": [own.subnetId, names(other).subnetId],
    }],
    ["pipeline", "sagemaker:CreateTrainingJob", SHARED.job("training"), {
      "aws:RequestTag/environment": other,
      "sagemaker:VpcSubnets": [own.subnetId],
    }],
    [
      "pipeline",
      ["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
      SHARED.job("training"),
      { "aws:ResourceTag/environment": other },
    ],
    ["pipeline", "sagemaker:CreateHyperParameterTuningJob", SHARED.search, {
      "aws:RequestTag/environment": other,
      "sagemaker:VpcSubnets": [own.subnetId],
    }],
    ["pipeline", "sagemaker:StopHyperParameterTuningJob", SHARED.search, {
      "aws:ResourceTag/environment": other,
    }],
    ["pipeline", "sagemaker:StopTrainingJob", SHARED.searchedTraining, {
      "aws:ResourceTag/environment": other,
    }],
    ["pipeline", "iam:PassRole", own.role("training"), {
      "iam:PassedToService": "ec2.amazonaws.com",
    }],
    ["pipeline", "iam:PassRole", own.role("ci-apply"), {
      "iam:PassedToService": "sagemaker.amazonaws.com",
    }],
    [
      "scheduler",
      ["sagemaker:UpdatePipeline", "sagemaker:DeletePipeline"],
      own.pipeline("training"),
    ],
    // A pull request's plan reads neither data nor secrets and changes nothing.
    ["ci-plan", "s3:GetObject", [`${own.data}/datasets/training/a`, `${own.artifacts}/runs/r`]],
    ["ci-plan", "secretsmanager:GetSecretValue", own.secret],
    ["ci-plan", "s3:PutObject", `${own.state}/terraform.tfstate`],
    [
      "ci-plan",
      ["sagemaker:UpdatePipeline", "sagemaker:StartPipelineExecution"],
      own.pipeline("training"),
    ],
    ["ci-plan", "iam:PutRolePolicy", own.role("training")],
    // Building and running change no infrastructure; applying touches no data.
    [["ci-build", "ci-run"], ["iam:PutRolePolicy", "iam:AttachRolePolicy"], own.role("training")],
    ["ci-build", "sagemaker:StartPipelineExecution", own.pipeline("training")],
    ["ci-run", ["ecr:PutImage"], SHARED.repository("training")],
    ["ci-run", "s3:PutObject", `${own.data}/datasets/training/a.parquet`],
    ["ci-apply", ["s3:GetObject", "s3:DeleteObject"], `${own.data}/datasets/training/a.parquet`],
    ["ci-apply", "s3:DeleteBucket", own.data],
    ["ci-apply", "kms:ScheduleKeyDeletion", own.dataKey],
    ["ci-apply", "iam:CreateRole", `arn:aws:iam::123456789012:role/administrator`],
  ]);
}

function rows(table: readonly Row[]): Permission[] {
  const list = <T>(one: T | readonly T[]): readonly T[] => Array.isArray(one) ? one : [one as T];
  return table.flatMap(([roles, actions, resources, context]) =>
    list(roles).flatMap((role) =>
      list(actions).flatMap((action) =>
        list(resources).map((resource) => ({
          role,
          action,
          resource,
          ...(context === undefined ? {} : { context }),
        }))
      )
    )
  );
}
