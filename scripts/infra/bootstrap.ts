import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, type Options } from "../../jobs/lib/config.ts";
import { DependencyError, messageOf, PlatformError, UsageError } from "../../jobs/lib/errors.ts";
import { withBackend } from "./backend.ts";
import { CONFIGURATION_HINT, configurationName } from "./configurations.ts";
import { readText, replaceText } from "./files.ts";
import { makeStateBucket } from "./state_bucket.ts";
import { readVariables, requiredText, textOf } from "../parameters/variable_file.ts";

const options = {
  environment: {
    about: "Configuration whose state needs a place",
    hint: CONFIGURATION_HINT,
    parse: configurationName,
    required: true,
  },
  dryRun: {
    about: "Say what would be made, and make nothing",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

/** Makes the bucket that Terraform keeps its state in. */
export const bootstrapCommand: AnyCommand = command({
  usage: "infra bootstrap",
  about: [
    "Make the bucket and the key of Terraform's state",
    "One per account, for all environments in it; versioned, encrypted, TLS only. Then write their names",
    "into backend.tf. What is there already is set up again and kept.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: bootstrap,
});

async function bootstrap({ values, log }: Context<typeof options>): Promise<Outcome> {
  const { environment, dryRun } = values;
  const cannot = `make a place for the state of ${environment}`;
  const file = `infra/${environment}/terraform.tfvars`;
  const variables = readVariables(await readText(file, cannot), file);
  const account = requiredText(variables, "aws_account_id", file);
  const region = requiredText(variables, "aws_region", file);
  const project = textOf(variables, "project") ?? "ml-platform";
  const bucket = `${project}-terraform-state-${account}`;
  if (dryRun) {
    return { summary: { status: "dry-run", bucket, key: `alias/${project}-terraform-state` } };
  }
  const backendFile = `infra/${environment}/backend.tf`;
  const backend = await readText(backendFile, cannot);
  const { made, ...place } = await inAws(cannot, async () => {
    const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    const { KMSClient } = await import("@aws-sdk/client-kms");
    const { S3Client } = await import("@aws-sdk/client-s3");
    const sts = new STSClient({ region });
    const kms = new KMSClient({ region });
    const s3 = new S3Client({ region, forcePathStyle: true });
    try {
      const { Account } = await sts.send(new GetCallerIdentityCommand({}));
      if (Account !== account) throw otherAccount(cannot, file, account, Account);
      log.info("making the state's bucket and key", { bucket, account, region });
      return await makeStateBucket({ s3, kms, project, account, region });
    } finally {
      for (const client of [sts, kms, s3]) client.destroy();
    }
  });
  await replaceText(backendFile, withBackend(backend, place), cannot);
  return { summary: { status: "ready", ...place, made, backend: backendFile } };
}

async function inAws<T>(cannot: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const name = error instanceof Error ? error.name : "";
    throw new DependencyError({
      code: "aws.refused",
      cannot,
      found: `AWS says ${name === "" || name === "Error" ? "" : `${name}: `}${messageOf(error)}`,
      todo: /Credentials|Token/.test(name)
        ? "Sign in first, as with aws sso login, or set AWS_PROFILE"
        : "It needs sts:GetCallerIdentity, kms:CreateKey, kms:CreateAlias, kms:DescribeKey, " +
          "kms:EnableKeyRotation, kms:TagResource, s3:CreateBucket and s3:Put… on the bucket",
      cause: error,
    });
  }
}

function otherAccount(
  cannot: string,
  file: string,
  wanted: string,
  found: string | undefined,
): UsageError {
  return new UsageError({
    code: "infra.other-account",
    cannot,
    found: `the credentials are of account ${found ?? "?"}, and ${file} says ${wanted}`,
    todo: "Sign in to that account, or correct aws_account_id",
    place: { file },
  });
}
