/**
 * How many rows a CPU second predicts: ours, XGBoost's, LightGBM's, scikit-learn's, onnxruntime's, whole
 * processes in turn on the same rows. onnxruntime runs our model, the others their own forests.
 *
 * usage: deno run -A bench/prediction/main.ts [--work flights,deep] [--runs 3] [--peers ours,…]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pythonEnvironment } from "../../scripts/services/mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    work: { type: "string", default: "flights,deep" },
    runs: { type: "string", default: "3" },
    peers: { type: "string", default: "ours,plain,xgboost,lightgbm,scikit-learn,onnxruntime" },
  },
});

/** The forests' levels (0: unlimited), how often the rows are predicted, and by whom. */
interface Work {
  readonly depth: number;
  readonly times: number;
  readonly peers: readonly string[];
}

const WORKS: Readonly<Record<string, Work>> = {
  flights: {
    depth: 10,
    times: 4,
    peers: ["ours", "plain", "xgboost", "lightgbm", "scikit-learn", "onnxruntime"],
  },
  deep: { depth: 0, times: 1, peers: ["ours", "plain", "scikit-learn", "onnxruntime"] },
};

const NAMES: Readonly<Record<string, string>> = {
  ours: "ours",
  plain: "ours, in plain TypeScript",
  xgboost: "XGBoost",
  lightgbm: "LightGBM",
  "scikit-learn": "scikit-learn",
  onnxruntime: "onnxruntime, our model",
};

/** What a process prints; seconds of CPU. */
interface Taken {
  readonly rows: number;
  readonly predicting: number;
  /** From the start of the process until the model and the rows are there. */
  readonly loading: number;
  readonly mean: number;
}

const say = (line: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const python = await pythonEnvironment("exporters", say);
const data = await flights();
for (const name of values.work.split(",")) {
  const work = WORKS[name];
  if (work === undefined) throw new Error(`no such work: ${name}`);
  const folder = here(`../../.services/cache/bench-prediction/depth-${work.depth}`);
  const peers = values.peers.split(",").filter((peer) => work.peers.includes(peer));
  for (const peer of peers) await prepare(peer, folder, work);
  const taken = new Map<string, Taken[]>(peers.map((peer) => [peer, []]));
  for (let run = 0; run < Number(values.runs); run++) {
    for (const peer of peers) {
      const result = await measure(peer, folder, work);
      taken.get(peer)?.push(result);
      say(`${name} ${peer}: ${JSON.stringify(result)}`);
    }
  }
  report(name, taken);
}

function report(name: string, taken: ReadonlyMap<string, readonly Taken[]>): void {
  const medians = [...taken].map(([peer, all]) => [peer, median(all)] as const);
  const rate = ({ rows, predicting, loading }: Taken) => rows / (predicting + loading) / 1000;
  const ours = medians[0]?.[1];
  if (ours === undefined) return;
  print(`\n${name}: ${ours.rows} rows, load ${Deno.loadavg()[0]?.toFixed(1)}\n`);
  print("| | loading, CPU s | predicting, CPU s | thousand rows per CPU s | ours is | mean |");
  print("|---|--:|--:|--:|--:|--:|");
  for (const [peer, result] of medians) {
    const { loading, predicting, mean } = result;
    const numbers = [loading.toFixed(2), predicting.toFixed(2), rate(result).toFixed(0)];
    const ratio = (rate(ours) / rate(result)).toFixed(1);
    print(`| ${[NAMES[peer], ...numbers, ratio, mean.toFixed(6)].join(" | ")} |`);
  }
}

/** Makes the data set the first time. */
async function flights(): Promise<string> {
  const folder = here("../../.services/cache/bench-forest/flights");
  if (!await exists(`${folder}/test.y`)) {
    await output(await pythonEnvironment("bench", say), [
      here("../forest/data.py"),
      "flights",
      folder,
    ]);
  }
  return folder;
}

/** Trains a forest the first time. */
async function prepare(peer: string, folder: string, { depth }: Work): Promise<void> {
  const file = {
    xgboost: "xgboost.ubj",
    lightgbm: "lightgbm.txt",
    "scikit-learn": "scikit-learn.pickle",
  }[peer] ?? "schema.json";
  if (await exists(`${folder}/${file}`)) return;
  say(`training ${peer}, depth ${depth}`);
  if (file === "schema.json") {
    await output(Deno.execPath(), ["run", "-A", here("train.ts"), data, folder, `${depth}`]);
  } else await output(python, [here("peer.py"), "train", peer, data, folder, `${depth}`]);
}

async function measure(peer: string, folder: string, { times }: Work): Promise<Taken> {
  const text = peer === "ours" || peer === "plain"
    ? await output(Deno.execPath(), ["run", "-A", here("ours.ts"), data, folder, `${times}`, peer])
    : await output(python, [here("peer.py"), "predict", peer, data, folder, `${times}`]);
  return JSON.parse(text);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args: [...args],
    env: { OMP_WAIT_POLICY: "passive" },
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

/** The run with the median of the CPU seconds. */
function median(all: readonly Taken[]): Taken {
  const cpu = ({ predicting, loading }: Taken) => predicting + loading;
  const sorted = all.toSorted((a, b) => cpu(a) - cpu(b));
  return sorted[sorted.length >> 1] ?? { rows: 0, predicting: 0, loading: 0, mean: 0 };
}
