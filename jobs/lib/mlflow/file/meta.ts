import { type Meta, updateMeta } from "../yaml.ts";
import { readText, writeFile } from "./disk.ts";

/** Changes entries of a `meta.yaml`; the others stay as they are. */
export async function changeMeta(root: string, path: string, changes: Meta): Promise<void> {
  await writeFile(root, path, updateMeta(await readText(path) ?? "", changes));
}
