/** Memory does not grow with the rows, whatever is done with them. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { print } from "../scripts/services/output.ts";

const EXTENDED = Deno.env.get("ML_TEST_EXTENDED") === "1";
/** Megabytes that the larger of two files may take more, and at all. */
const MORE = 100, MOST = 500;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

Deno.test("validating, checking and scoring take memory that does not grow with the rows", async (t) => {
  // Below a few million rows V8 has no reason yet to collect what is garbage: one size then.
  const sizes = EXTENDED ? [3_000_000, 30_000_000] : [600_000];
  await using temporary = await temporaryFolder();
  const folder = temporary.path;
  await run("deno", [
    ...["task", "-q", "train", "--config=examples/flights/config.json", "--n-estimators=5"],
    ...[`--output=${folder}`, `--tracking-uri=${folder}/mlruns`],
  ]);
  const scoring = [`--model-uri=${folder}/model`, `--output=${folder}/out`];
  const commands = {
    "training validate": ["--label=late", "--key-column=flight_id", `--report=${folder}/report`],
    "inference check": [...scoring, `--report=${folder}/check`],
    "score": scoring,
  };
  const peaks = new Map<string, number[]>();
  for (const rows of sizes) {
    const data = `${folder}/${rows}.parquet`;
    await run(python(), ["tests/dataset/rows.py", "examples/flights/train", `${rows}`, data]);
    for (const [command, options] of Object.entries(commands)) {
      const ours = command === "training validate"
        ? []
        : [`--run-id=${rows}`, `--run-state=${folder}/runs`];
      const words = ["task", "-q", ...command.split(" "), `--data=${data}`, ...options, ...ours];
      const [report = ""] =
        (await run(python(), ["bench/publishing/measure.py", Deno.execPath(), ...words]))
          .trim().split("\n").slice(-1);
      const { status, rss, cpu } = JSON.parse(report);
      assert.equal(status, 0, report);
      print(`${command} of ${rows} rows: ${megabytes(rss)} MB, ${cpu.toFixed(1)} CPU s`);
      peaks.set(command, [...peaks.get(command) ?? [], megabytes(rss)]);
      await Deno.remove(`${folder}/out`, { recursive: true }).catch(() => {});
    }
    await Deno.remove(data);
  }
  for (const [command, [first = NaN, large = first]] of peaks) {
    await t.step(command, () => {
      assert.ok(large < first + MORE, `${first} MB grew to ${large} MB`);
      assert.ok(large < MOST, `${large} MB`);
    });
  }
});

/** Of 20 GB in the long form, most of them predictions. */
async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function python(): string {
  const path = Deno.env.get("ML_TEST_PYTHON_WRITERS");
  assert.ok(path, "ML_TEST_PYTHON_WRITERS is not set: run the tests with deno task test");
  return path;
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(
    command === "deno" ? Deno.execPath() : command,
    { args: [...args], cwd: ROOT, env: { ML_LOG_LEVEL: "warn" } },
  ).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  return text.decode(stdout);
}
