/**
 * The bucket of an account's Terraform states, and the key that encrypts it.
 *
 * @module
 */
import type { KMSClient } from "@aws-sdk/client-kms";
import type { BucketLocationConstraint, S3Client } from "@aws-sdk/client-s3";
import type { StatePlace } from "./backend.ts";

/** What the clients talk to, and what is made. */
export interface StateBucketOptions {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly project: string;
  readonly account: string;
  readonly region: string;
}

/** Days that states which were overwritten are kept. */
const OLD_STATES_DAYS = 90;

/**
 * Makes bucket and key where they are not there yet, and sets them up as they should be either way.
 *
 * @returns the place, and what was made
 */
export async function makeStateBucket(
  options: StateBucketOptions,
): Promise<StatePlace & { readonly made: readonly ("bucket" | "key")[] }> {
  const { project, account, region } = options;
  const bucket = `${project}-terraform-state-${account}`;
  const { keyArn, made: madeKey } = await makeKey(options, `alias/${project}-terraform-state`);
  const madeBucket = await makeBucket(options, bucket);
  await setUp(options, bucket, keyArn);
  return {
    bucket,
    region,
    keyArn,
    made: [...(madeKey ? ["key" as const] : []), ...(madeBucket ? ["bucket" as const] : [])],
  };
}

async function makeKey(
  { kms, project }: StateBucketOptions,
  alias: string,
): Promise<{ keyArn: string; made: boolean }> {
  const { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, EnableKeyRotationCommand } =
    await import("@aws-sdk/client-kms");
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    return { keyArn: KeyMetadata?.Arn ?? "", made: false };
  } catch (error) {
    if (!(error instanceof Error && error.name === "NotFoundException")) throw error;
  }
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({
      Description: `${project}: Terraform state`,
      Tags: [
        { TagKey: "project", TagValue: project },
        { TagKey: "managed-by", TagValue: "infra bootstrap" },
      ],
    }),
  );
  const keyArn = KeyMetadata?.Arn ?? "";
  await kms.send(new EnableKeyRotationCommand({ KeyId: keyArn }));
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyArn }));
  return { keyArn, made: true };
}

async function makeBucket({ s3, region }: StateBucketOptions, bucket: string): Promise<boolean> {
  const { CreateBucketCommand } = await import("@aws-sdk/client-s3");
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        // The oldest region is the one that may not be named.
        ...(region === "us-east-1" ? {} : {
          CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
        }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "BucketAlreadyOwnedByYou") return false;
    throw error;
  }
}

async function setUp({ s3 }: StateBucketOptions, Bucket: string, keyArn: string): Promise<void> {
  const sdk = await import("@aws-sdk/client-s3");
  await s3.send(
    new sdk.PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(
    new sdk.PutBucketVersioningCommand({
      Bucket,
      VersioningConfiguration: { Status: "Enabled" },
    }),
  );
  await s3.send(
    new sdk.PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn },
          BucketKeyEnabled: true,
        }],
      },
    }),
  );
  await s3.send(
    new sdk.PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: [{
          ID: "forget-old-states",
          Status: "Enabled",
          Filter: { Prefix: "" },
          NoncurrentVersionExpiration: { NoncurrentDays: OLD_STATES_DAYS },
        }],
      },
    }),
  );
  await s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy: tlsOnly(Bucket, keyArn) }));
}

/** Nothing in clear text on the wire. */
function tlsOnly(bucket: string, keyArn: string): string {
  const [, partition = "aws"] = keyArn.split(":");
  const arn = `arn:${partition}:s3:::${bucket}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }],
  });
}
