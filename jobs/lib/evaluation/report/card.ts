/**
 * The model card: what MLflow shows as the note of the run and of the version, in markdown.
 *
 * @see Mitchell et al.: Model Cards for Model Reporting, 2019
 * @module
 */

import { headlineMetric } from "../gate.ts";
import type { ReportContent } from "./content.ts";
import { count, figure, metricName, minute, percent } from "./format.ts";

const MOST_IMPORTANCES = 10;

/** Renders the card. */
export function renderCard(content: ReportContent): string {
  const { model, report, data, training, measuredAt } = content;
  const about = report.objective === "classification" ? "Predicts the class" : "Predicts the value";
  return [
    headline(content),
    `${about} of **${plain(model.label)}** from ${count(model.features)} columns with a random ` +
    `forest. Measured ${minute(measuredAt)} on ${count(report.rows)} rows of ${plain(data.name)} ` +
    "that it had not seen.",
    ...reasons(content),
    table(["metric", "held out", ...theirs(content).map(({ name }) => name)], [
      ...Object.entries(report.metrics).map(([name, value]) => [
        metricName(name),
        figure(value),
        ...theirs(content).map(({ metrics }) => figure(metrics[name])),
      ]),
    ]),
    ...importances(content),
    ...(training === undefined ? [] : [
      "### Training data",
      `${count(training.rows)} rows to learn from, from ${code(training.source.uri)} ` +
      `(digest ${code(training.source.digest)}).${classes(content)}`,
      ...findings(content),
    ]),
    "### Use",
    `Scores with ${
      code(`deno task score --model-uri models:/${model.name}@champion --data DATA`)
    }, ` +
    `in Python with ${code(`mlflow.pyfunc.load_model("models:/${model.name}@champion")`)}. ` +
    "The curves, the comparison and all parameters are in `report.html` of the run.",
    `Model ${code(model.digest)}`,
  ].join("\n\n") + "\n";
}

function theirs({ champion, training }: ReportContent) {
  return [
    ...(training === undefined ? [] : [{ name: "learnt from", metrics: training.metrics }]),
    ...(champion !== undefined && "metrics" in champion
      ? [{ name: `champion ${champion.version}`, metrics: champion.metrics }]
      : []),
  ];
}

/** Plain text: lists of versions show the first line as it is. */
function headline({ verdict, report }: ReportContent): string {
  const gate = verdict === undefined
    ? "Not judged by the quality gate"
    : verdict.passed
    ? "Passed the quality gate"
    : "Did not pass the quality gate";
  const metric = headlineMetric(report.objective);
  return `${gate}. ${metricName(metric)} ${figure(report.metrics[metric])} on held-out rows.`;
}

function reasons({ verdict }: ReportContent): string[] {
  if (verdict === undefined || verdict.passed) return [];
  return [verdict.reasons.map((reason) => `- ${plain(reason)}`).join("\n")];
}

function importances({ permutation, training }: ReportContent): string[] {
  const [list, unit] = permutation === undefined
    ? [training?.importances ?? [], "share of the decrease in impurity"]
    : [permutation.importances, `drop of ${metricName(permutation.metric)} when shuffled`];
  if (list.length === 0) return [];
  return [
    "### What it relies on",
    table(
      ["column", unit],
      list.slice(0, MOST_IMPORTANCES).map(({ feature, importance }) => [
        plain(feature),
        figure(importance),
      ]),
    ),
  ];
}

function classes({ training }: ReportContent): string {
  const found = training?.data.classes ?? [];
  if (found.length === 0 || found.length > 12) return "";
  const rows = training?.data.rows ?? 1;
  const shares = found.map((each) => `${plain(String(each.value))} ${percent(each.rows / rows)}`);
  return ` Classes: ${shares.join(", ")}.`;
}

function findings({ training }: ReportContent): string[] {
  const found = training?.data.findings ?? [];
  if (found.length === 0) return [];
  return [found.slice(0, 20).map(({ message }) => `- ${plain(message)}`).join("\n")];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // MLflow shows tables without a gap between their columns.
  const line = (cells: readonly string[]) => `| ${cells.join(" | &nbsp; ")} |`;
  return [
    line(head),
    `|${head.map((_, i) => i === 0 ? "---" : "---:").join("|")}|`,
    ...rows.map(line),
  ].join(
    "\n",
  );
}

/** Text that markdown leaves as it is. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()#+!|<>~]/g, "\\$&");
}

function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ").replaceAll("`", "'")}\``;
}
