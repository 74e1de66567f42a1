/**
 * Names of what `infra/policies/main.tf` speaks of, by environment.
 *
 * @module
 */
import { ACCOUNT, type Environment } from "./may.ts";

const HERE = `us-east-1:${ACCOUNT}`;
const CLUSTER = "predictions/00000000-0000-0000-0000-000000000000-1";

/** What an environment has, as AWS names it. */
export interface Names {
  readonly data: string;
  readonly artifacts: string;
  readonly dataKey: string;
  readonly mlflow: string;
  readonly mlflowBucket: string;
  readonly secret: string;
  readonly topic: string;
  readonly deadLetters: string;
  readonly runs: string;
  readonly transaction: string;
  readonly cluster: string;
  readonly subnet: string;
  readonly subnetId: string;
  /** Folder of its state. */
  readonly state: string;
  readonly pipeline: (type: string) => string;
  readonly role: (role: string) => string;
  readonly queue: (type: string) => string;
}

/** The names of an environment. */
export function names(environment: Environment): Names {
  const [digit, letter] = environment === "staging" ? ["1", "a"] : ["2", "b"];
  const bucket = (use: string) => `arn:aws:s3:::ml-platform-${environment}-${use}-${ACCOUNT}`;
  const kafka = (kind: string, name: string) => `arn:aws:kafka:${HERE}:${kind}/${CLUSTER}/${name}`;
  const sagemaker = (rest: string) => `arn:aws:sagemaker:${HERE}:${rest}`;
  const topic = `ml-predictions-${environment}`;
  return {
    data: bucket("data"),
    artifacts: bucket("artifacts"),
    dataKey: `arn:aws:kms:${HERE}:key/${digit}0000000-0000-0000-0000-000000000000`,
    mlflow: sagemaker(`mlflow-tracking-server/mlflow-${environment}`),
    mlflowBucket: `arn:aws:s3:::mlflow-${environment}-artifacts`,
    secret: `arn:aws:secretsmanager:${HERE}:secret:AmazonMSK_${environment}-a1B2c3`,
    topic: kafka("topic", topic),
    deadLetters: kafka("topic", `${topic}.dead-letter`),
    runs: kafka("topic", `${topic}.runs`),
    transaction: kafka("transactional-id", `${environment}.inference.2026-11-23.0`),
    cluster: `arn:aws:kafka:${HERE}:cluster/${CLUSTER}`,
    pipeline: (type: string) => sagemaker(`pipeline/ml-platform-${environment}-${type}`),
    role: (role: string) => `arn:aws:iam::${ACCOUNT}:role/ml-platform-${environment}-${role}`,
    subnet: `arn:aws:ec2:${HERE}:subnet/subnet-${letter}000000000000000`,
    subnetId: `subnet-${letter}000000000000000`,
    queue: (type: string) => `arn:aws:sqs:${HERE}:ml-platform-${environment}-${type}-not-started`,
    state: `arn:aws:s3:::ml-platform-terraform-state-${ACCOUNT}/${environment}`,
  };
}

/** What both environments share: the account's, or what says by a tag whose it is. */
export const SHARED: {
  readonly log: (group: string) => string;
  readonly job: (kind: string) => string;
  /** A tuning job of a pipeline; 32 characters leave no place for the prefix of other jobs. */
  readonly search: string;
  readonly searchedTraining: string;
  readonly repository: (job: string) => string;
  readonly interface: string;
} = {
  log: (group: string) => `arn:aws:logs:${HERE}:log-group:/aws/sagemaker/${group}:log-stream:a`,
  job: (kind: string) => `arn:aws:sagemaker:${HERE}:${kind}-job/pipelines-a1-Step-b2`,
  search: `arn:aws:sagemaker:${HERE}:hyper-parameter-tuning-job/a1b2c3d4e5f6-Train-0a1B2c3D4e`,
  searchedTraining:
    `arn:aws:sagemaker:${HERE}:training-job/a1b2c3d4e5f6-Train-0a1B2c3D4e-001-c42f316a`,
  repository: (job: string) => `arn:aws:ecr:${HERE}:repository/ml-platform-${job}`,
  interface: `arn:aws:ec2:${HERE}:network-interface/eni-0123456789abcdef0`,
};
