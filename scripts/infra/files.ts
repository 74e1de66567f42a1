/**
 * Files of the repository that a command changes.
 *
 * @module
 */
import { DependencyError, messageOf, UsageError } from "../../jobs/lib/errors.ts";

/** Reads a file that has to be there. */
export async function readText(path: string, cannot: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new UsageError({
      code: "infra.unreadable",
      cannot,
      found: `${path} cannot be read (${messageOf(error)})`,
      todo: "Run it in the root of the repository",
      place: { file: path },
      cause: error,
    });
  }
}

/** Writes a file so that whoever reads it sees the old text or the new one. */
export async function replaceText(path: string, text: string, cannot: string): Promise<void> {
  const part = `${path}.part`;
  try {
    await Deno.writeTextFile(part, text);
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw new DependencyError({
      code: "output.not-writable",
      cannot,
      found: messageOf(error),
      todo: `Let this user write ${path}`,
      place: { file: path },
      cause: error,
    });
  }
}
