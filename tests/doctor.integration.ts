/** doctor before a double of AWS, a real broker and a real MLflow: well, and broken in many ways. */

import assert from "node:assert/strict";
import { provided, task } from "./job/task.ts";
import { awsAt } from "./runs/place.ts";
import { type Platform, platform, type Variables } from "./doctor/platform.ts";

const AWS = {
  ...awsAt(provided("ML_TEST_S3")),
  AWS_ENDPOINT_URL: provided("ML_TEST_S3"),
};
for (const [name, value] of Object.entries(AWS)) Deno.env.set(name, value);

interface Finding {
  readonly name: string;
  readonly verdict: string;
  readonly found: string;
  readonly remedy?: string;
}

Deno.test("doctor finds nothing to mend in a platform that is whole", async () => {
  await using place = await platform({});
  const { findings, code } = await look(place);
  const bad = findings.filter(({ verdict, name }) =>
    verdict !== "ok" && !TOOLS.has(name) && !name.startsWith("Last ") && name !== "Kafka"
  );
  assert.deepEqual(bad, []);
  assert.equal(findings.find(({ name }) => name === "Kafka")?.verdict === "fail", false);
  const schedule = findings.find(({ name }) => name === "Schedule of training")?.found;
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const today = new Date().toISOString().slice(0, 10);
  assert.match(schedule ?? "", new RegExp(`next at (${today}|${tomorrow})T02:00:00.000Z$`));
  assert.equal(code, 0);
});

interface Case {
  readonly broken: string;
  readonly variables?: Variables;
  readonly env?: Record<string, string>;
  readonly without?: (place: Platform) => Promise<void>;
  readonly name: string;
  readonly verdict: string;
  readonly says: RegExp;
}

