/**
 * Runs the fuzzing process and watches it, starting it again where it stopped.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Ending } from "./process.ts";

/** What is asked of every case. */
const MOST_MILLISECONDS = 5_000;
const MOST_BYTES = 2 ** 30;
/** A case that says nothing for so long hangs, however busy the machine is. */
const HANGS = 60_000;

/** What came of the cases. */
export interface Fuzzed {
  /** By how they ended. */
  readonly endings: ReadonlyMap<string, number>;
  /** Those that did not end in data or an error of the data, in time and memory. */
  readonly failures: readonly string[];
}

/** Runs the cases of the seeds `from` up to `to` on the files of a folder. */
export async function fuzz(folder: string, from: number, to: number): Promise<Fuzzed> {
  const endings = new Map<string, number>();
  const failures: string[] = [];
  let next = from;
  while (next < to) {
    const { last, ended, stderr } = await runProcess(folder, next, to, (ending) => {
      if (ending.ending === "data.decoder-stopped") return;
      endings.set(ending.ending, (endings.get(ending.ending) ?? 0) + 1);
      if (!isAllowed(ending)) failures.push(JSON.stringify(ending));
    });
    const stopped = ended?.ending === "data.decoder-stopped";
    // A process that met too many corrupt files: the case gets a new one, but only one.
    if (stopped && last > next) next = last;
    else {
      if (stopped || ended === undefined) failures.push(`${last} ended its process: ${stderr}`);
      next = last + 1;
    }
  }
  return { endings, failures };
}

function isAllowed({ ending, placed, milliseconds, rss }: Ending): boolean {
  const known = ending === "data" || /^data\.[a-z-]+$/.test(ending) && placed === true;
  return known && milliseconds <= MOST_MILLISECONDS && rss <= MOST_BYTES;
}

interface Ran {
  /** The last case that was begun. */
  readonly last: number;
  /** How it ended, if it did. */
  readonly ended: Ending | undefined;
  readonly stderr: string;
}

async function runProcess(
  folder: string,
  from: number,
  to: number,
  onEnding: (ending: Ending) => void,
): Promise<Ran> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script(), folder, `${from}`, `${to}`],
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let last = from, ended: Ending | undefined, rest = "";
  const kill = () => child.kill("SIGKILL");
  let watchdog = setTimeout(kill, HANGS);
  const stderr = new Response(child.stderr).text();
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    clearTimeout(watchdog);
    watchdog = setTimeout(kill, HANGS);
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const said: number | Ending = JSON.parse(line);
      if (typeof said === "number") [last, ended] = [said, undefined];
      else onEnding(ended = said);
    }
  }
  clearTimeout(watchdog);
  const { success } = await child.status;
  return { last, ended: success ? ended : undefined, stderr: await stderr };
}

function script(): string {
  return fileURLToPath(new URL("./process.ts", import.meta.url));
}
