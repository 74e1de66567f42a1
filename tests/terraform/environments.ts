/** Environments as they are deployed: both in one account, and what starts their pipelines. */
import assert from "node:assert/strict";
import {
  CreatePipelineCommand,
  DeletePipelineCommand,
  ListPipelineParametersForExecutionCommand,
  SageMakerClient,
  StartPipelineExecutionCommand,
} from "@aws-sdk/client-sagemaker";
import { renderTemplate, type VariableValues } from "../../workflows/definition/mod.ts";
import { denoIn } from "../infra/commands.ts";
import { named, toolchain } from "../infra/toolchain.ts";
import { applied, each, inCopy, made, type Shown, shown, succeeds, terraform } from "./commands.ts";
import { unprotected, untagged } from "./rules.ts";

const { withoutStandIn } = toolchain;
const ENVIRONMENTS = ["staging", "prod"];
const REFUSED_IN_PROD = [
  [
    "training_image_uri=123456789012.dkr.ecr.us-east-1.amazonaws.com/ml-platform-training:latest",
    /takes images by digest/,
  ],
  ["kafka_security_protocol=PLAINTEXT", /speaks to Kafka over TLS/],
  ["availability_zone_count=1", /outlives a zone/],
  ["log_retention_days=30", /keeps its logs a year/],
  ["alarm_emails=[]", /tells somebody|alarm_emails/],
  ["kafka_output_topic=ml-predictions-staging", /topic, model and experiment of its own/],
] as const;

