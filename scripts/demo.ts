/**
 * The whole main job on real flights, with nothing but Deno: validate, train, register, score a day,
 * publish. It runs the very commands that a user would.
 *
 * @module
 */

import { scoreCommand } from "../jobs/inference/score.ts";
import { type AnyCommand, runProgram } from "../jobs/lib/command.ts";
import { environmentNames } from "../jobs/lib/config.ts";
import { printLine as say } from "../jobs/lib/streams.ts";
import { trainCommand } from "../jobs/training/train.ts";
import { validateCommand } from "../jobs/training/validate.ts";

const MODEL = "flights-late";
const DAY = "2013-10-01";
const FLIGHTS = "examples/flights";
const PREDICTIONS = "out/predictions";
const VALIDATION = "out/validation";

/** Exit code of a training whose version is not better than the champion: that one is scored then. */
const GATE_NOT_MET = 5;

/** How this very Deno is called again; who came with npx has no other. */
const DENO = /[\\/]_npx[\\/]/.test(Deno.execPath()) ? `npx -y deno@${Deno.version.deno}` : "deno";

/** What a command printed as its summary. */
type Summary = Record<string, unknown>;

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  Deno.exit(await demo());
}

async function demo(): Promise<number> {
  const started = performance.now();
  const ignored = forgetEnvironment();
  if (ignored.length > 0) {
    say(`Not used: ${ignored.join(", ")}. The demo shows the defaults, on this machine alone.\n`);
  }
  say(`1  Look at the data: real flights (${FLIGHTS}/train)`);
  const validated = await task("training", "validate", validateCommand, [
    `--data=${FLIGHTS}/train`,
    "--label=late",
    "--key-column=flight_id",
    `--report=${VALIDATION}`,
  ]);
  if (validated === undefined) return 1;

  say("\n2  Train a forest on them: which will be late?");
  const trained = await task("training", "train", trainCommand, [
    "--config",
    `${FLIGHTS}/config.json`,
  ]);
  if (trained === undefined) return 1;

  const run = await nextRun();
  say(`\n3  Score the flights of ${DAY} with ${MODEL}@champion and publish the predictions`);
  const scored = await task("inference", "score", scoreCommand, [
    `--data=${FLIGHTS}/score/day=${DAY}`,
    `--model-uri=models:/${MODEL}@champion`,
    `--scheduled-time=${DAY}T06:00:00Z`,
    `--run-id=${run.id}`,
    ...(run.supersedes === undefined ? [] : [`--supersedes=${run.supersedes}`]),
    `--output=${PREDICTIONS}`,
  ]);
  if (scored === undefined) return 1;

  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`\nDone in ${seconds} s. What was made`);
  say(`  model        ${MODEL} version ${trained["version"]}, ${trained["status"]} (./mlruns)`);
  say(
    `  bundle       ${trained["output"]}/model.onnx, readable by every onnxruntime and by MLflow`,
  );
  say(
    `  predictions  ${scored["accepted"]} of ${scored["rows"]} flights (${PREDICTIONS}/${run.id})`,
  );
  say("\nIn the data");
  for (const line of describeData(validated)) say(`  ${line}`);
  say("\nOn held-out flights");
  for (const [name, value] of Object.entries(trained["metrics"] ?? {})) {
    say(`  ${name.padEnd(18)} ${Number(value).toFixed(4)}`);
  }
  say("\nThree of the predictions");
  for (const line of await firstLines(`${PREDICTIONS}/${run.id}`, 3)) say(`  ${describe(line)}`);
  say(`
Look further
  the data            ${VALIDATION}/validation.json: each column, each finding
  the evaluation      out/report.html, in a browser; out/evaluation.json
  the day's data      runs/${run.id}/report.html: rules, and what has moved since training
  a day gone wrong    ${DENO} task inference check --data ${FLIGHTS}/drifted/day=${DAY} \\
                        --model-uri models:/${MODEL}@champion --run-id drifted
  the run in MLflow   MLFLOW_ALLOW_FILE_STORE=true uvx mlflow ui --backend-store-uri ./mlruns
  in Python           with MLFLOW_ALLOW_FILE_STORE=true and MLFLOW_TRACKING_URI=./mlruns
                      mlflow.pyfunc.load_model("models:/${MODEL}@champion").predict(dataframe)
  the same by hand    ${DENO} task train --config ${FLIGHTS}/config.json
                      ${DENO} task score --data ${FLIGHTS}/score/day=${DAY} \\
                        --model-uri models:/${MODEL}@champion --run-id by-hand
  every option        ${DENO} task train --help, ${DENO} task score --help
  real services       ${DENO} task services start; set what it prints, and the same commands use them`);
  return 0;
}

/** Unsets what would turn the commands elsewhere; returns the names of what was set. */
function forgetEnvironment(): string[] {
  const names = [trainCommand, scoreCommand].flatMap(({ options }) => environmentNames(options));
  const set = [...new Set(["ML_ROOT", "ML_CONFIG", ...names])].filter((name) => Deno.env.get(name));
  for (const name of set) Deno.env.delete(name);
  return set;
}

/** Runs a command of a job as its task would; the log goes to the terminal, the summary comes back. */
async function task(
  program: string,
  name: string,
  command: AnyCommand,
  args: readonly string[],
): Promise<Summary | undefined> {
  const results: string[] = [];
  const code = await runProgram(program, { [name]: command }, [name, ...args], {
    print: (line) => results.push(line),
  });
  if (code !== 0 && code !== GATE_NOT_MET) {
    say(`\n${name} ended with exit code ${code}; the reason stands above.`);
    return undefined;
  }
  return JSON.parse(results.at(-1) ?? "{}");
}

/** A day is scored once; the demo's next run replaces the last one. */
async function nextRun(): Promise<{ id: string; supersedes?: string }> {
  let last: string | undefined;
  for (let attempt = 1;; attempt++) {
    const id = attempt === 1 ? DAY : `${DAY}.r${attempt}`;
    try {
      await Deno.stat(`runs/${id}/complete.json`);
      last = id;
    } catch {
      return last === undefined ? { id } : { id, supersedes: last };
    }
  }
}

async function firstLines(folder: string, count: number): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isFile && entry.name.endsWith(".ndjson")) names.push(entry.name);
  }
  const [first] = names.sort();
  if (first === undefined) return [];
  return (await Deno.readTextFile(`${folder}/${first}`)).split("\n", count);
}

/** What the validation's summary says, in a line or a few. */
function describeData({ rows, columns, findings }: Summary): string[] {
  const found: readonly { severity: string; message: string }[] = Array.isArray(findings)
    ? findings
    : [];
  const width = Array.isArray(columns) ? columns.length : 0;
  return [
    `${rows} rows, ${width} columns, ${found.length === 0 ? "nothing to object to" : "and"}`,
    ...found.map(({ severity, message }) => `${severity}: ${message}`),
  ];
}

function describe(line: string): string {
  const { key, value } = JSON.parse(line);
  const late = (100 * value.probabilities["true"]).toFixed(1);
  return `${String(key).padEnd(24)} late with a probability of ${late} %`;
}
