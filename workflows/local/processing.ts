/**
 * Processing steps.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import type { Instance } from "./launch.ts";
import {
  type Attempt,
  execute,
  instancesOf,
  type Properties,
  readArguments,
  readText,
  resourceConfig,
  texts,
  words,
  writeConfig,
} from "./step_world.ts";
import { download, upload } from "./transfer.ts";

const localPath = z.string().startsWith("/opt/ml/processing/")
  .refine((path) => !path.split("/").includes(".."), "must not contain ..");

const schema = z.looseObject({
  ProcessingResources: z.looseObject({
    ClusterConfig: z.looseObject({ InstanceCount: z.int().min(1).max(100) }),
  }),
  AppSpecification: z.looseObject({
    ImageUri: z.string(),
    ContainerEntrypoint: words.optional(),
    ContainerArguments: words.default([]),
  }),
  Environment: texts.default({}),
  ProcessingInputs: z.array(z.looseObject({
    InputName: z.string(),
    S3Input: z.looseObject({
      S3Uri: z.string(),
      LocalPath: localPath,
      S3DataType: z.literal("S3Prefix").default("S3Prefix"),
      S3DataDistributionType: z.enum(["FullyReplicated", "ShardedByS3Key"])
        .default("FullyReplicated"),
    }),
  })).default([]),
  ProcessingOutputConfig: z.looseObject({
    Outputs: z.array(z.looseObject({
      OutputName: z.string(),
      S3Output: z.looseObject({ S3Uri: z.string(), LocalPath: localPath }),
    })),
  }).optional(),
  StoppingCondition: z.looseObject({ MaxRuntimeInSeconds: z.int().min(1) }).optional(),
});

type Arguments = z.infer<typeof schema>;

/**
 * Runs a processing job.
 *
 * @returns its description, as DescribeProcessingJob would
 */
export async function runProcessing(attempt: Attempt, resolved: Properties): Promise<Properties> {
  const args = readArguments(schema, resolved);
  const { AppSpecification: app, StoppingCondition } = args;
  const instances = instancesOf(attempt, args.ProcessingResources.ClusterConfig.InstanceCount);
  for (const [index, instance] of instances.entries()) {
    await layOut(attempt, args, instance, instances, index);
  }
  await execute(
    attempt,
    {
      image: app.ImageUri,
      entrypoint: app.ContainerEntrypoint,
      arguments: app.ContainerArguments,
      environment: args.Environment,
    },
    instances,
    {
      maxRuntime: StoppingCondition?.MaxRuntimeInSeconds,
      exitFile: "output/message",
    },
  );
  for (const { root } of instances) {
    for (const { S3Output } of args.ProcessingOutputConfig?.Outputs ?? []) {
      await upload(attempt.objects, at(root, S3Output.LocalPath), S3Output.S3Uri);
    }
    // A copy of what is elsewhere.
    await Deno.remove(join(root, "processing/input"), { recursive: true }).catch(() => {});
  }
  const message = await readText(join(instances[0]?.root ?? "", "output/message"));
  return {
    ...resolved,
    ProcessingJobName: attempt.job,
    ProcessingJobArn: `arn:aws:sagemaker:local:000000000000:processing-job/${attempt.job}`,
    ProcessingJobStatus: "Completed",
    ...(message === "" ? {} : { ExitMessage: message }),
  };
}

async function layOut(
  { objects, job }: Attempt,
  args: Arguments,
  { host, root }: Instance,
  instances: readonly Instance[],
  index: number,
): Promise<void> {
  await writeConfig(join(root, "config"), {
    "processingjobconfig.json": {
      ProcessingJobArn: `arn:aws:sagemaker:local:000000000000:processing-job/${job}`,
      ProcessingJobName: job,
      ...args,
    },
    "resourceconfig.json": resourceConfig(host, instances),
  });
  await Deno.mkdir(join(root, "output"), { recursive: true });
  for (const { S3Input } of args.ProcessingInputs) {
    const share = S3Input.S3DataDistributionType === "ShardedByS3Key"
      ? { index, count: instances.length }
      : undefined;
    await download(objects, S3Input.S3Uri, at(root, S3Input.LocalPath), share);
  }
  for (const { S3Output } of args.ProcessingOutputConfig?.Outputs ?? []) {
    await Deno.mkdir(at(root, S3Output.LocalPath), { recursive: true });
  }
}

function at(root: string, localPath: string): string {
  return root + localPath.slice("/opt/ml".length);
}
