/**
 * MLflow servers of any version, to break or to log in to: they end with the process that started
 * them, and can be killed, frozen and started again on their data and port.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { type Leashed, startLeashed } from "./leash.ts";
import { lastLines, type Program } from "./processes.ts";
import { type PythonEnvironment, pythonEnvironment } from "./python.ts";
import { freePorts, respondsOk, until } from "./readiness.ts";

/** What kind of server. */
export interface MlflowOptions {
  /** Where its data and log go. */
  readonly folder: string;
  /** The Python environment that has the wanted version of MLflow. */
  readonly environment: PythonEnvironment;
  /**
   * Where it keeps artifacts that it passes on, or where it tells clients to keep them by
   * themselves; a folder of its own, passed on, unless told.
   */
  readonly artifacts?: { readonly destination: string } | { readonly root: string };
  /** The one user, with basic authentication; open to all unless told. */
  readonly user?: { readonly username: string; readonly password: string };
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told what is going on. */
  readonly say?: (line: string) => void;
}

/** A running server. */
export interface MlflowServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it on the same data and port, and waits until it answers. */
  start(): Promise<void>;
}

/** Starts a server and waits until it answers. @throws {DependencyError} `services.not-started` */
export async function startMlflowServer(options: MlflowOptions): Promise<MlflowServer> {
  const { folder, environment, say = () => {} } = options;
  const python = await pythonEnvironment(environment, say);
  const url = `http://127.0.0.1:${freePorts(1)[0]}`;
  const log = `${folder}/log.txt`;
  await Deno.mkdir(`${folder}/data`, { recursive: true });
  await Deno.writeTextFile(`${folder}/auth.ini`, authIni(options));
  const program = mlflowProgram(python, url, options);
  let server: Leashed | undefined;
  const start = async () => {
    server = await startLeashed(program, log);
    await ready(url, server, log);
  };
  const kill = async () => {
    if (!server?.alive()) return;
    Deno.kill(-server.group, "SIGKILL");
    await server.ended;
  };
  say(`starting MLflow of ${environment}`);
  await start();
  return { url, kill, start, [Symbol.asyncDispose]: kill };
}

/** The command of a server. */
export function mlflowProgram(
  python: string,
  url: string,
  { folder, artifacts, user, env }: MlflowOptions,
): Program {
  const data = `${folder}/data`;
  const kept = artifacts ?? { destination: `file://${data}/artifacts` };
  return {
    command: python,
    args: [
      ...["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", new URL(url).port],
      ...["--workers", "1", "--backend-store-uri", `sqlite:///${data}/mlflow.db`],
      ...("root" in kept
        ? ["--no-serve-artifacts", "--default-artifact-root", kept.root]
        : ["--serve-artifacts", "--artifacts-destination", kept.destination]),
      ...(user === undefined ? [] : ["--app-name", "basic-auth"]),
    ],
    env: {
      MLFLOW_DISABLE_TELEMETRY: "true",
      // Its job runner would be seven more processes and over a gigabyte, for nothing we use.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
      ...(user === undefined ? {} : {
        MLFLOW_AUTH_CONFIG_PATH: `${folder}/auth.ini`,
        MLFLOW_FLASK_SERVER_SECRET_KEY: "only for tests",
      }),
      ...env,
    },
    folder,
  };
}

function authIni({ folder, user }: MlflowOptions): string {
  if (user === undefined) return "";
  return `[mlflow]
default_permission = READ
database_uri = sqlite:///${folder}/data/users.db
admin_username = ${user.username}
admin_password = ${user.password}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`;
}

/** Seconds; a machine that is busy starts MLflow in about 40. */
const PATIENCE = 180;

async function ready(url: string, server: Leashed, log: string): Promise<void> {
  const answered = await until(
    async () => !server.alive() || await respondsOk(`${url}/health`),
    PATIENCE * 1000,
  );
  if (answered && server.alive()) return;
  throw new DependencyError({
    code: "services.not-started",
    cannot: "start MLflow",
    found: `${server.alive() ? `no answer after ${PATIENCE} s` : "it ended"}; the end of its ` +
      `log:\n${lastLines(await Deno.readTextFile(log), 25)}\n`,
    todo: "Mend what it says, then start again",
    place: { file: log },
  });
}
