import type { ReportContent } from "./content.ts";
import { count, figure, percent } from "./format.ts";
import { html, type Markup } from "./markup.ts";

const MOST_COLUMNS = 200;

/** What was found in the training data. */
export function dataSection({ training }: ReportContent): Markup | undefined {
  if (training === undefined) return undefined;
  const { data: { rows, columns, findings, classes } } = training;
  return html`<section><h2>The training data</h2>
<p>${count(rows)} rows and ${count(columns.length)} columns${
    classes.length === 0 || classes.length > 12
      ? ""
      : html`; ${
        classes.map((each, index) =>
          `${index === 0 ? "" : ", "}${String(each.value)} ${percent(each.rows / rows)}`
        )
      } of the label`
  }.</p>
${
    findings.length === 0
      ? html`<p>Nothing was found that could be wrong with it.</p>`
      : html`<ul class="findings">${
        findings.map(({ message, count: rows }) => html`<li>${message} (${count(rows)} rows)</li>`)
      }</ul>`
  }
<details><summary>All columns</summary><div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Column</th><th scope="col" class="text">Type</th>
<th scope="col">Missing</th><th scope="col">Distinct</th><th scope="col">Least</th>
<th scope="col">Mean</th><th scope="col">Greatest</th></tr></thead>
<tbody>${
    columns.slice(0, MOST_COLUMNS).map((column) =>
      html`
        <tr>
          <th scope="row">${column.name}</th>
          <td class="text">${column.type}</td>
          <td>${column.missing === 0 ? "0" : percent(column.missing / rows)}</td>
          <td>${column.distinct === undefined ? "–" : count(column.distinct)}</td>
          <td>${bound(column.min)}</td>
          <td>${figure(column.mean)}</td>
          <td>${bound(column.max)}</td>
        </tr>
      `
    )
  }</tbody></table></div>${
    columns.length > MOST_COLUMNS
      ? html`<p class="note">${
        count(columns.length - MOST_COLUMNS)
      } more are in data_report.json.</p>`
      : ""
  }</details></section>`;
}

function bound(value: number | string | null): string {
  return typeof value === "string" ? value : figure(value);
}
