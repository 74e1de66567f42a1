/**
 * The services as processes of this machine.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import type { Endpoints, Service } from "./endpoints.ts";
import { kafkaJars, kafkaTools } from "./jars.ts";
import { removeIfThere, ROOT } from "./folders.ts";
import { mlflowProgram } from "./mlflow.ts";
import { isOurs, lastLines, type Program, startDetached } from "./processes.ts";
import { pythonEnvironment } from "./python.ts";
import { accepts, freePorts, respondsOk, until } from "./readiness.ts";

/** Where a service lives and whom it tells what. */
export interface Launch {
  /** Folder of its data and log; emptied first. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Called as soon as there is a process to stop. */
  readonly started: (process: { pid: number; log: string }) => void;
}

/** Starts one service and waits until it answers. @throws {DependencyError} if it does not */
export const startNative: {
  readonly [S in Service]: (launch: Launch) => Promise<NonNullable<Endpoints[S]>>;
} = { kafka: startKafka, mlflow: startMlflow, s3: startS3 };

async function startKafka(launch: Launch): Promise<NonNullable<Endpoints["kafka"]>> {
  const { java, keytool } = await kafkaTools();
  const jars = await kafkaJars(launch.say);
  const [plaintext, saslPlaintext, saslSsl, ssl, controller] = freePorts(5);
  const data = `${launch.folder}/data`;
  await launchAndWait(launch, "Kafka", {
    command: "sh",
    args: [
      `${ROOT}/scripts/services/kafka.sh`,
      jars,
      `${ROOT}/scripts/services/kafka.properties`,
      data,
    ],
    env: {
      JAVA: java,
      KEYTOOL: keytool,
      PLAINTEXT: `${plaintext}`,
      SASL_PLAINTEXT: `${saslPlaintext}`,
      SASL_SSL: `${saslSsl}`,
      SSL: `${ssl}`,
      CONTROLLER: `${controller}`,
    },
  }, async (log) => log.includes("Kafka Server started") && await accepts(plaintext ?? 0));
  return {
    bootstrapServers: `127.0.0.1:${plaintext}`,
    saslBootstrapServers: `127.0.0.1:${saslPlaintext}`,
    saslSslBootstrapServers: `localhost:${saslSsl}`,
    sslBootstrapServers: `localhost:${ssl}`,
    caFile: `${data}/ca.pem`,
    users: { admin: "admin-secret", scorer: "scorer-secret" },
    jars,
  };
}

async function startMlflow(launch: Launch): Promise<NonNullable<Endpoints["mlflow"]>> {
  const python = await pythonEnvironment("oracle", launch.say);
  const url = `http://127.0.0.1:${freePorts(1)[0]}`;
  const program = mlflowProgram(python, url, { folder: launch.folder, environment: "oracle" });
  await launchAndWait(launch, "MLflow", program, () => respondsOk(`${url}/health`));
  return { url };
}

async function startS3(launch: Launch): Promise<NonNullable<Endpoints["s3"]>> {
  const python = await pythonEnvironment("moto", launch.say);
  const endpoint = `http://127.0.0.1:${freePorts(1)[0]}`;
  await launchAndWait(launch, "the double of S3 and SageMaker", {
    command: python,
    args: ["-m", "moto.server", "--host", "127.0.0.1", "--port", new URL(endpoint).port],
  }, () => respondsOk(`${endpoint}/moto-api/data.json`));
  return { endpoint };
}

/** Seconds; a laptop that is busy starts MLflow in about 40. */
const PATIENCE = 180;

async function launchAndWait(
  launch: Launch,
  what: string,
  program: Program,
  ready: (log: string) => Promise<boolean>,
): Promise<void> {
  await removeIfThere(launch.folder);
  await Deno.mkdir(`${launch.folder}/data`, { recursive: true });
  const log = `${launch.folder}/log.txt`;
  await Deno.writeTextFile(log, "");
  launch.say(`starting ${what}`);
  const pid = startDetached({ ...program, folder: launch.folder }, log);
  launch.started({ pid, log });
  let alive = true;
  const answered = await until(async () => {
    if (await ready(await Deno.readTextFile(log))) return true;
    return !(alive = await isOurs(pid));
  }, PATIENCE * 1000);
  if (answered && alive) return;
  throw new DependencyError({
    code: "services.not-started",
    cannot: `start ${what}`,
    found: `${alive ? `no answer after ${PATIENCE} s` : "it ended"}; the end of its log:\n${
      lastLines(await Deno.readTextFile(log), 25)
    }\n`,
    todo: "Mend what it says, then start again",
    place: { file: log },
  });
}
