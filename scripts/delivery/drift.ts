/**
 * `delivery drift`: whether what runs is what is committed, and whether the champion is still good on
 * labels that have arrived since.
 *
 * @module
 */
import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { type Options, text } from "../../jobs/lib/config.ts";
import { UsageError } from "../../jobs/lib/errors.ts";
import {
  type Environment,
  type Finding,
  lookAtDefinitions,
  lookAtEnvironment,
  lookAtIdentity,
  lookAtImages,
  lookAtSchedules,
} from "../doctor/mod.ts";
import { measureChampion } from "./champion.ts";
import { type Champion, driftMarkdown } from "./drift_markdown.ts";
import { parseJsonFile } from "./json_file.ts";
import { type Plan, planSchema } from "./plan_markdown.ts";
import { environmentName } from "../parameters/environment.ts";

const options = {
  environment: {
    about: "What is looked at",
    hint: "staging|prod",
    parse: environmentName,
    required: true,
  },
  plan: {
    about: "What terraform show -json printed of a plan; without it that is not compared",
    hint: "FILE",
    parse: text(),
  },
  labelled: {
    about: "Rows with labels to measure the champion on; datasets/labelled of the environment's " +
      "bucket unless told. While it has no parquet, the champion is not measured",
    hint: "URI",
    parse: place,
    fallback: " ",
  },
  infra: { about: "Folder of the environments", hint: "DIR", parse: text(), fallback: "infra" },
  report: {
    about: "Where the report goes, in Markdown; empty when nothing has drifted",
    hint: "FILE",
    parse: text(),
    fallback: "drift.md",
  },
} satisfies Options;

/** See the module. */
export const driftCommand: AnyCommand = command({
  usage: "delivery drift",
  about: [
    "Compare what runs with what is committed, and measure the champion on labels that have arrived",
    "Looks at the plan of Terraform, the deployed definitions, their images, the schedules, and the model.",
    "What has drifted is in the report, and no reason to fail: exit 0.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: drift,
});

async function drift({ values, log }: Context<typeof options>): Promise<Outcome> {
  const { environment, findings } = await environmentOf(values);
  const plan = values.plan === undefined ? undefined : await parseJsonFile(values.plan, planSchema);
  const identity = await lookAtIdentity(environment);
  const looked = identity.verdict === "ok"
    ? [
      ...await lookAtDefinitions(environment),
      ...await lookAtImages(environment),
      ...await lookAtSchedules(environment),
    ]
    : [identity];
  const champion = await measureChampion(environment, values.labelled, log);
  const report = driftMarkdown({ plan, findings: [...findings, ...looked], champion });
  await Deno.writeTextFile(values.report, report);
  return {
    summary: {
      status: report === "" ? "current" : "drifted",
      environment: environment.name,
      ...summaryOf(plan, [...findings, ...looked], champion),
      report: values.report,
    },
  };
}

async function environmentOf(
  { infra, environment: name }: { readonly infra: string; readonly environment: string },
): Promise<{ environment: Environment; findings: Finding[] }> {
  const { environment, findings } = await lookAtEnvironment(infra, name);
  if (environment !== undefined) return { environment, findings };
  throw new UsageError({
    code: "delivery.variables",
    cannot: `look at ${name}`,
    found: findings.map(({ found }) => found).join("; "),
    todo: `Mend ${infra}/${name}/terraform.tfvars`,
    place: { option: "--environment" },
  });
}

function summaryOf(
  plan: Plan | undefined,
  findings: readonly Finding[],
  champion: Champion | undefined,
): Record<string, unknown> {
  return {
    plan: plan === undefined ? "not given" : "compared",
    findings: findings.filter(({ verdict }) => verdict !== "ok").map(({ name }) => name),
    champion: champion === undefined
      ? "no labels yet"
      : { version: champion.version, passed: champion.passed, metrics: champion.metrics },
  };
}

/** A form's field: blank is not given; what no folder or prefix is called is refused. */
function place(text: string): string {
  const value = text.trim();
  if (value === "" || /^[A-Za-z0-9_.:\/=@+-]{1,1024}$/.test(value)) return value;
  throw new Error("it must be a folder or s3://BUCKET/PREFIX");
}
