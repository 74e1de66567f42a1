/**
 * A whole platform in a double of AWS, under a name of its own, to be broken.
 *
 * @module
 */
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { ECR } from "@aws-sdk/client-ecr";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { S3 } from "@aws-sdk/client-s3";
import { SageMaker } from "@aws-sdk/client-sagemaker";
import { Scheduler } from "@aws-sdk/client-scheduler";
import { renderTemplate } from "../../workflows/definition/mod.ts";
import { definitionTemplate, withExamples } from "../../workflows/synthesis.ts";
import { provided, task } from "../job/task.ts";
import { quotasDouble } from "./quotas.ts";

/** Values for a variable file. */
export type Variables = Readonly<Record<string, unknown>>;

type Type = "training" | "inference";

/** What can be done to a platform. */
export interface Platform extends AsyncDisposable {
  /** Folder with `staging/terraform.tfvars` and `staging/backend.tf`. */
  readonly infra: string;
  /** For whatever looks at it: quotas come from a double of their own, which moto has not. */
  readonly env: Readonly<Record<string, string>>;
  /** Another value of a quota, or the quota is not there. */
  quota(name: string, value: number | undefined): void;
  /** AWS denies to look at quotas. */
  quotasDenied(): void;
  /** Somebody's lock on the state, so many hours old. */
  lock(hours: number): Promise<void>;
  withoutLock(): Promise<void>;
  withoutVersions(): Promise<void>;
  withoutState(): Promise<void>;
  digest(job: Type, digest: string): Promise<void>;
  empty(bucket: "data"): Promise<void>;
  remove(bucket: "data" | "artifacts" | "state"): Promise<void>;
  /** Another image, of which no scan was made, or one that found so many of high severity. */
  image(job: Type, grave: number | undefined): Promise<void>;
  withoutPipeline(type: Type): Promise<void>;
  oldDefinition(type: Type): Promise<void>;
  withoutSchedule(type: Type): Promise<void>;
  scheduleOff(type: Type): Promise<void>;
  withoutRules(): Promise<void>;
  withoutLogGroup(): Promise<void>;
  withoutAlarms(): Promise<void>;
  ring(): Promise<void>;
}

const ACCOUNT = "123456789012";
const SCHEDULES = { training: "cron(0 2 * * ? *)", inference: "cron(0 6 * * ? *)" } as const;
const TYPES = ["training", "inference"] as const;
let topics: Promise<string> | undefined;

