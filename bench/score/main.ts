/**
 * The whole of `score` against the same job in Python (pandas, scikit-learn, confluent-kafka), in turn:
 * parquet in, 100 trees of depth 10, one message per row to a real broker in transactions of 10k.
 *
 * usage: deno run -A bench/score/main.ts [--rows 1000000] [--runs 3] [--binary dist/inference]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTopics } from "../../jobs/lib/kafka/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { startServices, stopServices } from "../../scripts/services/mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rows: { type: "string", default: "1000000" },
    runs: { type: "string", default: "3" },
    binary: { type: "string" },
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
const FOLDER = `${ROOT}.services/bench-score`;
const HERE = `${ROOT}bench/score`;
const say = (line: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));

const python = await peerPython();
await command(python, [`${HERE}/make.py`, "examples/flights/train", FOLDER, values.rows]);
await command(Deno.execPath(), [
  ...["task", "train", "--config=examples/flights/config.json", `--output=${FOLDER}`],
  `--tracking-uri=${FOLDER}/mlruns`,
]);
const { endpoints, started } = await startServices(["kafka"], { say });
const servers = endpoints.kafka?.bootstrapServers ?? "";
try {
  const taken: Record<"ours" | "python", Taken[]> = { ours: [], python: [] };
  for (let run = 0; run < Number(values.runs); run++) {
    for (const who of ["ours", "python"] as const) {
      const topic = `bench-${crypto.randomUUID()}`;
      // As long as those of days are, and in the messages of both.
      const id = `2013-10-01.r${Date.now()}`;
      await createTopics({
        connection: { bootstrapServers: servers },
        topic,
        partitions: 6,
        replicationFactor: -1,
        log: silentLog,
      });
      const result = await measure(who === "ours" ? ours(topic, id) : peer(topic, id));
      taken[who].push(result);
      say(`${who}: ${result.cpu.toFixed(2)} CPU s, ${result.wall.toFixed(2)} s`);
    }
  }
  const cpu = (who: "ours" | "python") => median(taken[who].map((each) => each.cpu));
  say(`\n| ${values.rows} rows | CPU s | wall s | peak MiB |\n| --- | --- | --- | --- |`);
  for (const who of ["ours", "python"] as const) {
    const wall = median(taken[who].map((each) => each.wall));
    const rss = median(taken[who].map((each) => each.rss)) / 2 ** 20;
    say(`| ${who} | ${cpu(who).toFixed(2)} | ${wall.toFixed(2)} | ${rss.toFixed(0)} |`);
  }
  say(`ours takes 1/${(cpu("python") / cpu("ours")).toFixed(1)} of the CPU`);
} finally {
  await stopServices(started);
}

function ours(topic: string, id: string): string[] {
  const task = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)).tasks.score.command;
  // The task's own flags, without the task's shell around it.
  const flags = task.replaceAll("'", "").split(" ").slice(1);
  const program = values.binary === undefined
    ? [Deno.execPath(), ...flags]
    : [Deno.realPathSync(values.binary), "score"];
  return [
    ...[...program, `--data=${FOLDER}/day.parquet`, `--model-uri=${FOLDER}/model`],
    ...[`--run-id=${id}`, `--run-state=${FOLDER}/runs`],
    ...[`--kafka-bootstrap-servers=${servers}`, `--kafka-output-topic=${topic}`],
  ];
}

function peer(topic: string, id: string): string[] {
  return [
    python,
    `${HERE}/peer.py`,
    `${FOLDER}/day.parquet`,
    `${FOLDER}/peer.joblib`,
    servers,
    topic,
    id,
  ];
}

async function measure(args: readonly string[]): Promise<Taken> {
  const script = fileURLToPath(new URL("../publishing/measure.py", import.meta.url));
  const result: Taken = JSON.parse(
    (await command("python3", [script, ...args])).trim().split("\n").at(-1) ?? "",
  );
  if (result.status !== 0 || JSON.parse(result.last).accepted !== Number(values.rows)) {
    throw new Error(`${args.join(" ")} ended with ${result.status}: ${result.last}`);
  }
  return result;
}

async function peerPython(): Promise<string> {
  const venv = `${ROOT}.services/cache/bench-score`;
  const python = `${venv}/bin/python`;
  try {
    await Deno.stat(`${venv}/ready`);
  } catch {
    await command("python3", ["-m", "venv", venv]);
    await command(python, ["-m", "pip", "install", "--quiet", "-r", `${HERE}/requirements.txt`]);
    await Deno.writeTextFile(`${venv}/ready`, "");
  }
  return python;
}

async function command(name: string, args: readonly string[]): Promise<string> {
  const { code, stdout } = await new Deno.Command(name, {
    args: [...args],
    cwd: ROOT,
    stdout: "piped",
    stderr: "inherit",
    env: { ML_LOG_LEVEL: "warn" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) throw new Error(`${name} ${args.join(" ")} ended with ${code}:\n${text}`);
  return text;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
