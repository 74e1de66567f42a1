import { createLog } from "../../jobs/lib/log.ts";
import { messageOf, PlatformError } from "../../jobs/lib/errors.ts";
import { checkKafka } from "../../jobs/lib/kafka/mod.ts";
import { openStore } from "../../jobs/lib/mlflow/mod.ts";
import { openAws } from "../../workflows/executions/mod.ts";
import type { Environment } from "./environment.ts";
import { fail, type Finding, look, ok, warn } from "./finding.ts";

/** The tracking server: there and running, or an address that answers. */
export async function lookAtMlflow(environment: Environment): Promise<Finding> {
  const { mlflowServer, mlflowUri, region } = environment;
  if (mlflowUri !== undefined && /^https?:/.test(mlflowUri)) return await server(mlflowUri);
  const aws = await openAws({ region });
  const missing =
    `Correct mlflow_tracking_server_name in infra/${environment.name}/terraform.tfvars`;
  try {
    return await look(
      "MLflow",
      { service: "sagemaker", action: "DescribeMlflowTrackingServer", missing },
      async () => {
        const { TrackingServerStatus: status, MlflowVersion: version, IsActive: active } = await aws
          .sagemaker(
            "DescribeMlflowTrackingServer",
            "look",
            (client) => client.describeMlflowTrackingServer({ TrackingServerName: mlflowServer }),
          );
        return active === "Inactive"
          ? fail(
            "MLflow",
            `${mlflowServer} is ${status}`,
            `aws sagemaker start-mlflow-tracking-server --tracking-server-name ${mlflowServer}`,
          )
          : ok("MLflow", `${mlflowServer}, MLflow ${version}, ${status}`);
      },
    );
  } finally {
    aws.close();
  }
}

async function server(uri: string): Promise<Finding> {
  try {
    const { mlflowVersion } = await openStore({
      trackingUri: uri,
      username: Deno.env.get("MLFLOW_TRACKING_USERNAME") || undefined,
      password: Deno.env.get("MLFLOW_TRACKING_PASSWORD") || undefined,
      token: Deno.env.get("MLFLOW_TRACKING_TOKEN") || undefined,
      retryForMs: 0,
    });
    return ok("MLflow", `${uri} answers, MLflow ${mlflowVersion ?? "of an unknown version"}`);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return fail("MLflow", messageOf(error), "Mend what it says");
  }
}

/** The collector of traces: whether it takes a request without spans, from this machine. */
export async function lookAtTraces({ name, otlpEndpoint }: Environment): Promise<Finding> {
  if (otlpEndpoint === undefined) return ok("Traces", "otlp_endpoint is not set: none are sent");
  const url = `${otlpEndpoint.replace(/\/+$/, "")}/v1/traces`;
  const remedy = `Start a collector there that takes OTLP by HTTP, or correct otlp_endpoint in ` +
    `infra/${name}/terraform.tfvars; from inside of its network it may answer (otlp_cidrs)`;
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"resourceSpans":[]}',
      signal: AbortSignal.timeout(10_000),
    });
    await answer.body?.cancel();
    return answer.ok
      ? ok("Traces", `${url} takes them`)
      : warn("Traces", `${url} answers ${answer.status}; jobs go on without`, remedy);
  } catch (error) {
    return warn(
      "Traces",
      `${url} does not answer (${messageOf(error)}); jobs go on without`,
      remedy,
    );
  }
}

/** What `inference check-kafka` checks, from this machine. */
export async function lookAtKafka({ name, kafka }: Environment): Promise<Finding> {
  const command = `deno task inference check-kafka --kafka-bootstrap-servers ${kafka.servers} ` +
    `--kafka-output-topic ${kafka.topic}`;
  try {
    const { status, steps } = await checkKafka({
      connection: {
        bootstrapServers: kafka.servers,
        securityProtocol: protocolOf(kafka.protocol),
        clientId: "ml-pipelines-doctor",
        sasl: {
          mechanism: mechanismOf(kafka.mechanism),
          username: Deno.env.get("KAFKA_SASL_USERNAME") ?? "",
          password: Deno.env.get("KAFKA_SASL_PASSWORD") ?? "",
          ...(kafka.secretArn === undefined ? {} : { secretArn: kafka.secretArn }),
        },
      },
      topic: kafka.topic,
      environment: name,
      pipeline: "inference",
      timeout: 20_000,
      log: createLog({ format: "json", level: "error" }),
    });
    const bad = steps.find(({ verdict }) => verdict === status);
    if (status === "ok" || bad === undefined) {
      return ok("Kafka", `${kafka.servers}: a run can publish`);
    }
    const said = `${bad.name}: ${bad.found}`;
    return (status === "fail" ? fail : warn)("Kafka", said, bad.remedy ?? command);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return fail("Kafka", messageOf(error), command);
  }
}

const PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "AWS_MSK_IAM"] as const;

function protocolOf(text: string): typeof PROTOCOLS[number] {
  return PROTOCOLS.find((each) => each === text) ?? "SASL_SSL";
}

function mechanismOf(text: string): typeof MECHANISMS[number] {
  return MECHANISMS.find((each) => each === text) ?? "AWS_MSK_IAM";
}
