import { isNotFound, messageOf, UsageError } from "../errors.ts";

/** Where SageMaker mounts a job's files. */
export const SAGEMAKER_ROOT = "/opt/ml";

/** Which of SageMaker's two kinds of job a command honours. */
export type Contract = "training" | "processing";

/** The folder that tells a job of the kind: SageMaker puts its configuration there. */
const MARKER = { training: "input/config", processing: "config" } as const;

/**
 * The root of SageMaker's tree, if this process runs in one: `ML_ROOT`, or `/opt/ml` where SageMaker
 * has put a configuration of the given kind there.
 *
 * @param mlRoot value of `ML_ROOT`
 * @throws {UsageError} `container.root-missing` when `ML_ROOT` is set but has no such folder
 */
export async function findRoot(
  mlRoot: string | undefined,
  contract: Contract,
): Promise<string | undefined> {
  const marker = MARKER[contract];
  const root = mlRoot ?? SAGEMAKER_ROOT;
  if (await isFolder(`${root}/${marker}`)) return root;
  if (mlRoot === undefined) return undefined;
  throw new UsageError({
    code: "container.root-missing",
    cannot: "use ML_ROOT",
    found: `${root}/${marker} is not a folder`,
    todo: "Point ML_ROOT to a tree laid out as SageMaker's /opt/ml, or unset it",
    place: { file: `${root}/${marker}` },
  });
}

/**
 * Reads one of SageMaker's JSON files.
 *
 * @returns undefined where the file does not exist
 * @throws {UsageError} `container.config-invalid` when it is not JSON or cannot be read
 */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw invalid(path, messageOf(error));
  }
}

/** The error for a file of SageMaker's that does not have its documented form. */
export function invalid(path: string, found: string): UsageError {
  return new UsageError({
    code: "container.config-invalid",
    cannot: `read SageMaker's ${path.split("/").at(-1)}`,
    found,
    todo: "Correct the file; its form is described in SageMaker's developer guide",
    place: { file: path },
  });
}

/** True where the path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (isNotFound(error) || error instanceof Deno.errors.NotADirectory) return false;
    // Without permission to look, this is not SageMaker's tree.
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      return false;
    }
    throw error;
  }
}