/** Makes a platform; the variables override those of a whole one. */
export async function platform(variables: Variables): Promise<Platform> {
  const endpoint = provided("ML_TEST_S3");
  const options = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const s3 = new S3({ ...options, forcePathStyle: true });
  const ecr = new ECR(options), sagemaker = new SageMaker(options);
  const scheduler = new Scheduler(options), events = new EventBridge(options);
  const logs = new CloudWatchLogs(options), alarms = new CloudWatch(options);
  const project = `p${crypto.randomUUID().slice(0, 8)}`;
  const prefix = `${project}-staging`;
  const buckets = {
    data: `${prefix}-data-${ACCOUNT}`,
    artifacts: `${prefix}-artifacts-${ACCOUNT}`,
    state: `${project}-terraform-state-${ACCOUNT}`,
  };
  const state = { Bucket: buckets.state, Key: "staging/terraform.tfstate" };
  const lock = { ...state, Key: `${state.Key}.tflock` };
  const object = { Bucket: buckets.data, Key: "datasets/training/a.parquet" };
  for (const bucket of Object.values(buckets)) await s3.createBucket({ Bucket: bucket });
  await s3.putObject({ ...object, Body: "PAR1" });
  await s3.putObject({ ...state, Body: "{}" });
  await versions(s3, buckets.state, "Enabled");
  const quotas = quotasDouble();
  const images: Record<Type, string> = { training: "", inference: "" };
  for (const job of TYPES) images[job] = await push(ecr, `${project}-${job}`, 0);
  const role = `arn:aws:iam::${ACCOUNT}:role/x`;
  await scheduler.createScheduleGroup({ Name: prefix });
  const schedule = (type: Type) => ({
    GroupName: prefix,
    Name: `${prefix}-${type}`,
    ScheduleExpression: SCHEDULES[type],
    FlexibleTimeWindow: { Mode: "OFF" as const },
    Target: {
      Arn: "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution",
      RoleArn: role,
      Input: "{}",
    },
  });
  for (const type of TYPES) {
    await sagemaker.createPipeline({
      PipelineName: `${prefix}-${type}`,
      PipelineDefinition: renderTemplate(
        definitionTemplate(type),
        withExamples({
          training_image_uri: images.training,
          inference_image_uri: images.inference,
        }),
      ),
      RoleArn: role,
      ClientRequestToken: crypto.randomUUID(),
    });
    await scheduler.createSchedule({ ...schedule(type), State: "ENABLED" });
  }
  const rule = `${prefix}-execution-status`;
  const groups = [`/aws/events/rule/${rule}`, `/aws/events/rule/${prefix}-step-status`];
  await events.putRule({ Name: rule, EventPattern: '{"source": ["aws.sagemaker"]}' });
  for (const name of [...groups, "/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"]) {
    await logs.createLogGroup({ logGroupName: name }).catch((error) => {
      if (error.name !== "ResourceAlreadyExistsException") throw error;
    });
  }
  const alarm = `${prefix}-accuracy`;
  await alarms.putMetricAlarm({
    AlarmName: alarm,
    ComparisonOperator: "LessThanThreshold",
    EvaluationPeriods: 1,
    MetricName: "accuracy",
    Namespace: "MLPlatform",
    Period: 60,
    Statistic: "Average",
    Threshold: 0.7,
  });
  const infra = await Deno.makeTempDir();
  await Deno.mkdir(`${infra}/staging`);
  const write = () => {
    const values = {
      project,
      aws_account_id: ACCOUNT,
      aws_region: "us-east-1",
      mlflow_tracking_uri: provided("ML_TEST_MLFLOW_URL"),
      training_image_uri: images.training,
      inference_image_uri: images.inference,
      training_schedule_expression: SCHEDULES.training,
      inference_schedule_expression: SCHEDULES.inference,
      kafka_bootstrap_servers: provided("ML_TEST_KAFKA"),
      kafka_security_protocol: "PLAINTEXT",
      kafka_output_topic: topic,
      ...variables,
    };
    const text = Object.entries(values).map(([name, value]) =>
      `${name} = ${JSON.stringify(value)}\n`
    );
    return Deno.writeTextFile(`${infra}/staging/terraform.tfvars`, text.join(""));
  };
  const topic = await (topics ??= makeTopics());
  await write();
  const backend = (more: string) =>
    Deno.writeTextFile(
      `${infra}/staging/backend.tf`,
      `terraform {
  backend "s3" {
    bucket = "${state.Bucket}"
    key    = "${state.Key}"
    region = "us-east-1"
${more}  }
}
`,
    );
  await backend("    use_lockfile = true\n");
  return {
    infra,
    env: { AWS_ENDPOINT_URL_SERVICE_QUOTAS: quotas.endpoint },
    quota: quotas.set,
    quotasDenied: quotas.deny,
    lock: async (hours) =>
      void await s3.putObject({
        ...lock,
        Body: JSON.stringify({
          ID: "11111111-2222-3333-4444-555555555555",
          Operation: "OperationTypeApply",
          Who: "somebody@laptop",
          Version: "1.11.0",
          Created: new Date(Date.now() - hours * 3600_000).toISOString(),
        }),
      }),
    withoutLock: () => backend(""),
    withoutVersions: () => versions(s3, buckets.state, "Suspended"),
    withoutState: async () => void await s3.deleteObject(state),
    digest: (job, digest) => {
      images[job] = images[job].replace(/sha256:.*/, digest);
      return write();
    },
    image: async (job, grave) => {
      images[job] = await push(ecr, `${project}-another-${job}`, grave);
      return write();
    },
    empty: async () => void await s3.deleteObject(object),
    remove: async (bucket) => {
      if (bucket === "data") await s3.deleteObject(object);
      if (bucket === "state") await emptied(s3, buckets.state);
      await s3.deleteBucket({ Bucket: buckets[bucket] });
    },
    withoutPipeline: async (type) =>
      void await sagemaker.deletePipeline({
        PipelineName: `${prefix}-${type}`,
        ClientRequestToken: crypto.randomUUID(),
      }),
    oldDefinition: async (type) =>
      void await sagemaker.updatePipeline({
        PipelineName: `${prefix}-${type}`,
        PipelineDefinition: '{"Version": "2020-12-01", "Steps": [{"Name": "Old", "Type": "Fail"}]}',
      }),
    withoutSchedule: async (type) =>
      void await scheduler.deleteSchedule({ GroupName: prefix, Name: `${prefix}-${type}` }),
    scheduleOff: async (type) =>
      void await scheduler.updateSchedule({ ...schedule(type), State: "DISABLED" }),
    withoutRules: async () => void await events.deleteRule({ Name: rule }),
    withoutLogGroup: async () => void await logs.deleteLogGroup({ logGroupName: groups[0] }),
    withoutAlarms: async () => void await alarms.deleteAlarms({ AlarmNames: [alarm] }),
    ring: async () =>
      void await alarms.setAlarmState({
        AlarmName: alarm,
        StateValue: "ALARM",
        StateReason: "0.5 is below 0.7",
      }),
    [Symbol.asyncDispose]: async () => {
      await quotas.stop();
      for (const client of [s3, ecr, sagemaker, scheduler, events, logs, alarms]) client.destroy();
      await Deno.remove(infra, { recursive: true });
    },
  };
}

