import { compareDefinitions, inferValues, renderTemplate } from "../../workflows/definition/mod.ts";
import { clientOptions, deployedDefinition, openAws } from "../../workflows/executions/mod.ts";
import { UsageError } from "../../jobs/lib/errors.ts";
import { definitionTemplate, withExamples } from "../../workflows/synthesis.ts";
import { nextSlot } from "../schedule/mod.ts";
import type { Environment } from "./environment.ts";
import { fail, type Finding, look, ok, unknown, warn } from "./finding.ts";

const TYPES = ["training", "inference"] as const;

/** Both pipelines: deployed, with the steps of the committed definition and the images of the variables. */
export async function lookAtDefinitions(environment: Environment): Promise<Finding[]> {
  const { name, prefix, region, images, search, otlpEndpoint } = environment;
  const aws = await openAws({ region });
  const missing = `terraform -chdir=infra/${name} apply`;
  try {
    const findings = await Promise.all(TYPES.map(async (type) => {
      const pipeline = `${prefix}-${type}`;
      const what = `Pipeline of ${type}`, image = `Image in ${type}`;
      const place = { service: "sagemaker", action: "DescribePipeline", missing };
      const more: Finding[] = [];
      const definition = await look(what, place, async () => {
        const deployed = await deployedDefinition(aws, pipeline);
        const searches = search && type === "training";
        const template = definitionTemplate(searches ? "training-search" : type);
        // What the environment decides is read off the deployed definition.
        const found = inferValues(template, deployed);
        const uri = found[`${type}_image_uri`];
        const correct = `${missing}, or commit the terraform.tfvars of the last deployment`;
        more.push(
          uri === images[type] ? ok(image, `${digestOf(uri)}, as in the variables`) : fail(
            image,
            `it is ${digestOf(uri)}, and the variables say ${digestOf(images[type])}`,
            correct,
          ),
        );
        // A definition has a blank for none.
        const sent = String(found["otlp_endpoint"] ?? "").trim(), wanted = otlpEndpoint ?? "";
        if (sent !== wanted) {
          const [is, says] = [sent, wanted].map((endpoint) => endpoint === "" ? "none" : endpoint);
          more.push(
            fail(`Traces of ${type}`, `they go to ${is}, and the variables say ${says}`, correct),
          );
        }
        const rendered: unknown = JSON.parse(renderTemplate(template, withExamples(found)));
        const places = compareDefinitions(deployed, rendered).map(({ where }) => where);
        return places.length === 0 ? ok(what, `${pipeline} is what the repository gives`) : fail(
          what,
          `${pipeline} differs from the repository in ${[...new Set(places)].join(", ")}`,
          `deno task pipeline diff ${type} --environment ${name}${
            searches ? " --search" : ""
          }, then ${missing}`,
        );
      });
      return [definition, ...more];
    }));
    return findings.flat();
  } finally {
    aws.close();
  }
}

/** How both pipelines ended last. */
export async function lookAtExecutions({ name, prefix, region }: Environment): Promise<Finding[]> {
  const aws = await openAws({ region });
  const missing = `terraform -chdir=infra/${name} apply`;
  const place = { service: "sagemaker", action: "ListPipelineExecutions", missing };
  try {
    return await Promise.all(TYPES.map((type) =>
      look(`Last ${type}`, place, async () => {
        const { PipelineExecutionSummaries = [] } = await aws.sagemaker(
          "ListPipelineExecutions",
          "look",
          (client) =>
            client.listPipelineExecutions({
              PipelineName: `${prefix}-${type}`,
              MaxResults: 1,
              SortBy: "CreationTime",
              SortOrder: "Descending",
            }),
        );
        const [last] = PipelineExecutionSummaries;
        const start = `deno task pipeline start ${type} --environment ${name} --wait`;
        if (last === undefined) return warn(`Last ${type}`, "there was none yet", start);
        const found = `${last.PipelineExecutionStatus} (${last.StartTime?.toISOString() ?? ""})`;
        return last.PipelineExecutionStatus === "Failed"
          ? fail(`Last ${type}`, found, `deno task pipeline status ${type} --environment ${name}`)
          : ok(`Last ${type}`, found);
      })
    ));
  } finally {
    aws.close();
  }
}

