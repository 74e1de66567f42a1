/**
 * What training a forest costs: ours, XGBoost's, LightGBM's and scikit-learn's, whole processes in
 * turn, on the same files of raw float32.
 *
 * usage: deno run -A bench/forest/main.ts [--work flights,deep,higgslike] [--runs 3] [--threads 2]
 *   [--peers ours,xgboost,lightgbm,scikit-learn]
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pythonEnvironment } from "../../scripts/services/mod.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    work: { type: "string", default: "flights,deep,higgslike" },
    runs: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    peers: { type: "string", default: "ours,xgboost,lightgbm,scikit-learn" },
  },
});

/** What is trained: data, trees, levels (0: unlimited), and who takes part. */
const WORKS: Readonly<Record<string, Work>> = {
  flights: { data: "flights", trees: 100, depth: 10 },
  deep: { data: "flights", trees: 100, depth: 0, peers: ["ours", "scikit-learn"] },
  higgslike: { data: "higgslike", trees: 20, depth: 10, peers: ["ours", "xgboost", "lightgbm"] },
};

interface Work {
  readonly data: string;
  readonly trees: number;
  readonly depth: number;
  readonly peers?: readonly string[];
}

/** What a process prints. */
interface Taken {
  /** Seconds of CPU up to the end of training, start of the process and reading included. */
  readonly cpu: number;
  /** Seconds of reading and training. */
  readonly wall: number;
  readonly rss: number;
  /** Of ours: bytes of model.onnx, CPU seconds to write and to read it. */
  readonly model?: { readonly bytes: number; readonly written: number; readonly loaded: number };
  readonly auc: number;
  readonly accuracy: number;
  readonly log_loss: number;
}

const say = (line: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const python = await pythonEnvironment("bench", say);
for (const name of values.work.split(",")) {
  const work = WORKS[name];
  if (work === undefined) throw new Error(`no such work: ${name}`);
  const folder = await dataOf(work.data);
  const peers = values.peers.split(",").filter((peer) => work.peers?.includes(peer) ?? true);
  const taken = new Map<string, Taken[]>(peers.map((peer) => [peer, []]));
  for (let run = 0; run < Number(values.runs); run++) {
    for (const peer of peers) {
      const result = await measure(peer, folder, work);
      taken.get(peer)?.push(result);
      say(`${name} ${peer}: ${result.cpu.toFixed(2)} CPU s, ${result.wall.toFixed(2)} s`);
    }
  }
  const medians = [...taken].map(([peer, all]) => [peer, median(all)] as const);
  const ours = medians[0]?.[1].cpu ?? NaN;
  const title = `${work.data}, ${work.trees} trees, depth ${work.depth || "unlimited"}`;
  print(`\n${title}, median of ${values.runs}, load ${Deno.loadavg()[0]?.toFixed(1)}\n`);
  print("| | CPU s | times ours | wall s | peak MiB | AUC | accuracy | log loss |");
  print("|---|--:|--:|--:|--:|--:|--:|--:|");
  for (const [peer, { cpu, wall, rss, auc, accuracy, log_loss }] of medians) {
    const numbers = [
      cpu.toFixed(2),
      (cpu / ours).toFixed(1),
      wall.toFixed(2),
      Math.round(rss / 2 ** 20),
    ];
    const quality = [auc, accuracy, log_loss].map((value) => value.toFixed(4));
    print(`| ${[peer, ...numbers, ...quality].join(" | ")} |`);
  }
  const model = medians[0]?.[1].model;
  if (model !== undefined) {
    const { bytes, written, loaded } = model;
    print(
      `\nOur model.onnx has ${(bytes / 1e6).toFixed(1)} MB; ${
        written.toFixed(2)
      } CPU s to write, ` +
        `${loaded.toFixed(2)} to read.`,
    );
  }
}

/** Makes a data set the first time. */
async function dataOf(name: string): Promise<string> {
  const folder = here(`../../.services/cache/bench-forest/${name}`);
  try {
    await Deno.stat(`${folder}/test.y`);
  } catch {
    await output(python, [here("data.py"), name, folder]);
  }
  return folder;
}

async function measure(peer: string, folder: string, { trees, depth }: Work): Promise<Taken> {
  const args = [folder, trees, depth, values.threads].map(String);
  const text = peer === "ours"
    ? await output(Deno.execPath(), ["run", "-A", here("ours.ts"), ...args])
    : await output(python, [here("peer.py"), peer, ...args]);
  return JSON.parse(text);
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args: [...args],
    // Otherwise LightGBM's threads spin while they wait.
    env: { OMP_WAIT_POLICY: "passive" },
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

/** The run with the median of the CPU seconds. */
function median(all: readonly Taken[]): Taken {
  const sorted = all.toSorted((a, b) => a.cpu - b.cpu);
  return sorted[sorted.length >> 1] ??
    { cpu: NaN, wall: 0, rss: 0, auc: 0, accuracy: 0, log_loss: 0 };
}
