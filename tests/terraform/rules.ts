/**
 * What holds for every resource, whoever adds one: it is encrypted with a key of ours where it keeps
 * something, and its tags say whose it is.
 *
 * @module
 */
import type { Resource } from "./resources.ts";

type Values = Resource["values"];

const KEY = /^arn:aws[a-z-]*:kms:/;

/** Types that keep something, each with what protects it. */
const PROTECTED: Readonly<Record<string, (values: Values, all: readonly Resource[]) => boolean>> = {
  aws_cloudwatch_log_group: ({ kms_key_id }) => isKey(kms_key_id),
  aws_ecr_repository: ({ encryption_configuration, image_tag_mutability }) =>
    isKey(within(encryption_configuration, "kms_key")) && image_tag_mutability === "IMMUTABLE",
  aws_kms_key: ({ enable_key_rotation, policy }) => enable_key_rotation === true && policy !== null,
  aws_s3_bucket: isClosed,
  aws_sagemaker_pipeline: ({ pipeline_definition }) => keepsJobsClosed(`${pipeline_definition}`),
  aws_scheduler_schedule: ({ kms_key_arn }) => isKey(kms_key_arn),
  aws_sns_topic: ({ kms_master_key_id }) => isKey(kms_master_key_id),
  aws_sqs_queue: ({ kms_master_key_id }) => isKey(kms_master_key_id),
};

/** Types that keep nothing: settings of others, permissions, networks, what only watches. */
const KEEPS_NOTHING = [
  /^aws_(budgets_budget|default_security_group|eip|flow_log|internet_gateway|nat_gateway|route)$/,
  /^aws_cloudwatch_(dashboard|event_rule|event_target|log_resource_policy|metric_alarm)$/,
  /^aws_ecr_(lifecycle_policy|repository_policy)$/,
  /^aws_iam_(openid_connect_provider|role|role_policy)$/,
  /^aws_(kms_alias|route_table|route_table_association|scheduler_schedule_group|security_group)$/,
  /^aws_s3_bucket_/,
  /^aws_(sns_topic_policy|sns_topic_subscription|sqs_queue_policy|subnet|vpc|vpc_endpoint)$/,
  /^aws_vpc_security_group_(egress|ingress)_rule$/,
  /^terraform_data$/,
];

/** Addresses of what is open, or of a type that nobody has thought about here. */
export function unprotected(resources: readonly Resource[]): string[] {
  return resources.filter(({ type, values }) => {
    const rule = PROTECTED[type];
    return rule === undefined
      ? !KEEPS_NOTHING.some((pattern) => pattern.test(type))
      : !rule(values, resources);
  }).map(({ address }) => address);
}

/** Addresses of what can have tags, and does not say of which environment of which project it is. */
export function untagged(resources: readonly Resource[], environment: string): string[] {
  return resources.filter(({ values }) => "tags_all" in values).filter(({ values }) => {
    const tags = values.tags_all as Readonly<Record<string, string>> | null;
    return tags?.environment !== environment || tags.project !== "ml-platform";
  }).map(({ address }) => address);
}

/** A bucket is what its settings say, each a resource of its own. */
function isClosed({ bucket }: Values, all: readonly Resource[]): boolean {
  const setting = (name: string): Values =>
    all.find(({ type, values }) => type === `aws_s3_bucket_${name}` && values.bucket === bucket)
      ?.values ?? {};
  const access = setting("public_access_block");
  const blocked = ["block_public_acls", "block_public_policy", "ignore_public_acls"]
    .concat("restrict_public_buckets").every((name) => access[name] === true);
  const policy = `${setting("policy").policy}`.replace(/\s/g, "");
  const algorithm = within(
    within(
      setting("server_side_encryption_configuration").rule,
      "apply_server_side_encryption_by_default",
    ),
    "sse_algorithm",
  );
  // S3 delivers access logs to buckets with its own encryption only.
  const encrypted = `${bucket}`.includes("-access-logs-")
    ? algorithm === "AES256"
    : algorithm === "aws:kms" &&
      within(setting("versioning").versioning_configuration, "status") === "Enabled";
  return blocked && encrypted &&
    /"Condition":\{"Bool":\{"aws:SecureTransport":"false"\}\}[^{}]*"Effect":"Deny"/.test(policy);
}

/** Jobs in our network, volumes and outputs under our key, encrypted between hosts. */
function keepsJobsClosed(definition: string): boolean {
  const jobs = jobsIn(JSON.parse(definition));
  return jobs.every((job) => {
    const text = JSON.stringify(job);
    const writes = /"(OutputDataConfig|ProcessingOutputConfig)":/.test(text);
    return /"VolumeKmsKeyId":"arn:aws/.test(text) && /"Subnets":\["[^"]/.test(text) &&
      (!writes || /"KmsKeyId":"arn:aws/.test(text)) &&
      /"EnableInterContainerTrafficEncryption":true/.test(text);
  });
}

function jobsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(jobsIn);
  if (typeof value !== "object" || value === null) return [];
  const { Type, Arguments } = value as { Type?: string; Arguments?: unknown };
  return ["Processing", "Training", "Tuning"].includes(Type ?? "")
    ? [Arguments]
    : Object.values(value).flatMap(jobsIn);
}

/** Terraform has a block as a list of one. */
function within(block: unknown, name: string): unknown {
  return Array.isArray(block) ? (block[0] as Values | undefined)?.[name] : undefined;
}

function isKey(value: unknown): boolean {
  return typeof value === "string" && KEY.test(value);
}
