/**
 * Programs, and how they ended.
 *
 * @module
 */

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end, whatever that is. */
export async function attempt(
  [command = "", ...args]: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    stdin: "null",
    ...options,
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** As {@linkcode attempt}, for what has to succeed. @returns its stdout, trimmed */
export async function sh(
  words: readonly string[],
  options: Parameters<typeof attempt>[1] = {},
): Promise<string> {
  const { code, out, err } = await attempt(words, options);
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${out}${err}`);
  return out.trim();
}

/** Waits until something is there. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: not within a minute`);
}
