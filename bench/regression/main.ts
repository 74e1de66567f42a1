/**
 * Whether a commit made the jobs slower: training, scoring and starting, as whole processes in turn with
 * a yardstick, beside the committed ratios.
 *
 * usage: deno task bench regression [--runs 5] [--tolerance 0.25] [--report FILE] [--write]
 *   [--baseline bench/regression/baseline.json]
 *
 * `--report` writes Markdown, an empty file where nothing has regressed; `--write` makes what was
 * measured the baseline. Needs python3 for its resource module.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { print, say } from "../../scripts/services/output.ts";
import config from "../../deno.json" with { type: "json" };
import { compareRatios, type Ratios, regressionMarkdown } from "./compare.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "5" },
    tolerance: { type: "string", default: "0.25" },
    report: { type: "string" },
    write: { type: "boolean", default: false },
    baseline: { type: "string", default: `${ROOT}bench/regression/baseline.json` },
  },
});

const folder = await Deno.makeTempDir();
try {
  const measured = await measure();
  const tolerance = Number(values.tolerance);
  const baseline: Ratios = values.write ? {} : JSON.parse(await Deno.readTextFile(values.baseline));
  const compared = compareRatios(baseline, measured, tolerance);
  for (const { name, before, now, regressed } of compared) {
    print(
      `${name.padEnd(8)}${(before ?? NaN).toFixed(3).padStart(9)} → ${now?.toFixed(3)}` +
        (regressed ? "  regressed" : ""),
    );
  }
  if (values.write) {
    await Deno.writeTextFile(values.baseline, JSON.stringify(measured, undefined, 2) + "\n");
  }
  if (values.report !== undefined) {
    await Deno.writeTextFile(values.report, regressionMarkdown(compared, tolerance));
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function measure(): Promise<Ratios> {
  const works = {
    train: task("train", [
      ...["--config=examples/flights/config.json", "--n-estimators=30", "--threads=2"],
      ...[`--output=${folder}/out`, `--tracking-uri=${folder}/mlruns`],
    ]),
    score: task("score", [
      ...["--data=examples/flights/train", `--model-uri=${folder}/out/model`],
      ...[`--run-state=${folder}/runs`, `--output=${folder}/predictions`],
    ]),
    start: task("inference", ["--version"]),
  };
  const yardstick = ["run", fileURLToPath(new URL("./yardstick.ts", import.meta.url))];
  const taken: Record<string, number[]> = { yardstick: [], train: [], score: [], start: [] };
  for (let run = 0; run < Number(values.runs); run++) {
    taken["yardstick"]?.push(await cpuOf(yardstick));
    for (const [name, args] of Object.entries(works)) {
      const more = name === "score" ? [`--run-id=r${run}`] : [];
      taken[name]?.push(await cpuOf([...args, ...more]));
    }
    say(`${run + 1} of ${values.runs}`);
  }
  const unit = median(taken["yardstick"] ?? []);
  return Object.fromEntries(
    Object.keys(works).map((name) => [
      name,
      Number((median(taken[name] ?? []) / unit).toFixed(4)),
    ]),
  );
}

/** A task's own command, without the task's shell around it. */
function task(name: "train" | "score" | "inference", args: readonly string[]): string[] {
  const [, ...words] = config.tasks[name].command.replaceAll("'", "").split(" ");
  return [...words, ...args];
}

/** CPU seconds of a process of this Deno. A gate that is not met is a training, too. */
async function cpuOf(args: readonly string[]): Promise<number> {
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: [`${ROOT}bench/publishing/measure.py`, Deno.execPath(), ...args],
    cwd: ROOT,
    env: { ML_LOG_LEVEL: "warn" },
  }).output();
  const decoder = new TextDecoder();
  const { status, cpu } = JSON.parse(decoder.decode(stdout).trimEnd().split("\n").at(-1) ?? "{}");
  if (status === 0 || status === 5) return cpu;
  throw new Error(`${args.join(" ")} ended with ${status}:\n${decoder.decode(stderr)}`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}
