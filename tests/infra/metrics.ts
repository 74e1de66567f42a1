/** What the jobs report is what dashboard and alarms watch, by the same names, in both directions. */
import assert from "node:assert/strict";
import { checkMetrics } from "../../jobs/inference/check/metrics.ts";
import { scoreMetrics } from "../../jobs/inference/score_metrics.ts";
import { evaluateClassification, evaluateRegression } from "../../jobs/lib/evaluation/mod.ts";
import { METRICS_NAMESPACE } from "../../jobs/lib/telemetry.ts";
import { trainMetrics } from "../../jobs/training/train_metrics.ts";

const READER = { contained: true, now: 0, memory: 1 };
const MONITORING = "infra/modules/monitoring";

Deno.test("every metric of the jobs is on the dashboard, and the dashboard has no other", async () => {
  const text = await Deno.readTextFile(`${MONITORING}/dashboard.tf`);
  const charts = [
    ...text.matchAll(
      /\{ title = "[^"]+", job = "(\w+)", statistic = "\w+", metrics = \[(.*?)\] \}/g,
    ),
  ];
  assert.ok(charts.length > 10, "the charts were not found");
  for (const [job, reported] of Object.entries(reportedBy())) {
    const shown = charts.filter(([, of]) => of === job)
      .flatMap(([, , names = ""]) => names.match(/\w+/g) ?? []);
    assert.deepEqual(shown.toSorted(), [...reported].sort(), `${job}: dashboard and job differ`);
  }
});

Deno.test("alarms are on metrics that the jobs report, in the jobs' namespace and dimensions", async () => {
  const text = await Deno.readTextFile(`${MONITORING}/alarms.tf`);
  const alarms = [...text.matchAll(/job += "(\w+)"\n +metric += "(\w+)"/g)];
  assert.ok(alarms.length >= 4, "the alarms were not found");
  const reported: Record<string, ReadonlySet<string>> = reportedBy();
  for (const [, job = "", metric = ""] of alarms) {
    assert.ok(reported[job]?.has(metric), `${job} does not report ${metric}`);
  }
  assert.match(text, new RegExp(`jobs_namespace += "${METRICS_NAMESPACE}"`));
  assert.match(text, /dimensions += \{ job = each\.value\.job, model = var\.model_name \}/);
});

Deno.test("docs/operate.md says of every alarm what to do, and of no other", async () => {
  const page = await Deno.readTextFile("docs/operate.md");
  const [, table = ""] = /\n## Alarms\n([^]*?)\n## /.exec(page) ?? [];
  const first = [...table.matchAll(/^\|([^|]+)\|/gm)].map(([, cell = ""]) => cell).join();
  const explained = new Set(
    [...first.matchAll(/`…-([a-z-]+?)(?:-GROUP)?`/g)].map(([, name]) => name),
  );
  const text = await Deno.readTextFile(`${MONITORING}/alarms.tf`);
  const made = [
    ...[...text.matchAll(/alarm_name +=.*\$\{each\.value\.name\}-([a-z-]+)"/g)]
      .flatMap(([, name]) => ["training", "inference"].map((type) => `${type}-${name}`)),
    ...[...text.matchAll(/^ {4}([a-z-]+) = \{\n {6}job/gm)].map(([, name]) => name),
    ...(/alarm_name +=.*-lag-\$\{each\.key\}/.test(text) ? ["lag"] : []),
  ];
  assert.ok(made.length > 10, "the alarms were not found");
  assert.deepEqual([...explained].sort(), made.toSorted());
});

/** Names of the metrics in the objects for CloudWatch, by the dimension `job`. */
function reportedBy(): Record<"training" | "inference", ReadonlySet<string>> {
  const attempt = {
    ...{
      rows: 1,
      transactions: 1,
      seconds: 1,
      rows_per_second: 1,
      bytes: 1,
      retries: 0,
      errors: 0,
    },
    ...{ publish_ms_p50: 1, publish_ms_p95: 1, publish_ms_max: 1 },
  };
  const scored = { model: "m", published: [{ shard: 0, rows: 1, accepted: 1, dead: 0, attempt }] };
  const verdict = {
    ...{ passed: true, run_id: "r", data: "d", rows: 1, violations: 0 },
    ...{ drifted: [], reasons: [], warnings: [] },
  };
  const half = Float32Array.of(0.4, 0.6, 0.3, 0.7);
  const classes = [false, true];
  const reports = [
    evaluateClassification(Int32Array.of(0, 1, 1, 0), [half.map((p) => 1 - p), half], classes),
    evaluateRegression(Float64Array.of(1, 2, 3, 5), half),
  ];
  return {
    training: names(
      reports.flatMap(({ metrics }) =>
        trainMetrics({ model: "m", metrics, seconds: 1, rows: 1, memory: 1 }, READER)
      ),
      "training",
    ),
    inference: names([
      ...scoreMetrics(scored, 1, READER),
      checkMetrics(verdict, { name: "m", madeAt: new Date(0) }, 0),
    ], "inference"),
  };
}

function names(lines: readonly string[], job: string): ReadonlySet<string> {
  const objects = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return new Set(objects.flatMap((object) => {
    assert.equal(object["job"], job);
    const [{ Namespace, Dimensions, Metrics }] = object._aws.CloudWatchMetrics;
    assert.deepEqual([Namespace, Dimensions], [METRICS_NAMESPACE, [["job", "model"]]]);
    return Metrics.map(({ Name }: { readonly Name: string }) => Name);
  }));
}
