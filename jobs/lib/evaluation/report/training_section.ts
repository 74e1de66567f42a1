import type { ReportContent } from "./content.ts";
import { count, figure, metricName, minute } from "./format.ts";
import { html, type Markup } from "./markup.ts";

/** How the model came about. */
export function trainingSection({ training, report }: ReportContent): Markup | undefined {
  if (training === undefined) return undefined;
  const { metrics, parameters, source, out_of_bag: bag } = training;
  const names = Object.keys(metrics).filter((name) => report.metrics[name] !== undefined);
  return html`<section><h2>How it was trained</h2>
<p>On ${count(training.rows)} rows in ${training.seconds.toFixed(1)} s, ${
    minute(training.created_at)
  }, from <code>${source.uri}</code> (digest <code>${source.digest}</code>).${
    bag === null ? "" : html`
      Out of bag it scores ${figure(bag.score)}.
    `
  }</p>
${
    names.length === 0 ? "" : html`
      <div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Learnt from</th>
              <th scope="col">Held out</th>
            </tr>
          </thead>
          <tbody>${names.map((name) =>
            html`
              <tr>
                <th scope="row">${metricName(name)}</th>
                <td>${figure(metrics[name])}</td>
                <td>${figure(report.metrics[name])}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
      <p
        class="note">A forest knows the rows that it learnt from; a wide gap is usual, a growing one is not.</p>
    `
  }
<details><summary>All ${Object.keys(parameters).length} parameters</summary>
<div class="scroll parameters" tabindex="0"><table><tbody>${
    Object.entries(parameters).map(([name, value]) =>
      html`
        <tr>
          <th scope="row">${name}</th>
          <td>${value}</td>
        </tr>
      `
    )
  }</tbody></table></div></details></section>`;
}
