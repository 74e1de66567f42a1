import { findExitMessage } from "./message.ts";
import { readProcessingContainer } from "./processing.ts";
import { findRoot } from "./root.ts";
import type { Identity } from "./run_as.ts";

/**
 * Makes the folders that a job writes to, and gives them to whom the job is going to be. The group
 * stays root's, so that root, even without the right to pass over permissions, can leave a failure
 * file there.
 *
 * Nothing is thrown: whether the job can work with what there is it finds out itself, as that user.
 *
 * @param mlRoot value of `ML_ROOT`
 */
export async function handOver({ uid, gid }: Identity, mlRoot: string | undefined): Promise<void> {
  for (const folder of await writable(mlRoot)) {
    try {
      await Deno.mkdir(folder, { recursive: true });
      if ((await Deno.lstat(folder)).isSymlink) continue;
      // In this order, for afterwards it is not root's any more.
      await giveContent(folder, uid, gid);
      await Deno.chmod(folder, 0o775);
      await Deno.chown(folder, uid, 0);
    } catch {
      // See above.
    }
  }
}

/** What SageMaker collects, or keeps for the next attempt. */
async function writable(mlRoot: string | undefined): Promise<string[]> {
  const folders: string[] = [];
  const training = await findRoot(mlRoot, "training").catch(() => undefined);
  if (training !== undefined) {
    const { model, output, data, checkpoints } = {
      model: `${training}/model`,
      output: `${training}/output`,
      data: `${training}/output/data`,
      checkpoints: `${training}/checkpoints`,
    };
    folders.push(model, data, output, checkpoints);
  }
  const processing = await readProcessingContainer(mlRoot).catch(() => undefined);
  if (processing !== undefined) folders.push(...Object.values(processing.outputs));
  const message = await findExitMessage("processing", mlRoot).catch(() => undefined);
  if (message !== undefined) folders.push(message.slice(0, message.lastIndexOf("/")));
  return folders;
}

/** Links are left alone: what they point to is not the job's. */
async function giveContent(folder: string, uid: number, gid: number): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await giveContent(path, uid, gid);
    if (isDirectory || isFile) await Deno.chown(path, uid, gid);
  }
}
