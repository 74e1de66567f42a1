/**
 * Processes that end with the one that started them, however that ends.
 *
 * @module
 */
import type { Program } from "./processes.ts";

/** A process on a leash. */
export interface Leashed {
  /** Its id: it is the program itself, not a shell around it. */
  readonly pid: number;
  /** The process group of the program and of all that it starts. */
  readonly group: number;
  /** Resolves once it has ended. */
  readonly ended: Promise<void>;
  /** False once it has ended. */
  readonly alive: () => boolean;
}

/**
 * The shell prints the program's id, and kills its whole process group when it loses its own input:
 * when we are gone.
 */
const LEASH = `exec 3<&0
"$@" </dev/null >"$0" 2>&1 3<&- &
program=$!
echo $program
(cat <&3 >/dev/null; kill -s KILL -- -$$) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $program
kill $watch`;

/** Starts a program, writing to `log`. */
export async function startLeashed(program: Program, log: string): Promise<Leashed> {
  const child = new Deno.Command("sh", {
    args: ["-c", LEASH, log, program.command, ...program.args],
    env: { ...program.env },
    ...(program.folder === undefined ? {} : { cwd: program.folder }),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    detached: true,
  }).spawn();
  const pid = Number(await firstLine(child.stdout));
  let alive = true;
  const ended = (async () => {
    await child.status;
    alive = false;
    await child.stdin.close().catch(() => {});
  })();
  return { pid, group: child.pid, ended, alive: () => alive };
}

async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text.trim();
}
