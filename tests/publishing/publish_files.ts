/**
 * Publishes a run to files in a process of its own, which kills itself with SIGKILL just before
 * its Nth operation on the file system.
 *
 * usage: publish_files.ts FOLDER RUN [N]
 */
import { fileSink } from "../../jobs/lib/publishing/mod.ts";
import { publishRun } from "./workload.ts";

const [folder = "", run = "", last = "0"] = Deno.args;
let count = 0;
for (const name of ["mkdir", "open", "rename", "link", "remove"]) {
  const original: unknown = Reflect.get(Deno, name);
  if (typeof original !== "function") throw new Error(`there is no Deno.${name}`);
  Reflect.set(Deno, name, (...args: unknown[]) => {
    if (++count === Number(last)) Deno.kill(Deno.pid, "SIGKILL");
    return Reflect.apply(original, Deno, args);
  });
}

await publishRun(fileSink({ folder }), run);
await Deno.stdout.write(new TextEncoder().encode(`operations ${count}\n`));
