import { inlineSvg, MOST_MATRIX_CLASSES, type Picture } from "../charts/mod.ts";
import type { ReportContent } from "./content.ts";
import { count, figure, percent } from "./format.ts";
import { html, Markup } from "./markup.ts";
import { evaluationPictures } from "./pictures.ts";

const CAPTIONS: Readonly<Record<string, string>> = {
  roc: "Part of the positives found against part of the negatives called positive, over all " +
    "thresholds. The dashed line is chance.",
  precision_recall:
    "How many of those called positive are, against how many are found. The dashed " +
    "line is chance.",
  calibration: "Predicted probability against what came true, in ten bins. On the dashed line " +
    "probabilities can be taken at their word.",
  confusion: "Rows are true classes, columns predicted ones; percentages are of the row.",
  predicted_observed: "Mean prediction against mean true value, in groups of equal size.",
  residuals: "True minus predicted values, without the outermost 1 %.",
  by_trees:
    "On held-out rows with the first 1, 2, … trees. Where it is flat, more trees do not help.",
  out_of_bag: "Of the rows learnt from, each by the trees that did not draw it.",
};

/** What a person looks at: curves, calibration, confusion or residuals. */
export function qualitySection(content: ReportContent): Markup {
  const pictures = evaluationPictures(content);
  return html`<section><h2>How good it is</h2>
<div class="charts">${
    Object.entries(pictures).map(([name, picture]) => figureOf(picture, CAPTIONS[name] ?? ""))
  }</div>
${confusedPairs(content)}</section>`;
}

/** A row for each class. */
export function classSection({ report }: ReportContent): Markup | undefined {
  if (report.objective !== "classification") return undefined;
  return html`<section><h2>Class by class</h2>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Class</th><th scope="col">Rows</th><th scope="col">Precision</th>
<th scope="col">Recall</th><th scope="col">F1</th><th scope="col">ROC AUC</th></tr></thead>
<tbody>${
    report.per_class.slice(0, MOST_ROWS).map((each) =>
      html`
        <tr>
          <th scope="row">${String(each.class)}</th>
          <td>${count(each.support)}</td>
          <td>${figure(each.precision)}</td>
          <td>${figure(each.recall)}</td>
          <td>${figure(each.f1)}</td>
          <td>${figure(each.roc_auc)}</td>
        </tr>
      `
    )
  }</tbody></table></div>${
    report.per_class.length > MOST_ROWS
      ? html`<p class="note">${
        count(report.per_class.length - MOST_ROWS)
      } more classes are in evaluation.json.</p>`
      : ""
  }</section>`;
}

const MOST_ROWS = 100;
const MOST_PAIRS = 10;

/** In the place of a matrix that would be too large. */
function confusedPairs({ report }: ReportContent): Markup | undefined {
  if (report.objective !== "classification") return undefined;
  const { confusion_matrix: matrix, per_class } = report;
  if (matrix.length <= MOST_MATRIX_CLASSES) return undefined;
  const name = (index: number) => String(per_class[index]?.class ?? index);
  const pairs = matrix.flatMap((row, is) =>
    row.flatMap((rows, as) => is === as || rows === 0 ? [] : [{ is, as, rows }])
  ).toSorted((a, b) => b.rows - a.rows).slice(0, MOST_PAIRS);
  return html`
    <h3>Most often confused</h3>
    <div class="scroll" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Is</th>
            <th scope="col" class="text">Predicted as</th>
            <th scope="col">Rows</th>
            <th scope="col">Of the class</th>
          </tr>
        </thead>
        <tbody>${pairs.map(({ is, as, rows }) =>
          html`
            <tr>
              <th scope="row">${name(is)}</th>
              <td class="text">${name(as)}</td>
              <td>${count(rows)}</td>
              <td>${percent(rows / (per_class[is]?.support ?? 1))}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

function figureOf(picture: Picture, caption: string): Markup {
  return html`<figure><h3>${picture.title}</h3>${new Markup(inlineSvg(picture))}
<figcaption>${caption}</figcaption></figure>`;
}
