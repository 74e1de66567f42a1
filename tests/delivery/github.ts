/**
 * GitHub as `gh` sees it, in a file.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** What is there. */
export interface State {
  readonly issues: readonly {
    readonly title: string;
    readonly body: string;
    readonly state: string;
  }[];
  readonly comments: readonly { readonly body: string }[];
  readonly calls: readonly (readonly string[])[];
}

/** A repository of nobody: `env` lets a task's `gh` be the double. */
export async function gitHub(): Promise<
  AsyncDisposable & { readonly env: Record<string, string>; readonly state: () => Promise<State> }
> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/github.json`;
  const programs = fileURLToPath(new URL(".", import.meta.url));
  return {
    env: { GH_DOUBLE: file, PATH: `${programs}:${Deno.env.get("PATH") ?? ""}` },
    state: async () => JSON.parse(await Deno.readTextFile(file)),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
