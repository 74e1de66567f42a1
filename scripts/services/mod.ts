/**
 * Real services for development and tests: Kafka, MLflow, and a double of S3 and SageMaker.
 *
 * @module
 */
import { dockerAnswers, runningInDocker, startDocker, stopDocker } from "./docker.ts";
import { type Endpoints, type Service, SERVICES, type State } from "./endpoints.ts";
import { DEFAULT_INSTANCE, locked, readState, removeIfThere, writeState } from "./folders.ts";
import { startNative } from "./native.ts";
import { endGroup, isOurs } from "./processes.ts";

export { type Broker, type Cluster, type ClusterOptions, startCluster } from "./brokers.ts";
export type { Endpoints, Service } from "./endpoints.ts";
export { SERVICES } from "./endpoints.ts";
export { type MlflowOptions, type MlflowServer, startMlflowServer } from "./mlflow.ts";
export { type PythonEnvironment, pythonEnvironment } from "./python.ts";
export { kafkaJars, kafkaTools } from "./jars.ts";
export { answers, run } from "./processes.ts";

/** How to start, stop or ask. */
export interface ServiceOptions {
  /** Folder of this set of services; `.services` of the checkout unless told. */
  readonly instance?: string;
  /** `auto` takes Docker if its daemon answers. A running instance keeps its mode. */
  readonly mode?: "auto" | "native" | "docker";
  /** Told what is going on, a line at a time. */
  readonly say?: (line: string) => void;
}

/** What one service does at the moment. */
export interface ServiceStatus {
  readonly service: Service;
  readonly running: boolean;
  readonly process: number | undefined;
  /** Where it answers, empty if it does not run. */
  readonly endpoint: string;
}

/**
 * Starts what does not run yet and waits until all of it answers.
 *
 * @returns the endpoints of all that runs, and which services this call started
 * @throws {DependencyError} `services.…`; what this call had started is stopped again
 */
export function startServices(
  services: readonly Service[],
  options: ServiceOptions = {},
): Promise<{ endpoints: Endpoints; started: readonly Service[] }> {
  const { instance = DEFAULT_INSTANCE, mode = "auto", say = () => {} } = options;
  return locked(`${instance}/lock`, async () => {
    const state = await readState(instance) ?? {
      mode: await chooseMode(mode),
      endpoints: {},
      processes: {},
    };
    const running = await whichRun(instance, state);
    const started = services.filter((service) => !running.includes(service));
    if (started.length === 0) return { endpoints: state.endpoints, started };
    try {
      await (state.mode === "docker" ? startContainers : startProcesses)(
        instance,
        state,
        started,
        say,
      );
    } catch (error) {
      await stopSome(instance, state, started);
      throw error;
    }
    return { endpoints: state.endpoints, started };
  });
}

/** Stops services and removes their data; those that do not run are no error. */
export function stopServices(
  services: readonly Service[] = SERVICES,
  options: ServiceOptions = {},
): Promise<void> {
  const { instance = DEFAULT_INSTANCE } = options;
  return locked(`${instance}/lock`, async () => {
    const state = await readState(instance);
    if (state !== undefined) await stopSome(instance, state, services);
  });
}

/** What runs. */
export async function servicesStatus(options: ServiceOptions = {}): Promise<ServiceStatus[]> {
  const { instance = DEFAULT_INSTANCE } = options;
  const state = await readState(instance);
  const running = state === undefined ? [] : await whichRun(instance, state);
  return SERVICES.map((service) => {
    const { kafka, mlflow, s3 } = state?.endpoints ?? {};
    const endpoint = { kafka: kafka?.bootstrapServers, mlflow: mlflow?.url, s3: s3?.endpoint };
    const isRunning = running.includes(service);
    return {
      service,
      running: isRunning,
      process: isRunning ? state?.processes[service]?.pid : undefined,
      endpoint: isRunning ? endpoint[service] ?? "" : "",
    };
  });
}

async function chooseMode(mode: "auto" | "native" | "docker"): Promise<"native" | "docker"> {
  if (mode !== "auto") return mode;
  return await dockerAnswers() ? "docker" : "native";
}

async function startProcesses(
  instance: string,
  state: State,
  services: readonly Service[],
  say: (line: string) => void,
): Promise<void> {
  const start = async <S extends Service>(service: S) => {
    // One that was left without its leader, or unready by a start that was killed.
    const before = state.processes[service];
    if (before !== undefined) await endGroup(before.pid);
    delete state.endpoints[service];
    state.endpoints[service] = await startNative[service]({
      folder: `${instance}/${service}`,
      say,
      started: (process) => {
        state.processes[service] = process;
        writeState(instance, state);
      },
    });
    writeState(instance, state);
    say(`${service} is ready`);
  };
  // All are waited for even if one fails: what has started must be known to be stopped.
  const outcomes = await Promise.allSettled(services.map((service) => start(service)));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

async function startContainers(
  instance: string,
  state: State,
  services: readonly Service[],
  say: (line: string) => void,
): Promise<void> {
  writeState(instance, state);
  Object.assign(state.endpoints, await startDocker(services, instance, say));
  writeState(instance, state);
}

async function whichRun(instance: string, state: State): Promise<Service[]> {
  const containers = state.mode === "docker" ? await runningInDocker(instance) : [];
  const running: Service[] = [];
  for (const service of SERVICES) {
    const { pid } = state.processes[service] ?? {};
    const alive = containers.includes(service) || (pid !== undefined && await isOurs(pid));
    if (alive && state.endpoints[service] !== undefined) running.push(service);
  }
  return running;
}

async function stopSome(
  instance: string,
  state: State,
  services: readonly Service[],
): Promise<void> {
  const left = SERVICES.filter((service) =>
    !services.includes(service) && state.endpoints[service] !== undefined
  );
  if (state.mode === "docker") await stopDocker(instance, left.length > 0 ? services : []);
  for (const service of services) {
    const process = state.processes[service];
    if (process !== undefined) await endGroup(process.pid);
    delete state.processes[service];
    delete state.endpoints[service];
    await removeIfThere(`${instance}/${service}/data`);
  }
  if (left.length > 0) writeState(instance, state);
  else await removeIfThere(`${instance}/state.json`);
}