async function versions(
  s3: S3,
  Bucket: string,
  Status: "Enabled" | "Suspended",
): Promise<void> {
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } });
}

async function emptied(s3: S3, Bucket: string): Promise<void> {
  const { Versions = [] } = await s3.listObjectVersions({ Bucket });
  for (const { Key, VersionId } of Versions) await s3.deleteObject({ Bucket, Key, VersionId });
}

/** Pushes a manifest without layers, which is an image to ECR. */
async function push(ecr: ECR, repositoryName: string, grave: number | undefined): Promise<string> {
  await ecr.createRepository({ repositoryName });
  const { image } = await ecr.putImage({
    repositoryName,
    imageTag: "test",
    imageManifest: JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        size: 2,
        digest: `sha256:${"00".repeat(31)}${crypto.randomUUID().slice(0, 2)}`,
      },
      layers: [],
    }),
  });
  const imageDigest = image?.imageId?.imageDigest ?? "";
  if (grave !== undefined) {
    await ecr.startImageScan({ repositoryName, imageId: { imageDigest } });
    await scanned(repositoryName, imageDigest, grave === 0 ? {} : { HIGH: grave });
  }
  return `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/${repositoryName}@${imageDigest}`;
}

/** Says what the double's scan of an image finds. */
async function scanned(
  repositoryName: string,
  imageDigest: string,
  findingSeverityCounts: Readonly<Record<string, number>>,
): Promise<void> {
  const answer = await fetch(
    `${provided("ML_TEST_S3")}/moto-api/static/ecr/scan-finding-results`,
    {
      method: "POST",
      body: JSON.stringify({
        results: [{
          registryId: ACCOUNT,
          repositoryName,
          imageId: { imageDigest },
          imageScanStatus: { status: "COMPLETE" },
          imageScanFindings: { findingSeverityCounts },
        }],
      }),
    },
  );
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the double takes no scan: ${answer.status}`);
}

/** The three topics of a platform, on the test's broker. */
async function makeTopics(): Promise<string> {
  const topic = `doctor-${crypto.randomUUID()}`;
  const { code, log } = await task("inference", [
    ...["create-topics", "--kafka-bootstrap-servers", provided("ML_TEST_KAFKA")],
    ...["--kafka-output-topic", topic, "--replication-factor", "1"],
  ]);
  if (code !== 0) throw new Error(log);
  return topic;
}
