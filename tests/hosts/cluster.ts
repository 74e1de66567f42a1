/**
 * A training job on several hosts, as processes of this machine: each has a tree laid out as SageMaker's
 * `/opt/ml` of its own, with the same `resourceconfig.json` but for the host's name.
 *
 * @module
 */
import { resultOf, type TaskResult } from "../job/task.ts";
import { startJob } from "../runs/process.ts";

const FLIGHTS = "examples/flights";

/** One training job. */
export interface Cluster {
  /** Starts a host; more hyperparameters than the job's may be given. */
  start(host: number, more?: Readonly<Record<string, string>>): Deno.ChildProcess;
  /** Starts a host and waits for its end. */
  run(host: number, more?: Readonly<Record<string, string>>): Promise<TaskResult>;
  /** What the first host leaves as the model. */
  model(): Promise<Uint8Array>;
  /** Where a host's tree is. */
  root(host: number): string;
}

/** What a cluster needs. */
export interface ClusterOptions {
  readonly folder: string;
  readonly hosts: number;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Months of the flights that a host has; the first two unless given. */
  readonly months?: (host: number) => readonly number[];
}

/** Lays out the trees of all hosts. */
export async function cluster(options: ClusterOptions): Promise<Cluster> {
  const { folder, hosts: count, hyperparameters, env = {}, months = () => [1, 2] } = options;
  const hosts = Array.from({ length: count }, (_, i) => `algo-${i + 1}`);
  const root = (host: number) => `${folder}/${hosts[host]}`;
  for (const [host, name] of hosts.entries()) {
    const config = `${root(host)}/input/config`;
    const train = `${root(host)}/input/data/train`;
    for (const each of [config, train, `${root(host)}/model`, `${root(host)}/checkpoints`]) {
      await Deno.mkdir(each, { recursive: true });
    }
    for (const month of months(host)) {
      await Deno.copyFile(`${FLIGHTS}/train/2013-0${month}.parquet`, `${train}/${month}.parquet`);
    }
    await Deno.writeTextFile(`${config}/inputdataconfig.json`, '{"train": {}}');
    const resources = { current_host: name, hosts, network_interface_name: "eth0" };
    await Deno.writeTextFile(`${config}/resourceconfig.json`, JSON.stringify(resources));
  }
  const start: Cluster["start"] = (host, more = {}) => {
    Deno.writeTextFileSync(
      `${root(host)}/input/config/hyperparameters.json`,
      JSON.stringify({
        label: "late",
        key_column: "flight_id",
        n_estimators: "23",
        max_depth: "0",
        threads: "1",
        ...hyperparameters,
        ...more,
      }),
    );
    const places = { ML_ROOT: root(host), MLFLOW_TRACKING_URI: `${folder}/mlruns` };
    return startJob([], { ...places, ...env }, "train");
  };
  return {
    start,
    root,
    run: (host, more) => resultOf(start(host, more)),
    model: () => Deno.readFile(`${root(0)}/model/model.onnx`),
  };
}
