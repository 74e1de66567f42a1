/**
 * Where services keep what they need, and who may touch it at the moment.
 *
 * @module
 */
import { DependencyError, isNotFound, messageOf } from "../../jobs/lib/errors.ts";
import { type State, stateSchema } from "./endpoints.ts";

/** The checkout. */
export const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname).replace(
  /\/$/,
  "",
);
/** What was downloaded; shared by all instances, and in the command line of all we start. */
export const CACHE = `${ROOT}/.services/cache`;
/** State of the instance that `deno task services` starts. */
export const DEFAULT_INSTANCE = `${ROOT}/.services`;

/** Runs `body` while no other process is in a `locked` body for the same file. */
export async function locked<T>(file: string, body: () => Promise<T>): Promise<T> {
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  const lock = await Deno.open(file, { create: true, write: true });
  try {
    await lock.lock(true);
    return await body();
  } finally {
    lock.close(); // which also unlocks, as does any death of the process
  }
}

/**
 * A folder of the cache, made by `fill` the first time and whenever an earlier attempt died.
 *
 * @param name Contains everything the content depends on, such as a hash.
 */
export function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = `${CACHE}/${name}`;
  const mark = `${folder}/.complete`;
  return locked(`${folder}.lock`, async () => {
    if (await exists(mark)) return folder;
    await removeIfThere(folder);
    await Deno.mkdir(folder, { recursive: true });
    await fill(folder);
    await Deno.writeTextFile(mark, "");
    return folder;
  });
}

/** First 12 hexadecimal digits of the SHA-256 of a text. */
export async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 12);
}

/** What is known about an instance; undefined if it was never started, or stopped. */
export async function readState(instance: string): Promise<State | undefined> {
  const file = `${instance}/state.json`;
  try {
    return stateSchema.parse(JSON.parse(await Deno.readTextFile(file)));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw new DependencyError({
      code: "services.state-unreadable",
      cannot: "read which services run",
      found: messageOf(error),
      todo: "End them by hand, then remove the file",
      place: { file },
      cause: error,
    });
  }
}

/** Writes it down, atomically. */
export function writeState(instance: string, state: State): void {
  const file = `${instance}/state.json`;
  Deno.mkdirSync(instance, { recursive: true });
  Deno.writeTextFileSync(`${file}.new`, JSON.stringify(state, null, 2) + "\n");
  Deno.renameSync(`${file}.new`, file);
}

/** Removes a file or folder that may not be there. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
