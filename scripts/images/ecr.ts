/**
 * Amazon ECR: credentials for its registry, and repositories.
 *
 * @module
 */
import type { ECRClient } from "@aws-sdk/client-ecr";
import { awsClientOptions } from "../../jobs/lib/aws.ts";
import { DependencyError, messageOf, UsageError } from "../../jobs/lib/errors.ts";

/** An account's registry in a region. */
export interface Registry {
  readonly host: string;
  readonly account: string;
  readonly username: string;
  readonly password: string;
}

/** Untagged images go after a week; of the others the last hundred stay. */
const LIFECYCLE = {
  rules: [
    rule(1, { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 7 }),
    rule(2, { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 100 }),
  ],
};

/**
 * Credentials for the registry of the account that the AWS credentials belong to; they last twelve hours.
 *
 * @param account what it has to be, if that is known
 * @throws {DependencyError} `ecr.no-credentials`, `ecr.denied`, `ecr.unreachable`
 * @throws {UsageError} `ecr.other-account`
 */
export async function registryOf(region: string, account: string | undefined): Promise<Registry> {
  return await withClient(region, async (client, { GetAuthorizationTokenCommand }) => {
    const answer = await client.send(new GetAuthorizationTokenCommand({}));
    const [data] = answer.authorizationData ?? [];
    const [username = "", password = ""] = atob(data?.authorizationToken ?? "").split(":");
    const host = new URL(data?.proxyEndpoint ?? "https://unknown").host;
    const [, found = ""] = /^(\d{12})\.dkr\.ecr/.exec(host) ?? [];
    if (account !== undefined && account !== found) {
      throw new UsageError({
        code: "ecr.other-account",
        cannot: "push",
        found: `the AWS credentials are for account ${found}, and the environment is in ${account}`,
        todo:
          "Take the environment's credentials, or correct aws_account_id in its terraform.tfvars",
      });
    }
    return { host, account: found, username, password };
  });
}

/**
 * Makes sure that a repository is there.
 *
 * @param create whether to make it: tags cannot be moved, images are scanned when they are pushed, old
 *   ones expire
 * @returns whether it was made
 * @throws {UsageError} `ecr.no-repository`
 */
export async function ensureRepository(
  region: string,
  name: string,
  { create, kmsKey }: { create: boolean; kmsKey: string | undefined },
): Promise<boolean> {
  return await withClient(region, async (client, ecr) => {
    try {
      await client.send(new ecr.DescribeRepositoriesCommand({ repositoryNames: [name] }));
      return false;
    } catch (error) {
      if (!isNamed(error, "RepositoryNotFoundException")) throw error;
    }
    if (!create) {
      throw new UsageError({
        code: "ecr.no-repository",
        cannot: `push to ${name}`,
        found: `there is no such repository in ${region}`,
        todo: "Apply the environment's Terraform first, or give --create-repository",
      });
    }
    await client.send(
      new ecr.CreateRepositoryCommand({
        repositoryName: name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: kmsKey === undefined
          ? { encryptionType: "KMS" }
          : { encryptionType: "KMS", kmsKey },
      }),
    );
    await client.send(
      new ecr.PutLifecyclePolicyCommand({
        repositoryName: name,
        lifecyclePolicyText: JSON.stringify(LIFECYCLE),
      }),
    );
    return true;
  });
}

async function withClient<T>(
  region: string,
  work: (client: ECRClient, ecr: typeof import("@aws-sdk/client-ecr")) => Promise<T>,
): Promise<T> {
  const ecr = await import("@aws-sdk/client-ecr");
  const client: ECRClient = new ecr.ECRClient({
    region,
    ...await awsClientOptions(),
  });
  try {
    return await work(client, ecr);
  } catch (error) {
    throw explain(error, region);
  } finally {
    client.destroy();
  }
}

function explain(error: unknown, region: string): unknown {
  const complaint = (code: string, todo: string) =>
    new DependencyError({
      code,
      cannot: `use ECR in ${region}`,
      found: messageOf(error),
      todo,
      cause: error,
    });
  if (isNamed(error, "CredentialsProviderError")) {
    return complaint(
      "ecr.no-credentials",
      "Sign in to AWS (aws sso login) or set AWS_ACCESS_KEY_ID",
    );
  }
  if (
    isNamed(
      error,
      "UnrecognizedClientException",
      "ExpiredTokenException",
      "InvalidSignatureException",
    )
  ) {
    return complaint(
      "ecr.no-credentials",
      "The AWS credentials are wrong or have expired: sign in again",
    );
  }
  if (isNamed(error, "AccessDeniedException")) {
    return complaint(
      "ecr.denied",
      "Grant what the message names; docs/images.md lists all that is needed",
    );
  }
  if (error instanceof TypeError || isNamed(error, "TimeoutError")) {
    return complaint("ecr.unreachable", "Check the network and the region");
  }
  return error;
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

function rule(
  rulePriority: number,
  { tagStatus, countType, countNumber }: {
    tagStatus: string;
    countType: string;
    countNumber: number;
  },
) {
  const unit = countType === "sinceImagePushed" ? { countUnit: "days" } : {};
  return {
    rulePriority,
    selection: { tagStatus, countType, countNumber, ...unit },
    action: { type: "expire" },
  };
}
