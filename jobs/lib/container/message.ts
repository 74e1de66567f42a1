import { dirname } from "node:path";
import { type Contract, findRoot } from "./root.ts";

/** SageMaker keeps this much of a failure file or message file. */
const LIMIT_BYTES = 1024;

/**
 * The file that SageMaker reads when the job ends: `failure` becomes a training job's FailureReason,
 * `message` a processing job's ExitMessage. Known before any of SageMaker's own files is read, so that
 * it can also say what is wrong with those.
 *
 * @param mlRoot value of `ML_ROOT`, for a tree that is not at `/opt/ml`
 * @returns undefined outside a container
 * @throws {UsageError} `container.root-missing`
 */
export async function findExitMessage(
  contract: Contract,
  mlRoot: string | undefined,
): Promise<string | undefined> {
  const root = await findRoot(mlRoot, contract);
  if (root === undefined) return undefined;
  return `${root}/output/${contract === "training" ? "failure" : "message"}`;
}

/**
 * Writes SageMaker's failure file or message file. Never throws: it is written on the way out, when
 * the reason itself matters more.
 *
 * @param text cut to 1,024 bytes of whole UTF-8 characters, since anything else fails the job
 * @returns whether it was written
 */
export async function writeExitMessage(path: string, text: string): Promise<boolean> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, cutUtf8(text, LIMIT_BYTES));
    return true;
  } catch {
    return false;
  }
}

/**
 * Leaves the summary of a job that did its work: as a processing job's ExitMessage, and since a training
 * job that succeeds has none, as `summary.json` among its outputs. Never throws.
 *
 * @param exitMessage what {@linkcode findExitMessage} found
 */
export async function writeSummary(
  contract: Contract,
  exitMessage: string,
  summary: Readonly<Record<string, unknown>>,
): Promise<void> {
  const text = JSON.stringify(summary);
  if (contract === "processing") return void await writeExitMessage(exitMessage, text);
  try {
    const folder = `${dirname(exitMessage)}/data`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/summary.json`, `${text}\n`);
  } catch {
    // It was printed, too.
  }
}

/** The longest prefix of at most `limit` bytes that is whole UTF-8. */
export function cutUtf8(text: string, limit: number): Uint8Array {
  const bytes = new Uint8Array(limit);
  // encodeInto never writes half a character.
  const { written } = new TextEncoder().encodeInto(text.toWellFormed(), bytes);
  return bytes.subarray(0, written);
}
