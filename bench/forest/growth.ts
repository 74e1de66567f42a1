/**
 * How time and memory of training grow with rows and trees: 28 columns of noise and signal, one thread,
 * each training in a process of its own. Prints a table and draws `growth.svg`.
 *
 * usage: deno run -A bench/forest/growth.ts [--rows 100000,…] [--trees 5,20] [--depth 10]
 *
 * @module
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { forestEngine } from "../../jobs/lib/forest/mod.ts";
import { Random } from "../../jobs/lib/forest/random.ts";
import { growthPlot, type Measured } from "./growth_plot.ts";

const COLUMNS = 28;
const { values } = parseArgs({
  args: Deno.args,
  options: {
    rows: { type: "string", default: "100000,300000,1000000,3000000,10000000" },
    trees: { type: "string", default: "5,20" },
    depth: { type: "string", default: "10" },
    // Trains once and prints what it took as JSON.
    once: { type: "boolean", default: false },
  },
});
const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const numbers = (list: string) => list.split(",").map(Number);

if (values.once) {
  print(JSON.stringify(await train(Number(values.rows), Number(values.trees))));
} else {
  print("| rows | trees | CPU s | ns per row and tree | MiB beside the data | bytes a row |");
  print("|--:|--:|--:|--:|--:|--:|");
  const all: Measured[] = [];
  for (const trees of numbers(values.trees)) {
    for (const rows of numbers(values.rows)) {
      const { cpu, bytes } = await measure(rows, trees);
      all.push({ rows, trees, cpu });
      const each = (cpu * 1e9 / rows / trees).toFixed(0);
      const memory = [(bytes / 2 ** 20).toFixed(0), (bytes / rows).toFixed(0)];
      print(`| ${[rows, trees, cpu.toFixed(2), each, ...memory].join(" | ")} |`);
    }
  }
  await Deno.writeTextFile(new URL("growth.svg", import.meta.url), growthPlot(all));
}

async function measure(rows: number, trees: number): Promise<{ cpu: number; bytes: number }> {
  const sizes = ["--rows", `${rows}`, "--trees", `${trees}`, "--depth", values.depth];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(import.meta.url), "--once", ...sizes],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${rows} rows failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function train(rows: number, trees: number): Promise<{ cpu: number; bytes: number }> {
  const random = new Random(rows);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) labels[row] = random.next() & 1;
  const columns = Array.from({ length: COLUMNS }, (_, c) => {
    const column = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      column[row] = random.next() / 2 ** 32 + (labels[row] ?? 0) * c / 100;
    }
    return column;
  });
  const set = { matrix: { rows, columns, names: columns.map((_, c) => `c${c}`) }, labels };
  const [before, usage] = [await resident("VmRSS"), process.cpuUsage()];
  await forestEngine.train({ ...set, classes: 2 }, {
    objective: "classification",
    trees,
    maxDepth: Number(values.depth),
    minSamplesLeaf: 1,
    maxFeatures: "sqrt",
    classWeight: "none",
    seed: 42,
    threads: 1,
  });
  const { user, system } = process.cpuUsage(usage);
  return { cpu: (user + system) / 1e6, bytes: await resident("VmHWM") - before };
}

/** What the process has of memory: now, or at most so far. */
async function resident(what: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await Deno.readTextFile("/proc/self/status");
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
}
