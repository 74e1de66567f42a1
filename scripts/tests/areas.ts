/**
 * What `deno task test` runs: the pure tests, and one file of integration tests per area.
 *
 * @module
 */
import type { PythonEnvironment, Service } from "../services/mod.ts";

/** One entry of the minutes that are printed at the end. */
export interface Area {
  readonly name: string;
  /** Its tests; none for all pure tests, which plain `deno test` finds. */
  readonly files: readonly string[];
  /** Whether the jobs run as binaries, which are built first. */
  readonly compiled?: boolean;
  /** Whether images are built and run. */
  readonly containers?: boolean;
  /** Services that must answer. */
  readonly services: readonly Service[];
  /** Python environments that must be there. */
  readonly pythons: readonly PythonEnvironment[];
  /** Flags of `deno test`. */
  readonly permissions: readonly string[];
}

/** All an integration test may do; of networks it sees this machine only. */
const LOCAL = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  "--allow-run",
  "--allow-net=127.0.0.1,localhost",
];

/** In the order in which they run. */
export const AREAS: readonly Area[] = [
  { name: "pure", files: [], services: [], pythons: [], permissions: [] },
  area("dataset", { pythons: ["oracle"] }),
  area("reading", { pythons: ["oracle"] }),
  area("reading_https", { pythons: ["oracle"] }),
  area("dataset_robustness", { pythons: ["writers"] }),
  area("dataset_memory", { pythons: ["writers"] }),
  area("dataset_s3", { services: ["s3"] }),
  area("validation", {}),
  area("forest", { pythons: ["oracle"] }),
  area("training", {}),
  area("hosts", { services: ["s3"] }),
  area("onnx", { pythons: ["oracle", "exporters"] }),
  area("mlflow", {
    services: ["mlflow", "s3"],
    pythons: ["oracle", "pandas2", "mlflow2", "mlflow3"],
  }),
  area("publishing", { services: ["kafka"] }),
  area("publishing_producer", { services: ["kafka", "s3"] }),
  {
    ...area("runs", { services: ["s3", "kafka"] }),
    files: ["runs", "run_outcome"].map(fileOf),
  },
  area("kafka_health", { services: ["kafka"], pythons: ["kafka"] }),
  area("faults", { pythons: ["oracle", "kafka"] }),
  area("job", { services: ["kafka", "mlflow"], pythons: ["oracle"] }),
  area("container", {}),
  area("tracing", {}),
  area("local_pipelines", { services: ["kafka", "mlflow", "s3"] }),
  area("params", { services: ["s3"], pythons: ["awscli"] }),
  area("promotion", {}),
  area("tracking", { services: ["mlflow"], pythons: ["oracle"] }),
  // Playwright looks into /proc, which Deno allows only to who may do anything.
  { ...area("mlflow_ui", { services: ["mlflow"] }), permissions: ["--allow-all"] },
  area("executions", { services: ["s3"], pythons: ["moto"] }),
  area("bad_input", { services: ["kafka"], pythons: ["oracle"] }),
  area("services", {}),
  area("sources", {}),
  area("infra", { services: ["s3"], pythons: ["terraform"] }),
  area("terraform", { services: ["s3"] }),
  area("delivery", { services: ["s3"], pythons: ["workflows"] }),
  area("workflows", { services: ["s3"] }),
  area("newcomer", {}),
  area("drift", { services: ["s3", "kafka", "mlflow"] }),
  area("doctor", { services: ["s3", "kafka", "mlflow"] }),
  {
    ...area("binaries", { services: ["kafka", "mlflow", "s3"], pythons: ["oracle"] }),
    files: ["binaries", "job", "container", "tracing", "hosts", "runs"].map(fileOf),
    compiled: true,
  },
  { ...area("images", { pythons: ["images"] }), compiled: true, containers: true },
  {
    ...area("ecr", { services: ["s3"], pythons: ["images"] }),
    compiled: true,
    containers: true,
  },
];

/** One word for all areas of a subject; the others go by their own name. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  compiled: ["binaries", "images", "ecr"],
  forest: ["forest", "training", "hosts"],
  pipelines: ["executions", "local_pipelines", "params"],
  publishing: ["publishing", "publishing_producer", "runs", "kafka_health", "faults"],
};

/** The areas that a word on the command line means; none if it means nothing. */
export function areasNamed(word: string): Area[] {
  const names = SUBJECTS[word] ?? [word];
  return AREAS.filter((area) => names.includes(area.name));
}

function area(
  name: string,
  { services = [], pythons = [] }: Partial<Pick<Area, "services" | "pythons">>,
): Area {
  return { name, files: [fileOf(name)], services, pythons, permissions: LOCAL };
}

function fileOf(name: string): string {
  return `tests/${name}.integration.ts`;
}
