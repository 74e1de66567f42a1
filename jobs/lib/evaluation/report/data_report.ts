/**
 * The report on a day's data: one page that needs nothing else.
 *
 * @module
 */

import type { FeatureDrift, Statistics, Violation } from "../../dataset/mod.ts";
import { count, figure, minute, percent } from "./format.ts";
import { html, type Markup } from "./markup.ts";
import { renderPage } from "./page.ts";

/** Everything that the page tells of. */
export interface DataReportContent {
  /** The run's id. */
  readonly run: string;
  /** The model that it is scored with. */
  readonly model: { readonly name: string; readonly version: string };
  /** The run's nominal time, ISO 8601. */
  readonly scoredAt: string;
  /** Rows of the run. */
  readonly rows: number;
  /** Of the columns that the model takes. */
  readonly statistics: Statistics;
  /** What was found. */
  readonly violations: readonly Violation[];
  /** Every feature against the training data. */
  readonly drift: readonly FeatureDrift[];
  /** The predictions against those for the rows that training held out. */
  readonly predictions: readonly FeatureDrift[];
}

/** Renders the page, of which nothing has to be fetched. @returns a document of HTML */
export function renderDataReport(content: DataReportContent): string {
  const { run, model, scoredAt, rows, statistics } = content;
  const looked = statistics.features.map((feature) => {
    const all = (feature.numerical_statistics ?? feature.string_statistics)?.common;
    return (all?.num_present ?? 0) + (all?.num_missing ?? 0);
  });
  const sample = Math.max(0, ...looked);
  return renderPage(
    `${run}: the data`,
    html`
      <header>
        <h1>The data of ${run}</h1>
        <p
          class="lead">${count(rows)} rows, scored with ${model.name} version ${model
            .version} for ${minute(scoredAt)}.${sample < rows
            ? ` Rules are checked on all rows; distributions are measured on ${
              count(sample)
            } of them.`
            : ""}</p>
      </header>
      ${verdict(content)}
      ${rules(content)}
      ${drift("Features against the training data", content.drift)}
      ${drift("Predictions against those for held-out rows", content.predictions)}
    `,
  );
}

function verdict({ violations, drift, predictions }: DataReportContent): Markup {
  const errors = violations.filter(({ severity }) => severity === "error");
  const moved = [...drift, ...predictions].filter(({ drifted }) => drifted).length;
  const words = drift.length === 0
    ? "The model has no baseline to compare it with."
    : moved === 0
    ? "Nothing has moved since training."
    : `${moved} of ${drift.length + predictions.length} distributions have moved since training.`;
  if (errors.length > 0) {
    return html`
      <div class="verdict failed">
        <strong>Not as it should be.</strong>
        <ul>
          ${errors.map(({ description }) => html`<li>${description}</li>`)}
        </ul>
        <p>${words}</p>
      </div>
    `;
  }
  return html`<div class="verdict ${
    moved === 0 ? "passed" : "open"
  }"><strong>Fit to score.</strong> ${words}</div>`;
}

function rules({ violations }: DataReportContent): Markup {
  const found = violations.filter((each) => each.constraint_check_type !== "baseline_drift_check");
  if (found.length === 0) {
    return html`
      <section>
        <h2>Rules</h2>
        <p>No rule is broken.</p>
      </section>
    `;
  }
  return html`
    <section>
      <h2>Rules</h2>
      <div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col" class="text">Rule</th>
              <th scope="col">Rows</th>
              <th scope="col" class="text">What was found</th>
            </tr>
          </thead>
          <tbody>
            ${found.map((each) =>
              html`
                <tr>
                  <th scope="row">${each.feature_name || "all"}</th>
                  <td class="text">${each.constraint_check_type.replace(/_check$/, "").replaceAll(
                    "_",
                    " ",
                  )}, ${each.severity}</td>
                  <td>${each.count === undefined ? "–" : count(each.count)}</td>
                  <td class="wide">${each.description}</td>
                </tr>
              `
            )}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

function drift(title: string, features: readonly FeatureDrift[]): Markup | undefined {
  if (features.length === 0) return undefined;
  const most = Math.max(1e-9, ...features.map(({ stability }) => stability));
  const moved = features.filter(({ drifted }) => drifted);
  return html`
    <section>
      <h2>${title}</h2>
      ${moved.length === 0 ? html`<p>None has moved.</p>` : html`
        <ul class="findings">
          ${moved.map(({ description }) => html`<li>${description}</li>`)}
        </ul>
      `}
      <p class="note">Population stability index, less what chance would show. 0.1 is a small change,
        0.25 a large one.</p>
      <ul class="bars">
        ${features.map(({ name, stability, drifted }) =>
          html`
            <li>
              <span class="name">${name}</span>
              <span class="bar"><i style="width:${(100 * stability / most).toFixed(1)}%"></i></span>
              <span class="value ${drifted ? "worse" : ""}">${figure(stability)}</span>
            </li>
          `
        )}
      </ul>
      <details>
        <summary>All figures</summary>
        <div class="scroll" tabindex="0">
          <table>
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">Stability index</th>
                <th scope="col">Kolmogorov–Smirnov</th>
                <th scope="col">Jensen–Shannon</th>
                <th scope="col">More missing</th>
              </tr>
            </thead>
            <tbody>
              ${features.map((each) =>
                html`
                  <tr>
                    <th scope="row">${each.name}</th>
                    <td>${figure(each.stability)}</td>
                    <td>${figure(each.kolmogorov_smirnov)}</td>
                    <td>${figure(each.jensen_shannon)}</td>
                    <td>${each.missing_change === 0 ? "0" : share(each.missing_change)}</td>
                  </tr>
                `
              )}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  `;
}

function share(change: number): string {
  return change < 0 ? `−${percent(-change)}` : percent(change);
}
