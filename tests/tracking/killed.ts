/**
 * A training that dies at a change of its file store: the Nth, as SIGKILL ends a process, a file that
 * is written by then half done. With N = 0 it lives, and says on stderr how many changes there were.
 *
 * usage: killed.ts N ROOT ARGUMENTS OF train…
 *
 * @module
 */

import { runProgram } from "../../jobs/lib/command.ts";
import { trainCommand } from "../../jobs/training/train.ts";

const [point = "", root = "", ...args] = Deno.args;
const { writeFile, copyFile, rename, mkdir, remove, kill, pid } = Deno;
let changes = 0;

/** Counts a change; dies instead of it if it is the one, after `half` of it. */
async function change<T>(
  path: string | URL,
  whole: () => Promise<T>,
  half: () => Promise<unknown> = () => Promise.resolve(),
): Promise<T> {
  if (!String(path).startsWith(root)) return await whole();
  if (++changes !== Number(point)) return await whole();
  await half();
  kill(pid, "SIGKILL");
  return await new Promise(() => {});
}

Deno.writeFile = (path, data, options) => {
  const whole = () => writeFile(path, data, options);
  if (!(data instanceof Uint8Array)) return whole();
  const half = data.subarray(0, data.length >> 1);
  return change(path, whole, () => writeFile(path, half, options));
};
Deno.copyFile = (from, to) => change(to, () => copyFile(from, to));
Deno.rename = (from, to) => change(to, () => rename(from, to));
Deno.mkdir = (path, options) => change(path, () => mkdir(path, options));
Deno.remove = (path, options) => change(path, () => remove(path, options));

const code = await runProgram("training", { train: trainCommand }, ["train", ...args]);
if (point === "0") Deno.stderr.writeSync(new TextEncoder().encode(`changes: ${changes}\n`));
Deno.exit(code);
