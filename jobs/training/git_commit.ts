import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BUILD } from "../lib/version.ts";

/**
 * The commit of this program: what `ML_GIT_COMMIT` says, what a binary was built from, or the
 * checkout it runs from.
 *
 * @param root the checkout
 */
export async function gitCommit(
  root: URL = new URL("../../", import.meta.url),
): Promise<string | undefined> {
  const given = Deno.env.get("ML_GIT_COMMIT");
  if (given) return given;
  if (BUILD.commit !== null) return BUILD.commit;
  const { own, common } = await gitFolders(root);
  const head = await read(new URL("HEAD", own));
  const ref = /^ref: (\S+)$/m.exec(head ?? "")?.[1];
  if (ref === undefined) return head === undefined ? undefined : commitIn(head);
  const loose = await read(new URL(ref, common));
  if (loose !== undefined) return commitIn(loose);
  const packed = await read(new URL("packed-refs", common)) ?? "";
  return commitIn(packed.split("\n").find((line) => line.endsWith(` ${ref}`)) ?? "");
}

/** Where git keeps a checkout's own state, and what all worktrees of a repository share. */
async function gitFolders(root: URL): Promise<{ readonly own: URL; readonly common: URL }> {
  const linked = /^gitdir: (.+)$/m.exec(await read(new URL(".git", root)) ?? "")?.[1];
  if (linked === undefined) {
    const folder = new URL(".git/", root);
    return { own: folder, common: folder };
  }
  const own = pathToFileURL(`${resolve(fileURLToPath(root), linked)}/`);
  const common = (await read(new URL("commondir", own)))?.trim() ?? ".";
  return { own, common: pathToFileURL(`${resolve(fileURLToPath(own), common)}/`) };
}

function commitIn(text: string): string | undefined {
  return /^[0-9a-f]{40,64}\b/.exec(text)?.[0];
}

/** Undefined where there is no such file, as in an image. */
async function read(file: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch {
    return undefined;
  }
}
