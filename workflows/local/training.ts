/**
 * Training steps.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { type Instance, translate } from "./launch.ts";
import {
  type Attempt,
  execute,
  instancesOf,
  type Properties,
  readArguments,
  resourceConfig,
  texts,
  words,
  writeConfig,
} from "./step_world.ts";
import { archive, download, upload } from "./transfer.ts";

const schema = z.looseObject({
  AlgorithmSpecification: z.looseObject({
    TrainingImage: z.string(),
    ContainerEntrypoint: words.optional(),
    ContainerArguments: words.optional(),
    MetricDefinitions: z.array(z.looseObject({ Name: z.string(), Regex: z.string() })).default([]),
  }),
  OutputDataConfig: z.looseObject({ S3OutputPath: z.string() }),
  StoppingCondition: z.looseObject({ MaxRuntimeInSeconds: z.int().min(1).optional() }).optional(),
  ResourceConfig: z.looseObject({ InstanceCount: z.int().min(1).max(100).default(1) }),
  InputDataConfig: z.array(z.looseObject({
    ChannelName: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
    ContentType: z.string().optional(),
    InputMode: z.enum(["File", "FastFile"]).default("File"),
    DataSource: z.looseObject({
      S3DataSource: z.looseObject({
        S3DataType: z.literal("S3Prefix").default("S3Prefix"),
        S3Uri: z.string(),
        S3DataDistributionType: z.enum(["FullyReplicated", "ShardedByS3Key"])
          .default("FullyReplicated"),
      }),
    }),
  })).default([]),
  HyperParameters: texts.default({}),
  Environment: texts.default({}),
  CheckpointConfig: z.looseObject({
    S3Uri: z.string(),
    LocalPath: z.literal("/opt/ml/checkpoints").default("/opt/ml/checkpoints"),
  }).optional(),
});

type Arguments = z.infer<typeof schema>;

/**
 * Runs a training job.
 *
 * @returns its description, as DescribeTrainingJob would
 */
export async function runTraining(attempt: Attempt, resolved: Properties): Promise<Properties> {
  const args = readArguments(schema, resolved);
  const { AlgorithmSpecification: algorithm, CheckpointConfig: checkpoints } = args;
  const { job, objects, folder } = attempt;
  const instances = instancesOf(attempt, args.ResourceConfig.InstanceCount);
  for (const [index, instance] of instances.entries()) {
    await layOut(attempt, args, instance, instances, index);
  }
  const metrics = new Metrics(algorithm.MetricDefinitions);
  try {
    await execute(
      attempt,
      {
        image: algorithm.TrainingImage,
        entrypoint: algorithm.ContainerEntrypoint,
        arguments: algorithm.ContainerArguments ?? ["train"],
        environment: {
          ...args.Environment,
          TRAINING_JOB_NAME: job,
          TRAINING_JOB_ARN: arn(job),
        },
      },
      instances,
      {
        maxRuntime: args.StoppingCondition?.MaxRuntimeInSeconds,
        exitFile: "output/failure",
        line: (text) => metrics.read(text),
      },
    );
  } finally {
    if (checkpoints !== undefined && objects.folder(checkpoints.S3Uri) === undefined) {
      for (const { root } of instances) {
        await upload(objects, join(root, "checkpoints"), checkpoints.S3Uri);
      }
    }
  }
  const output = `${args.OutputDataConfig.S3OutputPath.replace(/\/+$/, "")}/${job}/output`;
  for (const [name, part] of [["model.tar.gz", "model"], ["output.tar.gz", "output/data"]]) {
    const file = join(folder, name ?? "");
    await archive(instances.map(({ root }) => join(root, part ?? "")), file);
    await objects.put(file, `${output}/${name}`);
    await Deno.remove(file);
  }
  for (const { root } of instances) {
    await Deno.remove(join(root, "input/data"), { recursive: true }).catch(() => {});
  }
  return {
    ...resolved,
    TrainingJobName: job,
    TrainingJobArn: arn(job),
    TrainingJobStatus: "Completed",
    SecondaryStatus: "Completed",
    ModelArtifacts: { S3ModelArtifacts: `${output}/model.tar.gz` },
    FinalMetricDataList: metrics.final(),
  };
}

async function layOut(
  { objects }: Attempt,
  args: Arguments,
  { host, root }: Instance,
  instances: readonly Instance[],
  index: number,
): Promise<void> {
  const here = Object.entries(args.HyperParameters)
    .map(([name, value]) => [name, translate(value, root, objects)]);
  await writeConfig(join(root, "input/config"), {
    "hyperparameters.json": Object.fromEntries(here),
    "inputdataconfig.json": Object.fromEntries(
      args.InputDataConfig.map(({ ChannelName, ContentType, InputMode, DataSource }) => [
        ChannelName,
        {
          TrainingInputMode: InputMode,
          S3DistributionType: DataSource.S3DataSource.S3DataDistributionType,
          RecordWrapperType: "None",
          ...(ContentType === undefined ? {} : { ContentType }),
        },
      ]),
    ),
    "resourceconfig.json": resourceConfig(host, instances),
  });
  for (const folder of ["model", "output/data", "input/data"]) {
    await Deno.mkdir(join(root, folder), { recursive: true });
  }
  for (const { ChannelName, InputMode, DataSource: { S3DataSource } } of args.InputDataConfig) {
    const channel = join(root, "input/data", ChannelName);
    const sharded = S3DataSource.S3DataDistributionType === "ShardedByS3Key";
    const folder = objects.folder(S3DataSource.S3Uri);
    // FastFile shows the objects where they are.
    if (InputMode === "FastFile" && !sharded && folder !== undefined) {
      await Deno.symlink(folder, channel);
    } else {
      const share = sharded ? { index, count: instances.length } : undefined;
      await download(objects, S3DataSource.S3Uri, channel, share);
    }
  }
  await layOutCheckpoints(objects, args, root);
}

/** SageMaker keeps both sides alike while the job runs; a link does, where there is a folder. */
async function layOutCheckpoints(
  objects: Attempt["objects"],
  { CheckpointConfig }: Arguments,
  root: string,
): Promise<void> {
  const folder = join(root, "checkpoints");
  if (CheckpointConfig === undefined) return;
  const kept = objects.folder(CheckpointConfig.S3Uri);
  if (kept !== undefined) {
    await Deno.mkdir(kept, { recursive: true });
    await Deno.symlink(kept, folder);
    return;
  }
  await Deno.mkdir(folder, { recursive: true });
  const earlier = await objects.list(CheckpointConfig.S3Uri);
  if (earlier.length > 0) await download(objects, CheckpointConfig.S3Uri, folder, undefined);
}

/** Finds metrics in the log as SageMaker does; the last value of each counts. */
class Metrics {
  readonly #patterns: readonly (readonly [name: string, pattern: RegExp])[];
  readonly #found = new Map<string, number>();

  constructor(definitions: readonly { readonly Name: string; readonly Regex: string }[]) {
    this.#patterns = definitions.map(({ Name, Regex }) => [Name, new RegExp(Regex)]);
  }

  read(line: string): void {
    for (const [name, pattern] of this.#patterns) {
      const value = Number(pattern.exec(line)?.[1] ?? NaN);
      if (Number.isFinite(value)) this.#found.set(name, value);
    }
  }

  final(): { MetricName: string; Value: number }[] {
    return [...this.#found].map(([MetricName, Value]) => ({ MetricName, Value }));
  }
}

function arn(job: string): string {
  return `arn:aws:sagemaker:local:000000000000:training-job/${job}`;
}
