/**
 * What runs need: data, a model, somewhere for their state and somewhere for their predictions.
 *
 * @module
 */
import { keysOf, openDataset } from "../../jobs/lib/dataset/mod.ts";
import { provided, task } from "../job/task.ts";

const FLIGHTS = "examples/flights/train";

/** Where the state of runs is kept. */
export interface Kept {
  readonly name: string;
  /** For `--run-state`. */
  readonly uri: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A folder, and a bucket of its own. */
export async function keptPlaces(folder: string): Promise<Kept[]> {
  return [{ name: "folder", uri: `${folder}/runs`, env: {} }, await bucket()];
}

/** A new bucket, and what a client needs to get at it. */
export async function bucket(): Promise<Kept> {
  const name = `runs-${crypto.randomUUID()}`;
  const endpoint = provided("ML_TEST_S3");
  const answer = await fetch(`${endpoint}/${name}`, { method: "PUT" });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`S3 answered ${answer.status}`);
  return { name: "s3", uri: `s3://${name}/state`, env: awsAt(endpoint) };
}

/** The environment of a client of S3 there. */
export function awsAt(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
  };
}

/** Copies months of flights to a folder. */
export async function flights(folder: string, months: readonly number[]): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  for (const month of months) {
    const name = `2013-0${month}.parquet`;
    await Deno.copyFile(`${FLIGHTS}/${name}`, `${folder}/${name}`);
  }
  return folder;
}

/** The keys of all flights of a folder, sorted. */
export async function keysIn(folder: string): Promise<string[]> {
  const keys: string[] = [];
  const dataset = await openDataset(folder);
  for await (const batch of dataset.batches({ columns: ["flight_id"] })) {
    for (const key of keysOf(batch, "flight_id")) keys.push(key ?? "");
  }
  return keys.sort();
}

/** Trains a small model, registers it in the folder's store, and returns its bundle. */
export async function train(folder: string, trees: number): Promise<string> {
  const output = `${folder}/trained-${trees}`;
  const { code, log } = await task("train", [
    `--train-data=${await flights(`${folder}/train`, [1])}`,
    ...["--label=late", "--key-column=flight_id", "--model-name=flights-late"],
    ...[`--n-estimators=${trees}`, "--max-depth=4", `--seed=${trees}`],
    ...[`--tracking-uri=${folder}/mlruns`, `--output=${output}`],
  ]);
  // 5: registered, but not better than the one before.
  if (code !== 0 && code !== 5) throw new Error(log);
  return `${output}/model`;
}

/** A message as the file sink writes it, as far as these tests look. */
export interface Line {
  readonly key: string;
  readonly value: { readonly model: { readonly version: string }; readonly run_id: string };
}

/** All messages of a run that was published to files, shard by shard in order. */
export async function published(output: string, run: string): Promise<Line[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(`${output}/${run}`)) {
    if (name.endsWith(".ndjson")) names.push(name);
  }
  const texts = await Promise.all(
    names.sort().map((name) => Deno.readTextFile(`${output}/${run}/${name}`)),
  );
  return texts.join("").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Waits until so many transactions of a run are in files. */
export async function transactions(output: string, run: string, count: number): Promise<void> {
  await until(`${count} transactions of ${run}`, async () => {
    let found = 0;
    try {
      for await (const { name } of Deno.readDir(`${output}/${run}`)) {
        if (name.endsWith(".ndjson")) found++;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return found >= count;
  });
}

/** Asks until it is so. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`${what}: not within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A tree as SageMaker gives each host of a processing job. */
export async function hostTree(
  folder: string,
  current: string,
  hosts: readonly string[],
): Promise<string> {
  const root = `${folder}/ml-${crypto.randomUUID()}`;
  await Deno.mkdir(`${root}/config`, { recursive: true });
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(`${root}/config/${name}.json`, JSON.stringify(value));
  await write("processingjobconfig", {});
  await write("resourceconfig", { current_host: current, hosts });
  return root;
}
