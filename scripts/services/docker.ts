/**
 * The services as containers of compose.yaml.
 *
 * @module
 */
import type { Endpoints, Service } from "./endpoints.ts";
import { ROOT } from "./folders.ts";
import { answers, run } from "./processes.ts";
import { freePorts } from "./readiness.ts";

/** True if a Docker daemon with Compose answers. */
export async function dockerAnswers(): Promise<boolean> {
  return await answers("docker", "info") && await answers("docker", "compose", "version");
}

/** Starts containers and waits until their health checks pass. */
export async function startDocker(
  services: readonly Service[],
  instance: string,
  say: (line: string) => void,
): Promise<Endpoints> {
  const [plaintext, saslPlaintext, saslSsl, ssl, mlflow, s3] = freePorts(6);
  const env = {
    KAFKA_PORT: `${plaintext}`,
    KAFKA_SASL_PORT: `${saslPlaintext}`,
    KAFKA_SASL_SSL_PORT: `${saslSsl}`,
    KAFKA_SSL_PORT: `${ssl}`,
    MLFLOW_PORT: `${mlflow}`,
    S3_PORT: `${s3}`,
  };
  say(`starting containers: ${services.join(", ")} (the first time the images are downloaded)`);
  await compose(instance, ["up", "--detach", "--wait", ...services], "start the containers", env);
  const endpoints: Endpoints = {};
  if (services.includes("kafka")) {
    const jars = `${instance}/kafka/jars`;
    const caFile = `${instance}/kafka/ca.pem`;
    await Deno.mkdir(`${instance}/kafka`, { recursive: true });
    await compose(instance, ["cp", "kafka:/opt/kafka/libs", jars], "copy Kafka's jars", env);
    await compose(instance, ["cp", "kafka:/tmp/kafka/ca.pem", caFile], "copy a certificate", env);
    endpoints.kafka = {
      bootstrapServers: `127.0.0.1:${plaintext}`,
      saslBootstrapServers: `127.0.0.1:${saslPlaintext}`,
      saslSslBootstrapServers: `localhost:${saslSsl}`,
      sslBootstrapServers: `localhost:${ssl}`,
      caFile,
      users: { admin: "admin-secret", scorer: "scorer-secret" },
      jars,
    };
  }
  if (services.includes("mlflow")) endpoints.mlflow = { url: `http://127.0.0.1:${mlflow}` };
  if (services.includes("s3")) endpoints.s3 = { endpoint: `http://127.0.0.1:${s3}` };
  return endpoints;
}

/** Names of the services whose containers run. */
export async function runningInDocker(instance: string): Promise<readonly string[]> {
  const args = ["ps", "--services", "--status", "running"];
  return (await compose(instance, args, "list the containers")).split("\n");
}

/** Removes containers with their data: of some services, or all and their network. */
export async function stopDocker(instance: string, services: readonly Service[]): Promise<void> {
  await compose(
    instance,
    services.length > 0
      ? ["rm", "--stop", "--force", "--volumes", ...services]
      : ["down", "--volumes"],
    "stop the containers",
  );
}

function compose(
  instance: string,
  args: readonly string[],
  purpose: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  // Containers of two checkouts or instances must not take each other for their own.
  const project = `ml${instance.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").slice(-50)}`;
  return run({
    command: "docker",
    args: ["compose", "--file", `${ROOT}/compose.yaml`, "--project-name", project, ...args],
    env,
  }, purpose);
}
