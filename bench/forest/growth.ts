/**
 * How the time of training grows with the rows: 28 columns of noise and signal, one thread.
 *
 * usage: deno run -A bench/forest/growth.ts [TREES] [DEPTH]
 *
 * @module
 */
import process from "node:process";
import { forestEngine } from "../../jobs/lib/forest/mod.ts";
import { Random } from "../../jobs/lib/forest/random.ts";

const COLUMNS = 28;
const [trees = "5", depth = "10"] = Deno.args;
const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

print(`${trees} trees, depth ${depth}\n`);
print("| rows | CPU s | ns per row and tree |");
print("|--:|--:|--:|");
for (const rows of [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]) {
  const random = new Random(rows);
  const labels = Int32Array.from({ length: rows }, () => random.next() & 1);
  const columns = Array.from(
    { length: COLUMNS },
    (_, c) => Float32Array.from(labels, (label) => random.next() / 2 ** 32 + label * c / 100),
  );
  const set = { matrix: { rows, columns, names: columns.map((_, c) => `c${c}`) }, labels };
  const before = process.cpuUsage();
  await forestEngine.train({ ...set, classes: 2 }, {
    objective: "classification",
    trees: Number(trees),
    maxDepth: Number(depth),
    minSamplesLeaf: 1,
    maxFeatures: "sqrt",
    classWeight: "none",
    seed: 42,
    threads: 1,
  });
  const { user, system } = process.cpuUsage(before);
  const each = (user + system) * 1000 / rows / Number(trees);
  print(`| ${rows} | ${((user + system) / 1e6).toFixed(2)} | ${each.toFixed(0)} |`);
}
