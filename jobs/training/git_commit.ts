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
  const head = await read(new URL(".git/HEAD", root));
  const ref = /^ref: (\S+)$/m.exec(head ?? "")?.[1];
  if (ref === undefined) return head === undefined ? undefined : commitIn(head);
  const loose = await read(new URL(`.git/${ref}`, root));
  if (loose !== undefined) return commitIn(loose);
  const packed = await read(new URL(".git/packed-refs", root)) ?? "";
  return commitIn(packed.split("\n").find((line) => line.endsWith(` ${ref}`)) ?? "");
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
