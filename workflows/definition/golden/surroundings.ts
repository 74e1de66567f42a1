import type { RetryPolicy } from "../mod.ts";

const REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** What both goldens have in common. */
export const KMS_KEY =
  "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
export const IMAGES = {
  train: `${REGISTRY}/iris-train@sha256:${"a".repeat(64)}`,
  infer: `${REGISTRY}/iris-infer@sha256:${"b".repeat(64)}`,
} as const;
export const TAGS = { project: "ml" } as const;
export const RETRY: readonly RetryPolicy[] = [
  { on: ["Step.SERVICE_FAULT", "Step.THROTTLING"], intervalSeconds: 30, maxAttempts: 5 },
  {
    on: ["SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"],
    intervalSeconds: 60,
    expireAfterMinutes: 120,
  },
];
export const JOB = {
  role: "arn:aws:iam::123456789012:role/ml-exec",
  instances: { type: "ml.m5.large", count: 1, volumeGb: 30, kmsKey: KMS_KEY },
  outputKmsKey: KMS_KEY,
  vpc: {
    securityGroups: ["sg-0123456789abcdef0"],
    subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  },
  encryptTraffic: true,
} as const;
