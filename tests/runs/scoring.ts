/**
 * What the tests of runs score, and where: real flights with a small model, state in a folder and on S3.
 *
 * @module
 */
import assert from "node:assert/strict";
import { provided } from "../job/task.ts";
import { awsAt, flights, type Kept, keptPlaces, train } from "./place.ts";
import { errorsOf, type TaskResult } from "./process.ts";

/** All that the tests of a file leave. */
export const FOLDER = await Deno.makeTempDir();
/** A small forest. */
export const MODEL = await train(FOLDER, 5);
/** Three months of flights. */
export const MONTHS = await flights(`${FOLDER}/months`, [1, 2, 3]);
/** One of them. */
export const MONTH = await flights(`${FOLDER}/month`, [2]);
/** Where predictions go. */
export const OUTPUT = `${FOLDER}/predictions`;
/** Places of the state: a folder, and S3. */
export const KEPT = await keptPlaces(FOLDER);
/** Nominal time of the runs. */
export const SLOT = "--scheduled-time=2013-10-02T06:00:00Z";
/** For what is done in this process. */
const OURS = { ...awsAt(provided("ML_TEST_S3")), ML_LOG_LEVEL: "error" };
for (const [name, value] of Object.entries(OURS)) Deno.env.set(name, value);

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** The state in a folder. */
export function folder(): Kept {
  return KEPT[0]!;
}

/** Arguments of `score`. */
export function scoreArgs(
  kept: Kept,
  run: string,
  { data = MONTH, model = MODEL, more = [] }: {
    data?: string;
    model?: string;
    more?: readonly string[];
  } = {},
): string[] {
  return [
    ...["score", `--data=${data}`, `--model-uri=${model}`, SLOT, `--run-id=${run}`],
    ...[`--run-state=${kept.uri}`, `--output=${OUTPUT}`, ...more],
  ];
}

/** Asserts that a job ended with an error. */
export function refused(result: TaskResult, code: number, error: string): void {
  assert.deepEqual(errorsOf(result), [error], result.log);
  assert.equal(result.code, code, result.log);
}
