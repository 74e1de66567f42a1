/**
 * Lines for the person or program that called: results on stdout, all else on stderr.
 *
 * @module
 */

/** Writes a line of results. */
export function print(line: string): void {
  write(Deno.stdout, line);
}

/** Writes a line about what is going on. */
export function say(line: string): void {
  write(Deno.stderr, line);
}

const encoder = new TextEncoder();

function write(stream: { writeSync(bytes: Uint8Array): number }, line: string): void {
  const bytes = encoder.encode(line + "\n");
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
