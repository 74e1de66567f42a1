import { z } from "zod";
import { issuesOf } from "../errors.ts";
import { type Hosts, readHosts } from "./hosts.ts";
import { findRoot, invalid, readJson, SAGEMAKER_ROOT } from "./root.ts";

/** What SageMaker tells a processing job, and where it wants the results. */
export interface ProcessingContainer {
  /** Name of the job; undefined where SageMaker does not tell it. */
  readonly job: string | undefined;
  /** Local folder of each input by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Local folder of each output by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The machines of the job. */
  readonly hosts: Hosts;
}

const localPath = z.string().startsWith(`${SAGEMAKER_ROOT}/processing/`)
  .refine((path) => !path.split("/").includes(".."), "must not contain ..");
const schema = z.looseObject({
  ProcessingJobName: z.string().nullish(),
  ProcessingInputs: z.array(z.looseObject({
    InputName: z.string(),
    S3Input: z.looseObject({ LocalPath: localPath.nullish() }).nullish(),
    DatasetDefinition: z.looseObject({ LocalPath: localPath.nullish() }).nullish(),
  })).nullish(),
  ProcessingOutputConfig: z.looseObject({
    Outputs: z.array(z.looseObject({
      OutputName: z.string(),
      S3Output: z.looseObject({ LocalPath: localPath.nullish() }).nullish(),
    })),
  }).nullish(),
});

/**
 * Reads the processing contract.
 *
 * @param mlRoot value of `ML_ROOT`, for a tree that is not at `/opt/ml`
 * @returns undefined outside a processing container
 * @throws {UsageError} `container.*` when the tree is not SageMaker's
 */
export async function readProcessingContainer(
  mlRoot: string | undefined,
): Promise<ProcessingContainer | undefined> {
  const root = await findRoot(mlRoot, "processing");
  if (root === undefined) return undefined;
  const path = `${root}/config/processingjobconfig.json`;
  const parsed = schema.safeParse(await readJson(path) ?? {});
  if (!parsed.success) throw invalid(path, issuesOf(parsed.error));
  const at = (local: string) => root + local.slice(SAGEMAKER_ROOT.length);
  const inputs: Record<string, string> = {};
  for (const input of parsed.data.ProcessingInputs ?? []) {
    const local = input.S3Input?.LocalPath ?? input.DatasetDefinition?.LocalPath;
    if (local) inputs[input.InputName] = at(local);
  }
  const outputs: Record<string, string> = {};
  for (const output of parsed.data.ProcessingOutputConfig?.Outputs ?? []) {
    const local = output.S3Output?.LocalPath;
    if (local) outputs[output.OutputName] = at(local);
  }
  return {
    job: parsed.data.ProcessingJobName ?? undefined,
    inputs,
    outputs,
    hosts: await readHosts(`${root}/config/resourceconfig.json`),
  };
}
