/**
 * Terraform's configurations with AWS's provider: the real one plans, a stand-in with its schema (a
 * mirror that `TF_CLI_CONFIG_FILE` names) also applies.
 */
import assert from "node:assert/strict";
import {
  CreatePipelineCommand,
  ListPipelineParametersForExecutionCommand,
  SageMakerClient,
  StartPipelineExecutionCommand,
} from "@aws-sdk/client-sagemaker";
import committed from "../infra/policies/policies.json" with { type: "json" };
import { policiesIn } from "../scripts/infra/rendered_policies.ts";
import { renderTemplate, type VariableValues } from "../workflows/definition/mod.ts";
import { copyOfInfra, denoIn, type Ended, run } from "./infra/commands.ts";
import { named, toolchain } from "./infra/toolchain.ts";

const { env, withoutProvider, withoutStandIn } = toolchain;
const MODULES = [
  "network",
  "storage",
  "registry",
  "roles",
  "pipeline",
  "schedule",
  "monitoring",
  "ci-access",
];
const ENVIRONMENTS = ["staging", "prod"];

Deno.test({
  name: named("modules: valid, refuse what is wrong, plan what they promise", withoutProvider),
  ignore: withoutProvider !== undefined,
  fn: async (t) => {
    await inCopy(async (root) => {
      for (const module of MODULES) {
        await t.step(module, async () => {
          const folder = `${root}/infra/modules/${module}`;
          await succeeds(terraform(folder, "init", "-backend=false"));
          await succeeds(terraform(folder, "validate"));
          const { log } = await succeeds(terraform(folder, "test"));
          assert.match(log, /Success! [1-9]\d* passed, 0 failed/);
        });
      }
    });
  },
});

Deno.test({
  name: named("policies of all roles are what was committed", withoutProvider),
  ignore: withoutProvider !== undefined,
  fn: async () => {
    await inCopy(async (root) => {
      const folder = `${root}/infra/policies`;
      await succeeds(terraform(folder, "init"));
      await succeeds(terraform(folder, "plan", "-out=plan"));
      const { out } = await succeeds(run("terraform", ["show", "-json", "plan"], {
        cwd: folder,
        env,
      }));
      assert.deepEqual(policiesIn(JSON.parse(out)), committed.documents);
    });
  },
});

Deno.test({
  name: named("examples: applied, nothing left to change, destroyed", withoutStandIn),
  ignore: withoutStandIn !== undefined,
  fn: async (t) => {
    await inCopy(async (root) => {
      for (const module of MODULES) {
        await t.step(module, async () => {
          const folder = `${root}/infra/modules/${module}/examples/complete`;
          await applied(folder);
          await succeeds(terraform(folder, "destroy", "-auto-approve"));
        });
      }
    });
  },
});

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
        const { out } = await succeeds(run("terraform", ["show", "-json"], { cwd: folder, env }));
        const state = states[environment] = stateOf(JSON.parse(out));
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
      await t.step("everything that has tags says which environment it is of", () => {
        for (const environment of ENVIRONMENTS) {
          for (const [address, tags] of Object.entries(states[environment]?.tags ?? {})) {
            assert.equal(tags.environment, environment, address);
            assert.equal(tags.project, "ml-platform", address);
          }
        }
      });
      await t.step("prod is not destroyed, staging is", async () => {
        const { code, log } = await terraform(`${root}/infra/prod`, "destroy", "-auto-approve");
        assert.notEqual(code, 0);
        assert.match(log, /prevent_destroy/);
        await succeeds(terraform(`${root}/infra/staging`, "destroy", "-auto-approve"));
      });
      await t.step("prod refuses what staging takes", async () => {
        const folder = `${root}/infra/prod`;
        const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml-platform-training:latest";
        for (
          const [value, message] of [
            [`training_image_uri=${image}`, /takes images by digest/],
            ["kafka_security_protocol=PLAINTEXT", /speaks to Kafka over TLS/],
            ["availability_zone_count=1", /outlives a zone/],
            ["log_retention_days=30", /keeps its logs a year/],
            ["alarm_emails=[]", /tells somebody|alarm_emails/],
            ["kafka_output_topic=ml-predictions-staging", /topic, model and experiment of its own/],
          ] as const
        ) {
          const { code, log } = await terraform(
            folder,
            "plan",
            "-refresh=false",
            `-var=${value}`,
          );
          assert.notEqual(code, 0, value);
          assert.match(log.replace(/\s+/g, " "), message, value);
        }
        const replaced = await terraform(
          folder,
          "plan",
          "-refresh=false",
          '-replace=module.storage.aws_s3_bucket.this["data"]',
        );
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
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface StartInput {
  readonly PipelineName: string;
  readonly ClientRequestToken: string;
  readonly PipelineParameters: readonly { Name: string; Value: string }[];
}

interface Resource {
  readonly mode: string;
  readonly address: string;
  readonly type: string;
  readonly values: Record<string, unknown>;
}

interface Module {
  readonly resources?: readonly Resource[];
  readonly child_modules?: readonly Module[];
}

function stateOf(shown: {
  values: { outputs: { definition_values: { value: VariableValues } }; root_module: Module };
}): State {
  const all = (module: Module): Resource[] => [
    ...module.resources ?? [],
    ...(module.child_modules ?? []).flatMap(all),
  ];
  const made = all(shown.values.root_module).filter(({ mode }) => mode === "managed");
  const of = (type: string) => made.filter((one) => one.type === type).map(({ values }) => values);
  return {
    values: shown.values.outputs.definition_values.value,
    pipelines: Object.fromEntries(
      of("aws_sagemaker_pipeline").map(({ pipeline_name, pipeline_definition }) => [
        pipeline_name,
        pipeline_definition,
      ]),
    ),
    schedules: of("aws_scheduler_schedule").map(({ target }) =>
      JSON.parse((target as { input: string }[])[0]?.input ?? "")
    ),
    names: made.flatMap(({ values }) => Object.values(values))
      .filter((value) => typeof value === "string"),
    tags: Object.fromEntries(
      made.filter(({ values }) => values.tags_all !== undefined && values.tags_all !== null)
        .map(({ address, values }) => [address, values.tags_all as Record<string, string>]),
    ),
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
  }
  client.destroy();
}

async function applied(folder: string): Promise<void> {
  await succeeds(terraform(folder, "init"));
  await succeeds(terraform(folder, "validate"));
  await succeeds(terraform(folder, "apply", "-auto-approve"));
  const again = await terraform(folder, "plan", "-detailed-exitcode");
  assert.equal(again.code, 0, `a second plan is not empty: ${again.log}`);
}

async function terraform(cwd: string, ...args: string[]): Promise<Ended> {
  return await run("terraform", [...args, "-no-color"], { cwd, env });
}

async function succeeds(ended: Promise<Ended>): Promise<Ended> {
  const result = await ended;
  assert.equal(result.code, 0, result.log);
  return result;
}

async function inCopy(work: (root: string) => Promise<void>): Promise<void> {
  const root = await copyOfInfra();
  try {
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
