/**
 * Reading three million flights, and profiling and checking them, beside pandas, pandera, Great
 * Expectations and ydata-profiling: whole processes in turn, their start included.
 *
 * usage: deno run -A bench/data/main.ts [--runs 3] [--work read,validate] [--peers ours,…]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pythonEnvironment } from "../../scripts/services/mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "3" },
    work: { type: "string", default: "read,validate" },
    peers: {
      type: "string",
      default: "ours,pandas,pandera,pandera_polars,great_expectations,ydata",
    },
  },
});

/** What measure.py says of a process. */
interface Taken {
  readonly status: number;
  /** Seconds of CPU, user and system, start included. */
  readonly cpu: number;
  readonly wall: number;
  /** Bytes of memory at most. */
  readonly rss: number;
  /** Last line of stdout. */
  readonly last: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = `${ROOT}.services/bench-data`;
const HERE = `${ROOT}bench/data`;
const DATA = `${FOLDER}/package/data/flights-3m.parquet`;
const CONSTRAINTS = `${FOLDER}/constraints.json`;
const ROWS = 3_000_000;
const say = (line: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));

await Deno.mkdir(FOLDER, { recursive: true });
const python = await pythonEnvironment("data_peers", say);
// Great Expectations and ydata-profiling take an older pandas, which is slower.
const newest = await pythonEnvironment("pandera_peers", say);
if (!await Deno.stat(DATA).catch(() => undefined)) {
  // From npm's registry, or the one that npm is told.
  await command("npm", ["pack", "--silent", "vega-datasets@3.2.1"], FOLDER);
  await command(
    "tar",
    ["-xzf", "vega-datasets-3.2.1.tgz", "package/data/flights-3m.parquet"],
    FOLDER,
  );
}
await command(python, [`${HERE}/make.py`, DATA, CONSTRAINTS]);

const ours = (task: string): string[] => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`));
  // The task's own flags, without the task's shell around it.
  const flags = tasks[task].command.replaceAll("'", "").split(" ").slice(1);
  return [Deno.execPath(), ...flags];
};
const WORK: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  read: {
    ours: [Deno.execPath(), "run", "--allow-read", "--allow-env", `${HERE}/ours_read.ts`, DATA],
    pandas: [newest, `${HERE}/peer_read.py`, DATA],
  },
  validate: {
    ours: [
      ...ours("training"),
      ...["validate", `--data=${DATA}`, `--constraints=${CONSTRAINTS}`],
      `--report=${FOLDER}/report`,
    ],
    pandera: [newest, `${HERE}/peer_pandera.py`, DATA, CONSTRAINTS],
    pandera_polars: [newest, `${HERE}/peer_pandera_polars.py`, DATA, CONSTRAINTS],
    great_expectations: [python, `${HERE}/peer_great_expectations.py`, DATA, CONSTRAINTS],
    ydata: [python, `${HERE}/peer_ydata.py`, DATA, CONSTRAINTS],
  },
};

for (const [work, all] of Object.entries(WORK)) {
  if (!values.work.split(",").includes(work)) continue;
  const peers = Object.entries(all).filter(([name]) => values.peers.split(",").includes(name));
  const taken = new Map<string, Taken[]>(peers.map(([name]) => [name, []]));
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [name, args] of peers) {
      const result = await measure(args);
      taken.get(name)?.push(result);
      say(`${work}, ${name}: ${result.cpu.toFixed(2)} CPU s, ${result.wall.toFixed(2)} s`);
    }
  }
  const cpu = (name: string) => median((taken.get(name) ?? []).map((each) => each.cpu));
  say(
    `\n| ${work} ${ROWS} rows | CPU s | wall s | peak MiB | of ours |\n| --- | --- | --- | --- | --- |`,
  );
  for (const [name, all] of taken) {
    const wall = median(all.map((each) => each.wall));
    const rss = median(all.map((each) => each.rss)) / 2 ** 20;
    const times = cpu(name) / cpu("ours");
    say(
      `| ${name} | ${cpu(name).toFixed(2)} | ${wall.toFixed(2)} | ${rss.toFixed(0)} | ${
        times.toFixed(2)
      } |`,
    );
  }
}

async function measure(args: readonly string[]): Promise<Taken> {
  const script = fileURLToPath(new URL("../publishing/measure.py", import.meta.url));
  const printed = await command("python3", [script, ...args]);
  const result: Taken = JSON.parse(printed.trim().split("\n").at(-1) ?? "");
  if (result.status !== 0 || JSON.parse(result.last).rows !== ROWS) {
    throw new Error(`${args.join(" ")} ended with ${result.status}: ${result.last}`);
  }
  return result;
}

async function command(name: string, args: readonly string[], cwd = ROOT): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(name, {
    args: [...args],
    cwd,
    env: { ML_LOG_LEVEL: "warn" },
  }).output();
  const text = new TextDecoder();
  if (code !== 0) {
    throw new Error(`${name} ${args.join(" ")} ended with ${code}:\n${text.decode(stderr)}`);
  }
  return text.decode(stdout);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
