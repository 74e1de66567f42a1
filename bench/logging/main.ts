/**
 * What all that `train` logs costs: the command as users run it, into the file store and to a real
 * server, beside the same training without a record, in turn. There is a champion to compare with from
 * the second run on.
 *
 * usage: deno run -A bench/logging/main.ts [--copies 1] [--runs 5]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startMlflowServer } from "../../scripts/services/mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    copies: { type: "string", default: "1" },
    runs: { type: "string", default: "5" },
  },
});

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

/** What measure.py says of a process. */
interface Taken {
  readonly cpu: number;
  readonly wall: number;
  readonly rss: number;
}

const folder = await Deno.makeTempDir();
const server = await startMlflowServer({ folder: `${folder}/server`, environment: "oracle" });
try {
  const data = await copies(`${folder}/data`, Number(values.copies));
  const train = (trackingUri: string) => [
    ...["run", "-A", `${ROOT}jobs/training/main.ts`, "train", `--train-data=${data}`],
    ...["--label=late", "--key-column=flight_id", `--output=${folder}/out`],
    `--tracking-uri=${trackingUri}`,
  ];
  const commands = {
    "without the record": ["run", "-A", `${ROOT}bench/logging/bare.ts`, data, `${folder}/bare`],
    "with it, in the file store": train(`${folder}/mlruns`),
    "with it, on a server": train(server.url),
  };
  for (const command of Object.values(commands).slice(1)) await measure(command);
  const taken = new Map<string, Taken[]>();
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [who, command] of Object.entries(commands)) {
      taken.set(who, [...taken.get(who) ?? [], await measure(command)]);
    }
  }
  say("| training | CPU s | wall s | peak MiB |\n| --- | ---: | ---: | ---: |");
  for (const [who, each] of taken) {
    const of = (pick: (each: Taken) => number) => median(each.map(pick));
    const [cpu, wall, rss] = [of((t) => t.cpu), of((t) => t.wall), of((t) => t.rss) / 2 ** 20];
    say(`| ${who} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${rss.toFixed(0)} |`);
  }
} finally {
  await server.kill();
  await Deno.remove(folder, { recursive: true });
}

async function copies(folder: string, count: number): Promise<string> {
  await Deno.mkdir(folder);
  const source = `${ROOT}examples/flights/train`;
  for await (const { name } of Deno.readDir(source)) {
    for (let copy = 0; copy < count; copy++) {
      await Deno.copyFile(`${source}/${name}`, `${folder}/${copy}-${name}`);
    }
  }
  return folder;
}

async function measure(args: readonly string[]): Promise<Taken> {
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: [`${ROOT}bench/publishing/measure.py`, Deno.execPath(), ...args],
    cwd: ROOT,
  }).output();
  const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1) ?? "";
  const taken = JSON.parse(last);
  if (taken.status !== 0) throw new Error(new TextDecoder().decode(stderr));
  return taken;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
