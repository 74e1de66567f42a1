/**
 * Lines for the person or program that called: results on stdout, all else on stderr.
 *
 * @module
 */

/** Writes a line of results. */
export function print(line: string): void {
  pass(encoder.encode(line + "\n"));
}

/** Writes a line about what is going on. */
export function say(line: string): void {
  pass(encoder.encode(line + "\n"), Deno.stderr);
}

const encoder = new TextEncoder();

/** Passes on what another program wrote. */
export function pass(
  bytes: Uint8Array,
  stream: { writeSync(bytes: Uint8Array): number } = Deno.stdout,
): void {
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