const NOWHERE = "http://127.0.0.1:9";
const CASES: readonly Case[] = [
  {
    broken: "a placeholder is left",
    variables: { kafka_output_topic: "your-topic" },
    name: "Variables",
    verdict: "fail",
    says: /kafka_output_topic.*Edit/,
  },
  {
    broken: "the variable file is no HCL",
    variables: { "= 3": "x" },
    name: "Variables",
    verdict: "fail",
    says: /line \d+/,
  },
  {
    broken: "no credentials",
    env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_EC2_METADATA_DISABLED: "true" },
    name: "Credentials",
    verdict: "fail",
    says: /no AWS credentials.*AWS_PROFILE/,
  },
  {
    broken: "no credentials hide the account",
    env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_EC2_METADATA_DISABLED: "true" },
    name: "Pipelines",
    verdict: "unknown",
    says: /without credentials/,
  },
  {
    broken: "another account",
    variables: { aws_account_id: "999999999999" },
    name: "Credentials",
    verdict: "fail",
    says: /of account 123456789012.*in 999999999999/,
  },
  {
    broken: "AWS does not answer",
    env: { AWS_ENDPOINT_URL: NOWHERE, AWS_MAX_ATTEMPTS: "1" },
    name: "Credentials",
    verdict: "fail",
    says: /did not answer.*network/,
  },
  {
    broken: "no bucket of the state",
    without: (place) => place.remove("state"),
    name: "Bucket of the state",
    verdict: "fail",
    says: /does not exist.*infra bootstrap --environment staging/,
  },
  {
    broken: "a state of which no earlier one is kept",
    without: (place) => place.withoutVersions(),
    name: "Bucket of the state",
    verdict: "warn",
    says: /no earlier state.*infra bootstrap/,
  },
  {
    broken: "nothing was applied",
    without: (place) => place.withoutState(),
    name: "State",
    verdict: "warn",
    says: /nothing was applied.*terraform -chdir=infra\/staging apply/,
  },
  {
    broken: "somebody applies at the moment",
    without: (place) => place.lock(0),
    name: "Lock of the state",
    verdict: "warn",
    says: /somebody@laptop holds it for OperationTypeApply.*Wait.*force-unlock 11111111-2222/,
  },
  {
    broken: "whoever holds the lock is gone",
    without: (place) => place.lock(5),
    name: "Lock of the state",
    verdict: "fail",
    says: /somebody@laptop holds it.*force-unlock 11111111-2222/,
  },
  {
    broken: "a state without a lock",
    without: (place) => place.withoutLock(),
    name: "Lock of the state",
    verdict: "warn",
    says: /at the same time.*use_lockfile = true/,
  },
  {
    broken: "too few machines for training",
    variables: { training_instance_count: 5 },
    name: "Quota of training",
    verdict: "fail",
    says:
      /4 ml.m5.large for spot training job usage, and 5 needed.*request-service-quota-increase .*--quota-code L-0 --desired-value 5/,
  },
  {
    broken: "too few machines for a search",
    variables: { training_search: true, training_instance_count: 4, training_use_spot: false },
    name: "Quota of training",
    verdict: "fail",
    says: /15 ml.m5.large for training job usage, and 16 needed/,
  },
  {
    broken: "too few machines for scoring",
    variables: { inference_instance_count: 3 },
    name: "Quota of processing",
    verdict: "fail",
    says: /2 ml.m5.large for processing job usage, and 3 needed.*--desired-value 3/,
  },
  {
    broken: "a kind of machine that the region has not",
    variables: { training_instance_type: "ml.m5.gigantic" },
    name: "Quota of training",
    verdict: "unknown",
    says: /no quota "ml.m5.gigantic for spot training job usage".*us-east-1/,
  },
  {
    broken: "quotas that may not be seen",
    without: (place) => Promise.resolve(place.quotasDenied()),
    name: "Quotas",
    verdict: "unknown",
    says: /denied.*Allow this identity servicequotas:ListServiceQuotas/,
  },
  {
    broken: "no collector of traces",
    variables: { otlp_endpoint: NOWHERE },
    name: "Traces",
    verdict: "warn",
    says: /127\.0\.0\.1:9\/v1\/traces does not answer.*otlp_endpoint in infra\/staging/,
  },
  {
    broken: "a collector that the deployed jobs do not know yet",
    variables: { otlp_endpoint: NOWHERE },
    name: "Traces of inference",
    verdict: "fail",
    says: /they go to none, and the variables say http:\/\/127\.0\.0\.1:9.*apply/,
  },
  {
    broken: "a collector that takes no traces by HTTP",
    variables: { otlp_endpoint: provided("ML_TEST_MLFLOW_URL") },
    name: "Traces",
    verdict: "warn",
    says: /v1\/traces answers 4\d\d.*jobs go on/,
  },
  {
    broken: "an image by tag",
    variables: { training_image_uri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/x:latest" },
    name: "Image of training",
    verdict: "fail",
    says: /by digest.*build-push training/,
  },
  {
    broken: "an image that was never pushed",
    without: (place) => place.digest("inference", "sha256:" + "ab".repeat(32)),
    name: "Image of inference",
    verdict: "fail",
    says: /build-push inference/,
  },
  {
    broken: "no repository",
    variables: {
      inference_image_uri: `123456789012.dkr.ecr.us-east-1.amazonaws.com/none@sha256:${
        "ab".repeat(32)
      }`,
    },
    name: "Image of inference",
    verdict: "fail",
    says: /does not exist.*build-push inference/,
  },
  {
    broken: "an image that was never scanned",
    without: (place) => place.image("training", undefined),
    name: "Image of training",
    verdict: "warn",
    says:
      /never scanned.*aws ecr start-image-scan --repository-name \S+ --image-id imageDigest=sha/,
  },
  {
    broken: "an image with known vulnerabilities",
    without: (place) => place.image("inference", 2),
    name: "Image of inference",
    verdict: "warn",
    says: /2 findings of high severity.*build-push inference/,
  },
  {
    broken: "a pipeline that runs another image than the variables say",
    without: (place) => place.digest("training", "sha256:" + "ab".repeat(32)),
    name: "Image in training",
    verdict: "fail",
    says: /it is sha256:.*the variables say sha256:abab.*apply/,
  },
  {
    broken: "no data",
    without: (place) => place.empty("data"),
    name: "Bucket of data",
    verdict: "warn",
    says: /is empty.*aws s3 cp/,
  },
  {
    broken: "no bucket of data",
    without: (place) => place.remove("data"),
    name: "Bucket of data",
    verdict: "fail",
    says: /does not exist.*apply/,
  },
  {
    broken: "no bucket of artifacts",
    without: (place) => place.remove("artifacts"),
    name: "Bucket of artifacts",
    verdict: "fail",
    says: /apply/,
  },
  {
    broken: "no pipeline",
    without: (place) => place.withoutPipeline("training"),
    name: "Pipeline of training",
    verdict: "fail",
    says: /does not exist.*apply/,
  },
  {
    broken: "an old definition",
    without: (place) => place.oldDefinition("inference"),
    name: "Pipeline of inference",
    verdict: "fail",
    says: /differs from the repository in .*pipeline diff inference/,
  },
  {
    broken: "a search that was not applied yet",
    variables: { training_search: true },
    name: "Pipeline of training",
    verdict: "fail",
    says: /differs from the repository in .*pipeline diff training .*--search/,
  },
  {
    broken: "no schedule",
    without: (place) => place.withoutSchedule("training"),
    name: "Schedule of training",
    verdict: "fail",
    says: /does not exist/,
  },
  {
    broken: "another time",
    variables: { inference_schedule_expression: "cron(30 7 * * ? *)" },
    name: "Schedule of inference",
    verdict: "fail",
    says: /cron\(0 6 .*variables say cron\(30 7/,
  },
  {
    broken: "a schedule that should be on",
    without: (place) => place.scheduleOff("training"),
    name: "Schedule of training",
    verdict: "fail",
    says: /DISABLED; the variables say/,
  },
  {
    broken: "no event rules",
    without: (place) => place.withoutRules(),
    name: "Event rules",
    verdict: "fail",
    says: /none begins with/,
  },
  {
    broken: "no log group",
    without: (place) => place.withoutLogGroup(),
    name: "Log groups",
    verdict: "fail",
    says: /execution-status are missing.*infra\/account/,
  },
  {
    broken: "no alarms",
    without: (place) => place.withoutAlarms(),
    name: "Alarms",
    verdict: "fail",
    says: /none.*apply/,
  },
  {
    broken: "an alarm rings",
    without: (place) => place.ring(),
    name: "Alarms",
    verdict: "fail",
    says: /accuracy.*docs/,
  },
  {
    broken: "no MLflow",
    variables: { mlflow_tracking_uri: NOWHERE },
    name: "MLflow",
    verdict: "fail",
    says: /MLflow/,
  },
  {
    broken: "no broker",
    variables: { kafka_bootstrap_servers: "127.0.0.1:9" },
    name: "Kafka",
    verdict: "fail",
    says: /127\.0\.0\.1:9/,
  },
  {
    broken: "no topic",
    variables: { kafka_output_topic: "nobody-made-this" },
    name: "Kafka",
    verdict: "fail",
    says: /topics/,
  },
];

for (const { broken, variables = {}, env = {}, without, name, verdict, says } of CASES) {
  Deno.test(`doctor says what to do about: ${broken}`, async () => {
    await using place = await platform(variables);
    await without?.(place);
    const { findings, code } = await look(place, env);
    const finding = findings.find((each) => each.name === name);
    assert.equal(finding?.verdict, verdict, JSON.stringify(findings, null, 1));
    assert.match(`${finding?.found} → ${finding?.remedy}`, says);
    if (verdict === "fail") assert.equal(code, 4);
  });
}

const TOOLS = new Set(["Deno", "Terraform", "git", "AWS CLI", "Container engine"]);

async function look(place: Platform, env: Record<string, string> = {}) {
  const { code, summary, log } = await task("doctor", ["--environment", "staging", "--json"], {
    ...AWS,
    ...place.env,
    ...env,
    ML_INFRA: place.infra,
  });
  assert.ok(Array.isArray(summary["findings"]), log);
  return { code, findings: summary["findings"] as Finding[] };
}
