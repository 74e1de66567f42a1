import { messageOf, UsageError } from "../errors.ts";

/** So many files of an input are opened; a folder's files are alike. */
const MOST_FILES = 50;

/**
 * Checks as the user that the job is that it can read its inputs and write to its outputs: SageMaker
 * starts containers as root and promises nothing to others.
 *
 * @param who shown in the message
 * @throws {UsageError} `container.no-access`
 */
export async function checkAccess(
  who: string,
  inputs: readonly string[],
  outputs: readonly string[],
): Promise<void> {
  for (const input of inputs) {
    await attempt(who, "read", input, () => readSome(input, { left: MOST_FILES }));
  }
  for (const output of outputs) {
    await attempt(who, "write to", output, async () => {
      await Deno.mkdir(output, { recursive: true });
      await Deno.remove(await Deno.makeTempFile({ dir: output, prefix: ".access-" }));
    });
  }
}

async function attempt(
  who: string,
  access: string,
  path: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new UsageError({
      code: "container.no-access",
      cannot: `${access} ${path} as ${who}`,
      found: messageOf(error),
      todo: "Let that user do so, or set ML_RUN_AS=root in the job's environment and start as root",
      place: { file: path },
      cause: error,
    });
  }
}

async function readSome(folder: string, budget: { left: number }): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (budget.left === 0) return;
    if (isDirectory) await readSome(`${folder}/${name}`, budget);
    if (!isFile) continue;
    budget.left -= 1;
    using file = await Deno.open(`${folder}/${name}`);
    await file.read(new Uint8Array(1));
  }
}
