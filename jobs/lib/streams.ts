/**
 * stdout for results and stderr for the log, written whole and at once.
 *
 * @module
 */

import { DependencyError, messageOf } from "./errors.ts";

/**
 * Writes a line of results to stdout. Where nobody reads any more (`| head`) the job goes on: what it
 * does outlives what it prints.
 *
 * @throws {DependencyError} `output.not-writable` when stdout is a file on a full disk
 */
export function printLine(line: string): void {
  try {
    writeAll(Deno.stdout, line + "\n");
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw new DependencyError({
      code: "output.not-writable",
      cannot: "print the results",
      found: `stdout: ${messageOf(error)}`,
      todo: "Free space where stdout is sent; what the log says is done stays done",
      cause: error,
    });
  }
}

/** Writes to stderr. Never throws: a job does not end because its log cannot be kept. */
export function writeStderr(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch {
    // There is no other place to say it.
  }
}

const encoder = new TextEncoder();

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
