/**
 * Small trainings, each of a second, and what they left.
 *
 * @module
 */

import { resultOf, startTask, type TaskResult } from "../job/task.ts";

/** Whether the long forms run. */
export const EXTENDED = Deno.env.get("ML_TEST_EXTENDED") === "1";

/** The name of the model that they train. */
export const MODEL = "flights-late";

/** A folder that is gone when the tests end. */
export const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** Where and what to train. */
export interface Training {
  /** Name of its output folder. */
  readonly name: string;
  readonly trackingUri: string;
  readonly model?: string;
  readonly seed?: number;
  readonly more?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The arguments of `train`. */
export function trainArgs(
  { name, trackingUri, model = MODEL, seed = 1, more = [] }: Training,
): string[] {
  return [
    "--train-data=examples/flights/test",
    "--label=late",
    "--key-column=flight_id",
    "--n-estimators=3",
    "--max-depth=4",
    "--min-roc-auc=0",
    `--seed=${seed}`,
    `--experiment-name=${model}`,
    `--model-name=${model}`,
    `--tracking-uri=${trackingUri}`,
    `--output=${folder}/${name}`,
    ...more,
  ];
}

/** Starts a training. */
export function startTraining(training: Training): Deno.ChildProcess {
  return startTask("train", trainArgs(training), { ...training.env });
}

/** Trains. */
export function train(training: Training): Promise<TaskResult> {
  return resultOf(startTraining(training));
}

/** A name that nobody else uses on a shared server. */
export function unique(name: string): string {
  return `${name}-${crypto.randomUUID().slice(0, 8)}`;
}
