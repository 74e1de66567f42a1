/**
 * Where the content of a store is prepared before it is renamed into place.
 *
 * @module
 */

import { join } from "node:path";

/** Python's MLflow passes over folders of the root whose name ends so. */
const INCOMING = ".incoming.trash";
/**
 * A writer needs seconds, with an artifact of gigabytes minutes: what was begun a day ago, somebody
 * left who died over it.
 */
const LEFT_AFTER_MS = 24 * 3_600_000;
/** Begins with when it was begun, in ms since 1970: a copy may be as old as what it is of. */
const PREPARED = /^(\d{13})-[0-9a-f-]{36}$/;

/** Roots that this process has looked through. */
const swept = new Set<string>();

/** A path for a new file or folder below `root`, which nobody else uses. */
export async function incomingPath(root: string): Promise<string> {
  const folder = await incomingFolder(root);
  if (!swept.has(root)) {
    swept.add(root);
    await sweep(folder);
  }
  return join(folder, `${Date.now()}-${crypto.randomUUID()}`);
}

/** The folder for all that, made if need be. */
export async function incomingFolder(root: string): Promise<string> {
  const folder = join(root, INCOMING);
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

/** Removes what crashes left. Others may do so at the same time, and write. */
async function sweep(folder: string): Promise<void> {
  const before = Date.now() - LEFT_AFTER_MS;
  for await (const { name } of Deno.readDir(folder)) {
    const begun = PREPARED.exec(name)?.[1];
    if (begun === undefined || Number(begun) >= before) continue;
    // What is gone meanwhile, or another user's, is in nobody's way.
    await Deno.remove(join(folder, name), { recursive: true }).catch(() => {});
  }
}
