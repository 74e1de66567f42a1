import { z } from "zod";
import { issuesOf } from "../errors.ts";
import { type Hosts, readHosts } from "./hosts.ts";
import { findRoot, invalid, isFolder, readJson } from "./root.ts";

/** What SageMaker tells a training job, and where it wants the results. */
export interface TrainingContainer {
  /** All values are text, as SageMaker writes them. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Folder of each channel by name. */
  readonly channels: Readonly<Record<string, string>>;
  /** The machines of the job. */
  readonly hosts: Hosts;
  /** Tarred into `model.tar.gz` at the end. */
  readonly modelFolder: string;
  /** Tarred into `output.tar.gz` at the end. */
  readonly outputFolder: string;
  /** Kept on S3 while the job runs; comes back when a stopped spot instance is replaced. */
  readonly checkpointFolder: string;
}

const hyperparametersSchema = z.record(
  z.string().max(256),
  z.union([z.string().max(2500), z.number(), z.boolean()]),
);
const channelsSchema = z.record(z.string().regex(/^[A-Za-z0-9.\-_]{1,64}$/), z.looseObject({}));

/**
 * Reads the training contract.
 *
 * @param mlRoot value of `ML_ROOT`, for a tree that is not at `/opt/ml`
 * @returns undefined outside a training container
 * @throws {UsageError} `container.*` when the tree is not SageMaker's
 */
export async function readTrainingContainer(
  mlRoot: string | undefined,
): Promise<TrainingContainer | undefined> {
  const root = await findRoot(mlRoot, "training");
  if (root === undefined) return undefined;
  const config = `${root}/input/config`;
  return {
    hyperparameters: await readHyperparameters(`${config}/hyperparameters.json`),
    channels: await readChannels(`${config}/inputdataconfig.json`, `${root}/input/data`),
    hosts: await readHosts(`${config}/resourceconfig.json`),
    modelFolder: `${root}/model`,
    outputFolder: `${root}/output/data`,
    checkpointFolder: `${root}/checkpoints`,
  };
}

async function readHyperparameters(path: string): Promise<Record<string, string>> {
  const parsed = hyperparametersSchema.safeParse(await readJson(path) ?? {});
  if (!parsed.success) throw invalid(path, issuesOf(parsed.error));
  return Object.fromEntries(
    // SageMaker's Python SDK writes strings as JSON inside the string: "\"sqrt\"".
    Object.entries(parsed.data).map(([name, value]) => [name, unquote(String(value))]),
  );
}

async function readChannels(path: string, data: string): Promise<Record<string, string>> {
  const parsed = channelsSchema.safeParse(await readJson(path) ?? {});
  if (!parsed.success) throw invalid(path, issuesOf(parsed.error));
  const channels: Record<string, string> = {};
  for (const name of Object.keys(parsed.data)) {
    const folder = `${data}/${name}`;
    if (!await isFolder(folder)) throw invalid(path, `channel ${name} has no folder ${folder}`);
    channels[name] = folder;
  }
  return channels;
}

function unquote(value: string): string {
  if (!/^".*"$/s.test(value)) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