Deno.test({
  name: named("account, staging and prod: applied in one account, and started", withoutStandIn),
  ignore: withoutStandIn !== undefined,
  fn: async (t) => {
    await inCopy(async (root) => {
      for (const environment of ["account", ...ENVIRONMENTS]) {
        await denoIn(root, {}, "scripts/infra.ts", "use", "--environment", environment, "--local");
        await Deno.remove(`${root}/infra/${environment}/backend.tf`);
        await t.step(`${environment} is applied, and a second plan is empty`, async () => {
          await applied(`${root}/infra/${environment}`);
        });
      }
      const states: Record<string, State> = {};
      for (const environment of ENVIRONMENTS) {
        const folder = `${root}/infra/${environment}`;
        const state = states[environment] = stateOf(await shown(folder));
        await t.step(`${environment} deploys what pipeline synth gives`, async () => {
          for (const type of ["training", "inference"]) {
            const template = await Deno.readTextFile(`infra/definitions/${type}.json`);
            assert.equal(
              state.pipelines[`ml-platform-${environment}-${type}`],
              renderTemplate(template, state.values),
            );
          }
        });
        await t.step(`${environment}: a schedule starts its pipeline once per slot`, async () => {
          await startsOnce(state, environment);
        });
      }
      await t.step("nothing of staging's has prod's name, or the other way round", () => {
        for (const [one, other] of [["staging", "prod"], ["prod", "staging"]] as const) {
          const named = JSON.stringify(states[one]?.names);
          assert.ok(states[one]?.names.length ?? 0 > 50);
          assert.ok(!named.includes(`ml-platform-${other}`), `${one} names ${other}`);
        }
      });
      await t.step("everything is encrypted, and says which environment it is of", async () => {
        for (const environment of ["account", ...ENVIRONMENTS]) {
          const resources = made(await shown(`${root}/infra/${environment}`));
          assert.deepEqual(unprotected(resources), [], environment);
          assert.deepEqual(
            untagged(resources, environment === "account" ? "shared" : environment),
            [],
          );
        }
      });
      await t.step("outputs say where data goes, and what GitHub's Environments get", async () => {
        const { values } = await shown(`${root}/infra/staging`);
        const place = "s3://ml-platform-staging-data-123456789012/datasets";
        assert.equal(values?.outputs.training_data_uri?.value, `${place}/training/`);
        assert.equal(values?.outputs.inference_data_uri?.value, `${place}/inference/`);
        const lines = `${values?.outputs.github_variables?.value}`.split("\n");
        assert.deepEqual(lines.map((line) => line.replace(/=.*role\//, "=")), [
          "AWS_REGION=us-east-1",
          ...["apply", "build", "plan", "run"].map((role) =>
            `AWS_${role.toUpperCase()}_ROLE=ml-platform-staging-ci-${role}`
          ),
          "",
        ]);
      });
      await t.step("a boundary bounds every role; a search and traces have a switch", async () => {
        const folder = `${root}/infra/staging`;
        const boundary = "arn:aws:iam::123456789012:policy/boundary";
        const collector = "http://collector.internal:4318";
        const plan = [
          ...["plan", "-refresh=false", "-out=plan", "-var=training_search=true"],
          ...[`-var=otlp_endpoint=${collector}`, '-var=otlp_cidrs=["10.80.0.0/24"]'],
        ];
        await succeeds(terraform(folder, ...plan, `-var=permissions_boundary_arn=${boundary}`));
        const state = await shown(folder, "plan");
        const roles = made(state).filter(({ type }) => type === "aws_iam_role");
        assert.ok(roles.length >= 10);
        for (const { address, values } of roles) {
          assert.equal(values.permissions_boundary, boundary, address);
        }
        const { pipelines, values } = stateOf(state);
        assert.equal(
          pipelines["ml-platform-staging-training"],
          renderTemplate(await Deno.readTextFile("infra/definitions/training-search.json"), values),
        );
        for (const [name, definition] of Object.entries(pipelines)) {
          assert.ok(definition.includes(`"OTEL_EXPORTER_OTLP_ENDPOINT": "${collector}"`), name);
        }
        const way = made(state).filter(({ values }) =>
          values.description === "Collector of traces"
        );
        assert.deepEqual(way.map(({ values }) => [values.cidr_ipv4, values.to_port]), [
          ["10.80.0.0/24", 4318],
        ]);
      });
      await t.step("prod is not destroyed, staging is", async () => {
        const { code, log } = await terraform(`${root}/infra/prod`, "destroy", "-auto-approve");
        assert.notEqual(code, 0);
        assert.match(log, /prevent_destroy/);
        await succeeds(terraform(`${root}/infra/staging`, "destroy", "-auto-approve"));
      });
      await t.step("prod refuses what staging takes", async () => {
        const folder = `${root}/infra/prod`;
        const plan = (option: string) =>
          terraform(folder, "plan", "-refresh=false", "-lock=false", option);
        await each(REFUSED_IN_PROD, async ([value, message]) => {
          const { code, log } = await plan(`-var=${value}`);
          assert.notEqual(code, 0, value);
          assert.match(log.replace(/\s+/g, " "), message, value);
        });
        const replaced = await plan('-replace=module.storage.aws_s3_bucket.this["data"]');
        assert.match(replaced.log, /prevent_destroy/, "a bucket would have been replaced");
      });
    });
  },
});

interface State {
  readonly values: VariableValues;
  readonly pipelines: Readonly<Record<string, string>>;
  /** Inputs of the schedules' targets. */
  readonly schedules: readonly StartInput[];
  readonly names: readonly string[];
}

interface StartInput {
  readonly PipelineName: string;
  readonly ClientRequestToken: string;
  readonly PipelineParameters: readonly { Name: string; Value: string }[];
}

function stateOf(state: Shown): State {
  const resources = made(state);
  const of = (type: string) =>
    resources.filter((one) => one.type === type).map(({ values }) => values);
  const { outputs } = state.values ?? state.planned_values ?? {};
  return {
    values: outputs?.definition_values?.value as VariableValues,
    pipelines: Object.fromEntries(
      of("aws_sagemaker_pipeline").map(({ pipeline_name, pipeline_definition }) => [
        pipeline_name,
        pipeline_definition,
      ]),
    ),
    schedules: of("aws_scheduler_schedule").map(({ target }) =>
      JSON.parse((target as { input: string }[])[0]?.input ?? "")
    ),
    names: resources.flatMap(({ values }) => Object.values(values))
      .filter((value) => typeof value === "string"),
  };
}

async function startsOnce({ schedules, pipelines }: State, environment: string): Promise<void> {
  const endpoint = Deno.env.get("ML_TEST_S3");
  assert.ok(endpoint, "run it by deno task test terraform");
  const client = new SageMakerClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  assert.equal(schedules.length, 2);
  for (const schedule of schedules) {
    // As EventBridge fills it in.
    const input: StartInput = JSON.parse(
      JSON.stringify(schedule).replaceAll("<aws.scheduler.scheduled-time>", "2026-11-23T02:00:00Z"),
    );
    const type = input.PipelineName.replace(`ml-platform-${environment}-`, "");
    assert.equal(
      input.ClientRequestToken,
      `ml-platform-${environment}-${type}-2026-11-23T02:00:00Z`,
    );
    const text = pipelines[input.PipelineName] ?? "";
    const { Parameters } = JSON.parse(text) as {
      Parameters: { Name: string; DefaultValue?: unknown }[];
    };
    const given = input.PipelineParameters.map(({ Name }) => Name);
    for (const name of given) assert.ok(Parameters.some(({ Name }) => Name === name), name);
    for (const { Name, DefaultValue } of Parameters) {
      assert.ok(DefaultValue !== undefined || given.includes(Name), `${Name} has no value`);
    }
    await client.send(
      new CreatePipelineCommand({
        PipelineName: input.PipelineName,
        PipelineDefinition: text,
        RoleArn: "arn:aws:iam::123456789012:role/pipeline",
        ClientRequestToken: crypto.randomUUID(),
      }),
    );
    const { PipelineExecutionArn } = await client.send(
      new StartPipelineExecutionCommand({
        ...input,
        PipelineParameters: [...input.PipelineParameters],
      }),
    );
    const started = await client.send(
      new ListPipelineParametersForExecutionCommand({ PipelineExecutionArn }),
    );
    const runId = started.PipelineParameters?.find(({ Name }) => Name === "RunId");
    assert.equal(runId?.Value, "2026-11-23T02:00:00Z");
    // Other tests have pipelines of these names, too.
    await client.send(
      new DeletePipelineCommand({
        PipelineName: input.PipelineName,
        ClientRequestToken: crypto.randomUUID(),
      }),
    );
  }
  client.destroy();
}
