import { clientOptions } from "../../workflows/executions/mod.ts";
import type { Environment } from "./environment.ts";
import { fail, type Finding, look, ok, warn } from "./finding.ts";

/** Whose credentials they are, and whether it is the environment's account. */
export async function lookAtIdentity({ account, region }: Environment): Promise<Finding> {
  return await look(
    "Credentials",
    { service: "sts", action: "GetCallerIdentity", missing: "Sign in" },
    async () => {
      const { STS } = await import("@aws-sdk/client-sts");
      const client = new STS(await clientOptions(region));
      try {
        const { Account = "", Arn = "" } = await client.getCallerIdentity({});
        return Account === account ? ok("Credentials", `${Arn} in ${region}`) : fail(
          "Credentials",
          `they are of account ${Account}, and the environment is in ${account}`,
          "Set AWS_PROFILE to a profile of that account, or correct aws_account_id",
        );
      } finally {
        client.destroy();
      }
    },
  );
}

/** Both images: there, by that digest, scanned. */
export async function lookAtImages({ name, images, region }: Environment): Promise<Finding[]> {
  const { ECR } = await import("@aws-sdk/client-ecr");
  const client = new ECR(await clientOptions(region));
  try {
    return await Promise.all(Object.entries(images).map(([job, uri]) => image(job, uri)));
  } finally {
    client.destroy();
  }

  async function image(job: string, uri: string): Promise<Finding> {
    const what = `Image of ${job}`;
    const [, registryId, repositoryName, imageDigest] =
      /^(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^@:]+)@(sha256:[0-9a-f]{64})$/
        .exec(uri) ?? [];
    const push = `deno task build-push ${job} --environment ${name}`;
    if (repositoryName === undefined || imageDigest === undefined) {
      return fail(what, `${uri || "nothing"} is no image by digest`, push);
    }
    return await look(
      what,
      { service: "ecr", action: "DescribeImages", missing: push },
      async () => {
        const { imageDetails } = await client.describeImages({
          ...(registryId === undefined ? {} : { registryId }),
          repositoryName,
          imageIds: [{ imageDigest }],
        });
        const [found] = imageDetails ?? [];
        if (found === undefined) return fail(what, "the repository has no such image", push);
        return await scan(what, repositoryName, { registryId, imageDigest, push });
      },
    );
  }

  async function scan(
    what: string,
    repositoryName: string,
    { registryId, imageDigest, push }: {
      readonly registryId: string | undefined;
      readonly imageDigest: string;
      readonly push: string;
    },
  ): Promise<Finding> {
    const start = `aws ecr start-image-scan --repository-name ${repositoryName} ` +
      `--image-id imageDigest=${imageDigest}`;
    try {
      const { imageScanStatus, imageScanFindings } = await client.describeImageScanFindings({
        ...(registryId === undefined ? {} : { registryId }),
        repositoryName,
        imageId: { imageDigest },
        maxResults: 1,
      });
      const status = imageScanStatus?.status;
      if (status !== "COMPLETE" && status !== "ACTIVE") {
        return warn(what, `its scan is ${status}`, start);
      }
      const counts = imageScanFindings?.findingSeverityCounts ?? {};
      const grave = (counts["CRITICAL"] ?? 0) + (counts["HIGH"] ?? 0);
      return grave === 0 ? ok(what, `${repositoryName}, scanned`) : warn(
        what,
        `its scan has ${grave} findings of high severity`,
        `${push}, on a newer base`,
      );
    } catch (error) {
      if (!(error instanceof Error && error.name === "ScanNotFoundException")) throw error;
      return warn(what, "it was never scanned", start);
    }
  }
}

/** The buckets, and whether there is anything to train on. */
export async function lookAtBuckets(environment: Environment): Promise<Finding[]> {
  const { prefix, account, region } = environment;
  const { S3 } = await import("@aws-sdk/client-s3");
  const client = new S3({
    ...await clientOptions(region),
    forcePathStyle: Boolean(
      Deno.env.get("AWS_ENDPOINT_URL_S3") || Deno.env.get("AWS_ENDPOINT_URL"),
    ),
  });
  const missing = `terraform -chdir=infra/${environment.name} apply`;
  const data = `${prefix}-data-${account}`, artifacts = `${prefix}-artifacts-${account}`;
  try {
    return [
      await look("Bucket of data", { service: "s3", action: "ListBucket", missing }, async () => {
        const folder = "datasets/training/";
        const { KeyCount = 0 } = await client.listObjectsV2({
          Bucket: data,
          Prefix: folder,
          MaxKeys: 1,
        });
        return KeyCount > 0 ? ok("Bucket of data", `s3://${data}/${folder} has data`) : warn(
          "Bucket of data",
          `s3://${data}/${folder} is empty`,
          `aws s3 cp your-dataset.parquet s3://${data}/${folder}`,
        );
      }),
      await look(
        "Bucket of artifacts",
        { service: "s3", action: "ListBucket", missing },
        async () => {
          await client.headBucket({ Bucket: artifacts });
          return ok("Bucket of artifacts", `s3://${artifacts}`);
        },
      ),
    ];
  } finally {
    client.destroy();
  }
}
