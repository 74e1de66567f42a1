/** The consumers of the examples, and what JSON Schema's own validator says of what they print. */
import assert from "node:assert/strict";
import { provided } from "../job/task.ts";
import type { User } from "./users.ts";
import { KAFKA } from "../publishing/kafka_tools.ts";

/** Reads one run with confluent-kafka; the values of its messages. */
export function pythonConsumer(topic: string, group: string, user: User): Promise<string[]> {
  return consume([
    provided("ML_TEST_PYTHON_KAFKA"),
    "examples/consumers/consume.py",
    ...[KAFKA.sasl, topic, group, "1"],
  ], {
    KAFKA_CONFIG: JSON.stringify({
      "security.protocol": "SASL_PLAINTEXT",
      "sasl.mechanism": "SCRAM-SHA-512",
      "sasl.username": user.username,
      "sasl.password": user.password,
    }),
  });
}

/** Reads one run with Kafka's own client; the values of its messages. */
export function javaConsumer(
  topic: string,
  group: string,
  { username, password }: User,
): Promise<string[]> {
  return consume([
    provided("ML_TEST_JAVA"),
    ...["-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"],
    ...["-Dsecurity.protocol=SASL_PLAINTEXT", "-Dsasl.mechanism=SCRAM-SHA-512"],
    "-Dsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required " +
    `username="${username}" password="${password}";`,
    ...["-cp", `${provided("ML_TEST_KAFKA_LIB")}/*`, "examples/consumers/Consumer.java"],
    ...[KAFKA.sasl, topic, group, "1"],
  ]);
}

/** The values in the files that a run wrote. */
export async function valuesIn(folder: string): Promise<string[]> {
  const values: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ndjson")) continue;
    const lines = (await Deno.readTextFile(`${folder}/${name}`)).trimEnd().split("\n");
    values.push(...lines.map((line) => JSON.stringify(JSON.parse(line).value)));
  }
  return values;
}

/** How many lines fit the schema of their kind; all, or it throws. */
export async function countValid(
  lines: readonly string[],
  kind: "prediction" | "dead-letter" | "completed-run" = "prediction",
): Promise<number> {
  const process = new Deno.Command(provided("ML_TEST_PYTHON_KAFKA"), {
    args: ["tests/kafka_health/validate.py", `docs/schemas/${kind}.schema.json`],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = process.output();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
  await writer.close();
  const { code, stdout, stderr } = await output;
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).count;
}

/** Runs a consumer to its end; the lines that it prints. */
async function consume(
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<string[]> {
  const [program = "", ...args] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env,
    signal: AbortSignal.timeout(60_000),
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}
