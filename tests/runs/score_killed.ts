/**
 * `score` in a process that kills itself with SIGKILL at its Nth step: just before an operation on the
 * file system, just before a request to S3, or just after one.
 *
 * usage: score_killed.ts N [score options…]; without a step N it ends well and prints `steps COUNT`.
 */
import { S3Client } from "@aws-sdk/client-s3";
import { scoreCommand } from "../../jobs/inference/score.ts";
import { runProgram } from "../../jobs/lib/command.ts";

const [last = "0", ...args] = Deno.args;
let count = 0;

function step(): void {
  if (++count === Number(last)) Deno.kill(Deno.pid, "SIGKILL");
}

for (const name of ["mkdir", "open", "rename", "link", "remove"]) {
  const original: unknown = Reflect.get(Deno, name);
  if (typeof original !== "function") throw new Error(`there is no Deno.${name}`);
  Reflect.set(Deno, name, (...args: unknown[]) => {
    step();
    return Reflect.apply(original, Deno, args);
  });
}
const send: unknown = S3Client.prototype.send;
if (typeof send !== "function") throw new Error("there is no S3Client.send");
Reflect.set(S3Client.prototype, "send", async function (this: S3Client, ...args: unknown[]) {
  step();
  try {
    return await Reflect.apply(send, this, args);
  } finally {
    step();
  }
});

const code = await runProgram("inference", { score: scoreCommand }, ["score", ...args], {
  print: () => {},
});
await Deno.stdout.write(new TextEncoder().encode(`steps ${count}\n`));
Deno.exit(code);