/** The schedules, as the variables want them. */
export async function lookAtSchedules(environment: Environment): Promise<Finding[]> {
  const { name, prefix, region, schedules } = environment;
  const { Scheduler } = await import("@aws-sdk/client-scheduler");
  const client = new Scheduler(await clientOptions(region));
  const missing = `terraform -chdir=infra/${name} apply`;
  try {
    return await Promise.all(TYPES.map((type) => {
      const what = `Schedule of ${type}`;
      const wanted = schedules[type];
      return look(what, { service: "scheduler", action: "GetSchedule", missing }, async () => {
        const { ScheduleExpression = "", ScheduleExpressionTimezone = "UTC", State } = await client
          .getSchedule({
            GroupName: prefix,
            Name: `${prefix}-${type}`,
          });
        if (ScheduleExpression !== wanted.expression || (State === "ENABLED") !== wanted.enabled) {
          return fail(
            what,
            `it is ${ScheduleExpression}, ${State}; the variables say ${wanted.expression}, ` +
              (wanted.enabled ? "ENABLED" : "DISABLED"),
            missing,
          );
        }
        const when = () => nextRun(ScheduleExpression, ScheduleExpressionTimezone);
        return State === "ENABLED" ? ok(what, `${ScheduleExpression}, next at ${when()}`) : warn(
          what,
          "it is off",
          `Set ${type}_schedule_enabled = true in terraform.tfvars, and apply`,
        );
      });
    }));
  } finally {
    client.destroy();
  }
}

/** What tells people: event rules, their log groups, alarms. */
export async function lookAtWatching({ name, prefix, region }: Environment): Promise<Finding[]> {
  const { CloudWatchLogs } = await import("@aws-sdk/client-cloudwatch-logs");
  const { CloudWatch } = await import("@aws-sdk/client-cloudwatch");
  const { EventBridge } = await import("@aws-sdk/client-eventbridge");
  const options = await clientOptions(region);
  const clients = {
    logs: new CloudWatchLogs(options),
    alarms: new CloudWatch(options),
    events: new EventBridge(options),
  };
  const missing = `terraform -chdir=infra/${name} apply`;
  try {
    return [
      await look("Event rules", { service: "events", action: "ListRules", missing }, async () => {
        const { Rules = [] } = await clients.events.listRules({ NamePrefix: prefix });
        const off = Rules.filter(({ State }) => State !== "ENABLED").map((rule) => rule.Name);
        if (Rules.length === 0) return fail("Event rules", `none begins with ${prefix}`, missing);
        return off.length === 0
          ? ok("Event rules", Rules.map((rule) => rule.Name).join(", "))
          : warn("Event rules", `${off.join(", ")} are off`, missing);
      }),
      await look(
        "Log groups",
        { service: "logs", action: "DescribeLogGroups", missing },
        async () => {
          const wanted = [
            "/aws/sagemaker/TrainingJobs",
            "/aws/sagemaker/ProcessingJobs",
            `/aws/events/rule/${prefix}-execution-status`,
            `/aws/events/rule/${prefix}-step-status`,
          ];
          const found = await Promise.all(wanted.map(async (group) => {
            const { logGroups = [] } = await clients.logs.describeLogGroups({
              logGroupNamePrefix: group,
            });
            return logGroups.some(({ logGroupName }) => logGroupName === group);
          }));
          const lacking = wanted.filter((_, i) => found[i] !== true);
          return lacking.length === 0 ? ok("Log groups", wanted.join(", ")) : fail(
            "Log groups",
            `${lacking.join(", ")} are missing`,
            `terraform -chdir=infra/account apply, then ${missing}`,
          );
        },
      ),
      await look(
        "Alarms",
        { service: "cloudwatch", action: "DescribeAlarms", missing },
        async () => {
          const { MetricAlarms = [] } = await clients.alarms.describeAlarms({
            AlarmNamePrefix: prefix,
          });
          const ringing = MetricAlarms.filter(({ StateValue }) => StateValue === "ALARM");
          if (MetricAlarms.length === 0) return fail("Alarms", "there are none", missing);
          return ringing.length === 0
            ? ok("Alarms", `none of ${MetricAlarms.length} is ringing`)
            : fail(
              "Alarms",
              ringing.map(({ AlarmName, StateReason }) => `${AlarmName} (${StateReason})`).join(
                "; ",
              ),
              "docs/operate.md says what each means and what to do",
            );
        },
      ),
    ];
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

/** What cannot be looked at without credentials. */
export function notLookedAt(names: readonly string[], why: string): Finding[] {
  return names.map((name) => unknown(name, why, "Mend the credentials first"));
}

/** When a schedule starts next; EventBridge understands more expressions than we do. */
function nextRun(expression: string, zone: string): string {
  try {
    return nextSlot(expression, new Date(), zone).toISOString();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return "a time that only EventBridge knows";
  }
}

/** The end of an image's URI, which is what differs between two of them. */
function digestOf(uri: unknown): string {
  return typeof uri === "string" && uri !== "" ? uri.split("@").at(-1) ?? uri : "none";
}
