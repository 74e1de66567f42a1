/**
 * Folders of files that a Python script wrote.
 *
 * @module
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** Removed when it is disposed. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
  readonly names: readonly string[];
}

/** Runs a script of `tests/`, whose last argument is a new folder. */
export async function folderFrom(
  script: string,
  { args = [], variable = "ML_TEST_PYTHON" }: {
    readonly args?: readonly string[];
    /** Names the Python that has what the script imports. */
    readonly variable?: string;
  } = {},
): Promise<Folder> {
  const python = Deno.env.get(variable);
  assert.ok(python, `${variable} is not set: run the tests with deno task test`);
  const path = await Deno.makeTempDir();
  const file = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const { code, stderr } = await new Deno.Command(python, { args: [file, ...args, path] }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const entries = await Array.fromAsync(Deno.readDir(path));
  return {
    path,
    names: entries.map((entry) => entry.name).sort(),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
