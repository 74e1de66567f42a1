/**
 * The report of a training: one page that needs nothing else.
 *
 * @module
 */

import type { ReportContent } from "./content.ts";
import { championSection } from "./champion_section.ts";
import { dataSection } from "./data_section.ts";
import { count, figure, metricName, minute, signed } from "./format.ts";
import { importanceSection } from "./importance_section.ts";
import { html, type Markup } from "./markup.ts";
import { renderPage } from "./page.ts";
import { classSection, qualitySection } from "./quality_section.ts";
import { trainingSection } from "./training_section.ts";

/** Renders the page. @returns a document of HTML */
export function renderReport(content: ReportContent): string {
  const { model, report, measuredAt, data } = content;
  const title = `${model.name}${model.version === undefined ? "" : ` version ${model.version}`}`;
  return renderPage(
    `${title}: evaluation`,
    html`
      <header>
        <h1>${title}</h1>
        <p
          class="lead">${report.objective === "classification"
            ? "Predicts the class"
            : "Predicts the value"} of <strong>${model.label}</strong> from ${count(
              model.features,
            )} columns. Measured on ${count(report.rows)} rows of ${data
            .name} that it had not seen, ${minute(measuredAt)}.</p>
      </header>
      ${verdict(content)}
      ${figures(content)}
      ${championSection(content)}
      ${qualitySection(content)}
      ${classSection(content)}
      ${importanceSection(content)}
      ${dataSection(content)}
      ${trainingSection(content)}
      <footer>Model <code>${model.digest.slice(0, 12)}</code>${model.runId === undefined
        ? ""
        : html`, MLflow run <code>${model.runId}</code>`}. Held-out data <code>${data
        .uri}</code>, digest <code>${data.digest}</code>.</footer>
    `,
  );
}

function verdict({ verdict, champion }: ReportContent): Markup {
  if (verdict === undefined) {
    return html`<div class="verdict open"><strong>Not judged.</strong> The gate is left to a later step.</div>`;
  }
  if (verdict.passed) {
    const beside = champion === undefined
      ? "There was no champion to compare it with."
      : "unfit" in champion
      ? `Champion version ${champion.version} could not be compared.`
      : `It is not worse than champion version ${champion.version}.`;
    return html`<div class="verdict passed"><strong>Passed the quality gate.</strong> ${beside}</div>`;
  }
  return html`<div class="verdict failed"><strong>Did not pass the quality gate.</strong>
<ul>${verdict.reasons.map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
}

function figures({ report, champion }: ReportContent): Markup {
  const theirs = champion !== undefined && "metrics" in champion ? champion : undefined;
  const metrics = Object.entries(report.metrics);
  return html`<dl class="figures" style="--across:${Math.min(4, metrics.length)}">${
    metrics.map(([metric, value]) => {
      const other = theirs?.metrics[metric];
      const beside = other === undefined
        ? ""
        : html`<small>${signed(value - other)} vs. version ${theirs?.version}</small>`;
      return html`
        <div>
          <dt>${metricName(metric)}</dt>
          <dd>${figure(value)}${beside}</dd>
        </div>
      `;
    })
  }</dl>`;
}
