/**
 * The stores that the contract holds for: the file store and three servers, each with another way to
 * keep artifacts, and the Pythons that look at what is in them.
 *
 * @module
 */

import { startMlflowServer } from "../../scripts/services/mod.ts";
import { openStore, type Store } from "../../jobs/lib/mlflow/mod.ts";
import { provided } from "../job/task.ts";
import { type Oracle, startOracle } from "./oracle.ts";

/** A kind of store under test. */
export interface Backend {
  readonly name: string;
  /** For Python. */
  readonly uri: string;
  /** Whether it knows models apart from runs (MLflow 3). */
  readonly loggedModels: boolean;
  /** Pythons that read it, the one that reads it back first. */
  readonly oracles: readonly Oracle[];
  open(): Promise<Store>;
}

/** The folder of everything these tests start. */
export const scratch = await Deno.makeTempDir({ prefix: "mlflow with spaces " });
globalThis.addEventListener("unload", () => Deno.removeSync(scratch, { recursive: true }));

/** What AWS's tools need to find the double of S3. */
export const awsEnvironment: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ENDPOINT_URL_S3: provided("ML_TEST_S3"),
  MLFLOW_S3_ENDPOINT_URL: provided("ML_TEST_S3"),
};
for (const [name, value] of Object.entries(awsEnvironment)) Deno.env.set(name, value);

/** Of these tests. */
export const bucket = `mlflow-${crypto.randomUUID().slice(0, 8)}`;
await (await fetch(`${provided("ML_TEST_S3")}/${bucket}`, { method: "PUT" })).body?.cancel();

/** The servers that these tests started themselves, and may kill. */
export const [first, oldest] = await Promise.all([
  startMlflowServer({
    folder: `${scratch}/3.0`,
    environment: "mlflow3",
    artifacts: { destination: `s3://${bucket}/3.0` },
    env: awsEnvironment,
  }),
  startMlflowServer({
    folder: `${scratch}/2.16`,
    environment: "mlflow2",
    artifacts: { root: `s3://${bucket}/2.16` },
  }),
]);
globalThis.addEventListener("unload", () => {
  for (const server of [first, oldest]) void server.kill();
});

/** Those of the newest MLflow, with pandas 3 and 2. */
export const newestPythons = [
  startOracle(provided("ML_TEST_PYTHON"), {}),
  startOracle(provided("ML_TEST_PYTHON_PANDAS2"), {}),
];
const folder = `${scratch}/mlruns`;
const newest = provided("ML_TEST_MLFLOW_URL");

/** All of them. */
export const BACKENDS: readonly Backend[] = [
  {
    name: "file store",
    uri: folder,
    loggedModels: true,
    oracles: newestPythons,
    open: () => openStore({ trackingUri: folder }),
  },
  {
    name: "MLflow 3.17, artifacts on its disk",
    uri: newest,
    loggedModels: true,
    oracles: newestPythons,
    open: () => openStore({ trackingUri: newest }),
  },
  {
    name: "MLflow 3.0, artifacts passed on to S3",
    uri: first.url,
    loggedModels: true,
    oracles: [startOracle(provided("ML_TEST_PYTHON_MLFLOW3"), {})],
    open: () => openStore({ trackingUri: first.url }),
  },
  {
    name: "MLflow 2.16, artifacts on S3",
    uri: oldest.url,
    loggedModels: false,
    oracles: [startOracle(provided("ML_TEST_PYTHON_MLFLOW2"), awsEnvironment)],
    open: () => openStore({ trackingUri: oldest.url }),
  },
];
