import type { Importance, ReportContent } from "./content.ts";
import { figure, metricName, percent } from "./format.ts";
import { html, type Markup } from "./markup.ts";

const MOST_BARS = 20;

/** Which columns the model relies on, by two measures. */
export function importanceSection({ permutation, training }: ReportContent): Markup | undefined {
  const impurity = training?.importances ?? [];
  if (permutation === undefined && impurity.length === 0) return undefined;
  return html`
    <section>
      <h2>What it relies on</h2>
      <div class="charts">
    ${permutation === undefined ? "" : html`<figure><h3>Shuffled, on held-out rows</h3>
${bars(permutation.importances, figure)}
<figcaption>How much ${
      metricName(permutation.metric)
    } drops when a column's values are shuffled. Columns that say
the same hide each other.</figcaption></figure>`}
    ${impurity.length === 0 ? "" : html`<figure><h3>In the trees</h3>
${bars(impurity, percent)}
<figcaption>Share of the decrease in impurity. It favours columns with many values.</figcaption></figure>`}
      </div>
    </section>
  `;
}

function bars(all: readonly Importance[], format: (value: number) => string): Markup {
  const shown = all.slice(0, MOST_BARS);
  const most = Math.max(Number.MIN_VALUE, ...shown.map(({ importance }) => importance));
  const rest = all.length - shown.length;
  return html`<ul class="bars">${
    shown.map(({ feature, importance }) => {
      const width = Math.max(0, 100 * importance / most).toFixed(1);
      return html`<li><span class="name" title="${feature}">${feature}</span>
<span class="bar"><i style="width:${width}%"></i></span>
<span class="value">${format(importance)}</span></li>`;
    })
  }</ul>${rest > 0 ? html`<p class="note">and ${rest} more</p>` : ""}`;
}
