/**
 * What holds of the binaries beyond what they do: they are the commit's, the same however they are
 * built, carry nothing that they do not need, and may do nothing that they need not.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { binaryOf, provided, task } from "./job/task.ts";

const FLIGHTS = "examples/flights";

Deno.test("--version --json tells the commit, its time, and the runtime", async () => {
  for (const name of ["training", "inference"]) {
    const { code, summary } = await task(name, ["--version", "--json"]);
    assert.equal(code, 0);
    assert.equal(summary["program"], name);
    assert.equal(summary["commit"], await git("rev-parse", "HEAD"));
    const time = await git("log", "-1", "--format=%ct");
    assert.equal(Date.parse(String(summary["committed_at"])) / 1000, Number(time));
    assert.equal(summary["target"], Deno.build.target);
  }
});

Deno.test("two builds of a commit are the same bytes, wherever its files and the cache are", async () => {
  const folder = await Deno.makeTempDir();
  // Not a clone, which would lack what is not committed.
  const files = (await git("ls-files", "--cached", "--others", "--exclude-standard")).split("\n");
  await run("tar", ["-cf", `${folder}/files.tar`, ...files, ".git"]);
  await Deno.mkdir(`${folder}/elsewhere`);
  await run("tar", ["-xf", `${folder}/files.tar`, "-C", `${folder}/elsewhere`]);
  await run(Deno.execPath(), ["task", "build", "inference"], {
    cwd: `${folder}/elsewhere`,
    env: { ...Deno.env.get("ML_TEST_EXTENDED") ? { DENO_DIR: `${folder}/cache` } : {} },
  });
  assert.equal(
    await sha256(`${folder}/elsewhere/dist/inference`),
    await sha256(`${provided("ML_TEST_BINARIES")}/inference`),
  );
  await run("sha256sum", ["--check", "inference.sha256"], { cwd: `${folder}/elsewhere/dist` });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a binary holds the packages that it needs, and no path of this machine", async () => {
  const [training] = binaryOf("training") ?? [];
  const [inference] = binaryOf("inference") ?? [];
  assert.ok(training !== undefined && inference !== undefined);
  const marks = { kafkajs: "KafkaJSNonRetriableError", s3: "aws.protocols#restXml" };
  assert.ok(await holds(inference, marks.kafkajs));
  assert.ok(await holds(inference, marks.s3));
  assert.ok(!await holds(training, marks.kafkajs));
  for (const path of [training, inference]) {
    assert.ok(!await holds(path, Deno.cwd()), "the folder of the sources");
  }
});

Deno.test("files are reached in /opt/ml, /tmp and the working directory, no others", async () => {
  const outside = await Deno.makeTempDir({ dir: "/var/tmp" });
  await Deno.copyFile(`${FLIGHTS}/train/2013-01.parquet`, `${outside}/data.parquet`);
  const inside = await Deno.makeTempDir();
  const refused = /reads and writes only in \/opt\/ml, \/tmp and the folder.*Mount it/;
  const args = ["--label=late", "--n-estimators=1", "--max-depth=2"];
  const read = await task("train", [
    ...args,
    `--train-data=${outside}/data.parquet`,
    `--output=${inside}/out`,
    `--tracking-uri=${inside}/mlruns`,
  ]);
  assert.equal(read.code, 2, read.log);
  assert.match(read.log, refused);
  assert.match(read.log, new RegExp(outside));
  for (const [output, tracking] of [[outside, inside], [inside, outside]]) {
    const write = await task("train", [
      ...args,
      `--train-data=${FLIGHTS}/train/2013-01.parquet`,
      `--output=${output}/out`,
      `--tracking-uri=${tracking}/mlruns`,
    ]);
    assert.equal(write.code, 2, write.log);
    assert.match(write.log, refused);
  }
  const link = `${inside}/link.parquet`;
  await Deno.symlink(`${outside}/data.parquet`, link);
  const linked = await task("train", [...args, `--train-data=${link}`, `--output=${inside}/out`]);
  assert.equal(linked.code, 2, linked.log);
  assert.deepEqual([...Deno.readDirSync(outside)].map(({ name }) => name), ["data.parquet"]);
  for (const folder of [inside, outside]) await Deno.remove(folder, { recursive: true });
});

Deno.test("TLS to the broker, whose authority is in a file, with and without a password", async () => {
  const listeners = {
    SSL: provided("ML_TEST_KAFKA_SSL"),
    SASL_SSL: provided("ML_TEST_KAFKA_SASL_SSL"),
  };
  for (const [protocol, servers] of Object.entries(listeners)) {
    const checked = await task("inference", [
      "check-kafka",
      `--kafka-bootstrap-servers=${servers}`,
      `--kafka-security-protocol=${protocol}`,
      "--kafka-sasl-mechanism=PLAIN",
      `--kafka-ca-file=${provided("ML_TEST_KAFKA_CA")}`,
    ], { KAFKA_SASL_USERNAME: "admin", KAFKA_SASL_PASSWORD: "admin-secret" });
    // The cluster is empty, which is found out last.
    assert.equal(checked.code, 4, checked.log);
    const steps = checked.summary["steps"] as { name: string; verdict: string }[];
    const verdict = (step: string) => steps.find(({ name }) => name === step)?.verdict;
    assert.equal(verdict("tls"), "ok", checked.log);
    assert.equal(verdict("metadata"), "ok", checked.log);
    assert.equal(verdict("topics"), "fail", checked.log);
  }
});

Deno.test("what is imported late is there: Secrets Manager, the npm engine", async () => {
  const secret = await task("inference", [
    "check-kafka",
    "--kafka-bootstrap-servers=127.0.0.1:9098",
    "--kafka-security-protocol=SASL_SSL",
    "--kafka-secret-arn=arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_x",
  ], {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: provided("ML_TEST_S3"),
  });
  assert.equal(secret.code, 4, secret.log);
  assert.match(secret.log, /can't find the specified secret/);
  const folder = await Deno.makeTempDir();
  const trained = await task("train", [
    `--train-data=${FLIGHTS}/train/2013-01.parquet`,
    "--label=late",
    "--key-column=flight_id",
    "--engine=ml-random-forest",
    "--test-fraction=0.5",
    "--n-estimators=1",
    "--max-depth=2",
    "--min-roc-auc=0",
    `--output=${folder}/out`,
    `--tracking-uri=${folder}/mlruns`,
  ]);
  assert.equal(trained.code, 0, trained.log);
  await Deno.remove(folder, { recursive: true });
});

async function git(...args: string[]): Promise<string> {
  return (await run("git", args)).trim();
}

async function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, ...options })
    .output();
  const decoder = new TextDecoder();
  assert.ok(success, `${command} ${args.join(" ")}\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

async function sha256(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}

async function holds(path: string, text: string): Promise<boolean> {
  const { code } = await new Deno.Command("grep", { args: ["-qaF", text, path] }).output();
  return code === 0;
}
