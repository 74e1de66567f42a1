/**
 * Containers as SageMaker starts them: as root, with folders that are root's, and `train`.
 *
 * @module
 */
import type { Store } from "./build.ts";
import { attempt, type Ended, sh, until } from "./shell.ts";

const FLIGHTS = "examples/flights";

/** What a job needs of root's rights to give them up. */
export const NEEDED = ["CHOWN", "SETUID", "SETGID", "KILL"];

/** How to start a container. */
export interface RunOptions {
  /** Mounted at `/opt/ml`. */
  readonly tree: string;
  readonly capabilities?: readonly string[];
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly name?: string;
}

/** The words of `podman run` for a container with as few rights as there are. */
export function podmanRun(
  image: string,
  command: readonly string[],
  options: RunOptions,
): string[] {
  const { tree, capabilities = NEEDED, user, env = {}, name } = options;
  return [
    ...["podman", "--runtime=runc", "run", "--rm", "--no-healthcheck", "--network=none"],
    // Where these tests run in a container themselves, podman's own limits are more than allowed.
    ...["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"],
    ...["--read-only", "--tmpfs=/tmp", "--memory=1g"],
    ...["--cap-drop=all", ...capabilities.map((each) => `--cap-add=${each}`)],
    "--security-opt=no-new-privileges",
    `--volume=${tree}:/opt/ml`,
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(name === undefined ? [] : [`--name=${name}`]),
    ...Object.entries(env).map(([key, value]) => `--env=${key}=${value}`),
    image,
    ...command,
  ];
}

/** Runs a container to its end. */
export function runContainer(
  store: Store,
  image: string,
  command: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  return attempt(podmanRun(image, command, options), { env: store.env });
}

/** The processes of a container, the first one first, as this machine sees them. */
export async function processesOf(store: Store, name: string, count: number): Promise<string[]> {
  return await until(`${count} processes in ${name}`, async () => {
    const first = await sh(["podman", "inspect", "--format={{.State.Pid}}", name], store);
    if (first === "0") return undefined;
    const { out } = await attempt(["pgrep", "-P", first]);
    const all = [first, ...out.split("\n").filter((line) => line !== "")];
    return all.length >= count ? all : undefined;
  });
}

/** A line of `/proc/PID/status`, such as `Uid`. */
export async function statusOf(pid: string, field: string): Promise<string> {
  // To read there by itself a test would need all permissions.
  const status = await sh(["cat", `/proc/${pid}/status`]);
  return new RegExp(`^${field}:[ \\t]*(.*)$`, "m").exec(status)?.[1]?.trim() ?? "";
}

/** A training job's `/opt/ml`, all of it root's. */
export async function trainingTree(hyperparameters: Record<string, string> = {}): Promise<string> {
  const tree = await Deno.makeTempDir();
  await Deno.chmod(tree, 0o755);
  for (const folder of ["input/config", "input/data/train", "model", "output"]) {
    await Deno.mkdir(`${tree}/${folder}`, { recursive: true });
  }
  for (const month of ["01", "02"]) {
    const file = `2013-${month}.parquet`;
    await Deno.copyFile(`${FLIGHTS}/train/${file}`, `${tree}/input/data/train/${file}`);
  }
  const config = {
    hyperparameters: {
      label: "late",
      key_column: "flight_id",
      n_estimators: "5",
      model_name: "flights-late",
      ...hyperparameters,
    },
    inputdataconfig: { train: { TrainingInputMode: "File" } },
    resourceconfig: { current_host: "algo-1", hosts: ["algo-1"] },
  };
  for (const [name, value] of Object.entries(config)) {
    await Deno.writeTextFile(`${tree}/input/config/${name}.json`, JSON.stringify(value));
  }
  return tree;
}

/** A processing job's `/opt/ml` with a day of flights and a model. */
export async function processingTree(modelTar: string): Promise<string> {
  const tree = await Deno.makeTempDir();
  await Deno.chmod(tree, 0o755);
  const inputs = ["data", "model"];
  for (const name of inputs) {
    await Deno.mkdir(`${tree}/processing/input/${name}`, { recursive: true });
  }
  await Deno.mkdir(`${tree}/config`);
  await Deno.copyFile(
    `${FLIGHTS}/score/day=2013-10-01/flights.parquet`,
    `${tree}/processing/input/data/flights.parquet`,
  );
  await Deno.copyFile(modelTar, `${tree}/processing/input/model/model.tar.gz`);
  await Deno.writeTextFile(
    `${tree}/config/processingjobconfig.json`,
    JSON.stringify({
      ProcessingInputs: inputs.map((name) => ({
        InputName: name,
        S3Input: { S3Uri: `s3://b/${name}`, LocalPath: `/opt/ml/processing/input/${name}` },
      })),
      ProcessingOutputConfig: {
        Outputs: [{
          OutputName: "predictions",
          S3Output: { S3Uri: "s3://b/o", LocalPath: "/opt/ml/processing/output/predictions" },
        }],
      },
    }),
  );
  return tree;
}

/** What is in a folder, each file with its mode, owner and group. */
export async function listing(folder: string): Promise<string[]> {
  const out = await sh(["find", folder, "-mindepth", "1", "-printf", "%M %U:%G %P\\n"]);
  return out.split("\n").filter((line) => line !== "").sort();
}
