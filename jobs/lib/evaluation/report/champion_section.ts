import { inlineSvg } from "../charts/mod.ts";
import type { ReportContent } from "./content.ts";
import { figure, lowerIsBetter, metricName, signed } from "./format.ts";
import { gainPicture } from "./gain_picture.ts";
import { html, Markup } from "./markup.ts";

/** The model beside the champion, metric by metric. */
export function championSection({ report, champion }: ReportContent): Markup | undefined {
  if (champion === undefined) return undefined;
  if ("unfit" in champion) {
    return html`
      <section>
        <h2>Beside the champion</h2>
        <p>Version ${champion
          .version} could not be measured on these rows, so that only the thresholds
      counted: ${champion.unfit}</p>
      </section>
    `;
  }
  const { comparison, metrics, version } = champion;
  const { metric, confidence } = comparison;
  const picture = gainPicture(comparison);
  return html`<section><h2>Beside champion version ${version}</h2>
<p>Both were measured on the same rows. The gate compares ${metricName(metric)}: the gain is
<strong>${signed(comparison.gain)}</strong>${
    comparison.interval === null
      ? html`.`
      : html`, with a ${Math.round(confidence * 100)} % interval from ${
        signed(comparison.interval[0])
      } to ${signed(comparison.interval[1])} (paired bootstrap).`
  }</p>
${
    picture === undefined
      ? ""
      : html`<figure>${new Markup(inlineSvg(picture))}<figcaption>The gain in ${
        metricName(metric)
      } and its interval. To the right of 0 this model is better.</figcaption></figure>`
  }
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Metric</th><th scope="col">This model</th>
<th scope="col">Version ${version}</th><th scope="col">Difference</th></tr></thead>
<tbody>${
    Object.entries(report.metrics).map(([name, ours]) => {
      const theirs = metrics[name];
      const difference = theirs === undefined ? undefined : ours - theirs;
      return html`
        <tr>
          <th scope="row">${metricName(name)}</th>
          <td>${figure(ours)}</td>
          <td>${figure(theirs)}</td>
          <td class="${tone(name, difference)}">${difference === undefined
            ? "–"
            : signed(difference)}</td>
        </tr>
      `;
    })
  }</tbody></table></div></section>`;
}

function tone(metric: string, difference: number | undefined): string {
  if (difference === undefined || difference === 0) return "";
  return (difference < 0) === lowerIsBetter(metric) ? "better" : "worse";
}
