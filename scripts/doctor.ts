/**
 * `deno task doctor`: whether everything that the platform needs is there, and what mends it.
 *
 * @module
 */
import { command, runProgram } from "../jobs/lib/command.ts";
import { flag, type Options, text } from "../jobs/lib/config.ts";
import { DependencyError } from "../jobs/lib/errors.ts";
import {
  type Finding,
  lookAtBuckets,
  lookAtDefinitions,
  lookAtEnvironment,
  lookAtExecutions,
  lookAtIdentity,
  lookAtImages,
  lookAtKafka,
  lookAtMlflow,
  lookAtQuotas,
  lookAtSchedules,
  lookAtState,
  lookAtTools,
  lookAtTraces,
  lookAtWatching,
  notLookedAt,
  reportText,
} from "./doctor/mod.ts";
import { environmentName } from "./parameters/environment.ts";

/** Looks that need an identity. */
const OF_THE_ACCOUNT = [
  "State",
  "Quotas",
  "Images",
  "Buckets",
  "Pipelines",
  "Schedules",
  "Watching",
  "MLflow",
];

const options = {
  environment: {
    about: "Environment to look at; only this machine unless told",
    hint: "staging|prod",
    parse: environmentName,
  },
  infra: {
    about: "Folder of the environments",
    hint: "DIR",
    parse: text(),
    fallback: "infra",
  },
  json: {
    about: "The findings as JSON on a terminal too",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

const doctor = command({
  usage: "doctor",
  about: [
    "Look at everything the platform needs: this machine's tools, and with --environment its AWS account",
    "Nothing is changed. Each line is a verdict and the command that mends it; exit 4 if something fails.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: async ({ values }) => {
    const findings = [
      ...await lookAtTools(),
      ...await ofEnvironment(values.infra, values.environment),
    ];
    const failed = findings.filter(({ verdict }) => verdict === "fail");
    return {
      summary: { status: failed.length === 0 ? "ok" : "fail", findings },
      ...(values.json ? {} : { text: reportText(findings) }),
      ...(failed.length === 0 ? {} : {
        failure: new DependencyError({
          code: "doctor.findings",
          cannot: "find everything in order",
          found: failed.map(({ name }) => name).join(", "),
          todo: "Do what the lines say, and look again",
        }),
      }),
    };
  },
});

async function ofEnvironment(infra: string, name: string | undefined): Promise<Finding[]> {
  if (name === undefined) return [];
  const { findings, environment } = await lookAtEnvironment(infra, name);
  if (environment === undefined) return findings;
  const identity = await lookAtIdentity(environment);
  const account = identity.verdict !== "ok"
    ? notLookedAt(OF_THE_ACCOUNT, "not looked at without credentials of the account")
    : [
      ...await lookAtState(infra, environment),
      ...await lookAtQuotas(environment),
      ...await lookAtImages(environment),
      ...await lookAtBuckets(environment),
      ...await lookAtDefinitions(environment),
      ...await lookAtExecutions(environment),
      ...await lookAtSchedules(environment),
      ...await lookAtWatching(environment),
      await lookAtMlflow(environment),
    ];
  return [
    ...findings,
    identity,
    ...account,
    await lookAtKafka(environment),
    await lookAtTraces(environment),
  ];
}

if (import.meta.main) Deno.exit(await runProgram("doctor", { doctor }, ["doctor", ...Deno.args]));
