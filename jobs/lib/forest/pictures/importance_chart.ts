/**
 * Which columns a forest relies on, as a chart.
 *
 * @module
 */

import { escapeXml, picture, shortened } from "./svg.ts";

/** Columns that are shown; the others are added up. */
const MOST_BARS = 25;
const WIDTH = 720;
const LABELS = 220;
const BARS = 420;
const ROW = 24;

/**
 * Draws importances as horizontal bars, the greatest first.
 *
 * @param importances One a column, at least 0.
 * @param names Of the columns.
 * @returns An SVG document.
 */
export function importanceChart(
  importances: ArrayLike<number>,
  names: readonly string[],
): string {
  const all = names.map((name, k) => ({ name, value: importances[k] ?? 0 }))
    .toSorted((a, b) => b.value - a.value);
  const rest = all.slice(MOST_BARS);
  const bars = all.slice(0, MOST_BARS);
  if (rest.length > 0) {
    const value = rest.reduce((sum, each) => sum + each.value, 0);
    bars.push({ name: `${rest.length} others`, value });
  }
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const content = bars.map(({ name, value }, k) => {
    const y = 40 + k * ROW;
    const length = Math.max(1, value / most * BARS).toFixed(1);
    return `<g><title>${escapeXml(name)}: ${value.toFixed(4)}</title>` +
      `<text x="${LABELS - 8}" y="${y + 14}" text-anchor="end">` +
      `${escapeXml(shortened(name, 28))}</text>` +
      `<rect class="mark" x="${LABELS}" y="${y + 2}" width="${length}" height="${ROW - 7}"/>` +
      `<text class="faint" x="${LABELS + Number(length) + 6}" y="${y + 14}">` +
      `${(100 * value).toFixed(1)} %</text></g>`;
  });
  const title = "Importance: share of the decrease in impurity";
  const heading = `<text x="${LABELS}" y="24">${title}</text>`;
  return picture(WIDTH, 52 + bars.length * ROW, title, [heading, ...content]);
}
