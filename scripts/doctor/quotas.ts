import type { ServiceQuota } from "@aws-sdk/client-service-quotas";
import { clientOptions } from "../../workflows/executions/mod.ts";
import { SEARCH } from "../../workflows/synthesis.ts";
import type { Environment } from "./environment.ts";
import { fail, type Finding, look, ok, unknown } from "./finding.ts";

/** Machines that a pipeline has at the same time. */
interface Need {
  /** What has them. */
  readonly of: string;
  /** AWS's name of the quota: each kind of machine has one for each kind of job. */
  readonly quota: string;
  readonly count: number;
}

/** Whether the account may run as many machines at the same time as the pipelines ask for. */
export async function lookAtQuotas(environment: Environment): Promise<Finding[]> {
  const { region } = environment;
  const needs = needsOf(environment);
  let judged: readonly Finding[] = [];
  const place = {
    service: "servicequotas",
    action: "ListServiceQuotas",
    missing: "Choose a region that has SageMaker",
  };
  const all = await look("Quotas", place, async () => {
    const quotas = await quotasNamed(new Set(needs.map(({ quota }) => quota)), region);
    judged = needs.map((need) => judge(need, quotas.get(need.quota), region));
    return ok("Quotas", "were seen");
  });
  return all.verdict === "ok" ? [...judged] : [all];
}

/** Both pipelines run processing jobs: of one machine, but for scoring. */
function needsOf({ machines: { training, inference, spot }, search }: Environment): Need[] {
  const processing = new Map([[training.type, 1]]);
  processing.set(inference.type, Math.max(inference.count, processing.get(inference.type) ?? 0));
  return [
    {
      of: "training",
      quota: `${training.type} for ${spot ? "spot training" : "training"} job usage`,
      count: training.count * (search ? SEARCH.maxParallelJobs : 1),
    },
    ...[...processing].map(([type, count]) => ({
      of: "processing",
      quota: `${type} for processing job usage`,
      count,
    })),
  ];
}

/** What was never raised stands among the defaults only. */
async function quotasNamed(
  names: ReadonlySet<string>,
  region: string,
): Promise<Map<string, ServiceQuota>> {
  const { ServiceQuotas, paginateListAWSDefaultServiceQuotas, paginateListServiceQuotas } =
    await import("@aws-sdk/client-service-quotas");
  const client = new ServiceQuotas(await clientOptions(region));
  const found = new Map<string, ServiceQuota>();
  try {
    for (const pages of [paginateListServiceQuotas, paginateListAWSDefaultServiceQuotas]) {
      for await (const { Quotas = [] } of pages({ client }, { ServiceCode: "sagemaker" })) {
        for (const quota of Quotas) {
          const { QuotaName = "" } = quota;
          if (names.has(QuotaName) && !found.has(QuotaName)) found.set(QuotaName, quota);
        }
        if (found.size === names.size) return found;
      }
    }
    return found;
  } finally {
    client.destroy();
  }
}

function judge(need: Need, quota: ServiceQuota | undefined, region: string): Finding {
  const name = `Quota of ${need.of}`;
  if (quota?.Value === undefined) {
    return unknown(
      name,
      `AWS lists no quota "${need.quota}"`,
      `Look whether ${region} has such machines, in the Service Quotas console`,
    );
  }
  return quota.Value >= need.count
    ? ok(name, `${quota.Value} ${need.quota}, ${need.count} needed`)
    : fail(
      name,
      `${quota.Value} ${need.quota}, and ${need.count} needed`,
      "aws service-quotas request-service-quota-increase --service-code sagemaker " +
        `--quota-code ${quota.QuotaCode} --desired-value ${need.count} --region ${region}`,
    );
}
