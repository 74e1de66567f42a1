import { dirname } from "node:path";

/** SageMaker keeps this much of a failure file or message file. */
const LIMIT_BYTES = 1024;

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

/** The longest prefix of at most `limit` bytes that is whole UTF-8. */
export function cutUtf8(text: string, limit: number): Uint8Array {
  const bytes = new Uint8Array(limit);
  // encodeInto never writes half a character.
  const { written } = new TextEncoder().encodeInto(text.toWellFormed(), bytes);
  return bytes.subarray(0, written);
}
