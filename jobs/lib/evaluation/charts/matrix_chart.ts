import { at, escapeText, type Picture, shortened } from "./svg.ts";

/** Classes beyond which the cells are too small to read. */
export const MOST_MATRIX_CLASSES = 10;

const WIDTH = 400;
const LEFT = 92;
const TOP = 48;

/**
 * Draws a confusion matrix: rows are true classes, columns predicted ones; the colour is the part of
 * the row.
 */
export function matrixChart(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
): Picture {
  const size = (WIDTH - LEFT - 8) / classes.length;
  const height = Math.min(size, 72);
  const cells = matrix.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, k) => {
      const share = total === 0 ? 0 : count / total;
      const [x, y] = [LEFT + k * size, TOP + i * height];
      const text = share > 0.5 ? ' class="mid on"' : ' class="mid"';
      const percent = size > 60
        ? `<text${text} x="${at(x + size / 2)}" y="${at(y + height / 2 + 16)}">` +
          `${(100 * share).toFixed(1)} %</text>`
        : "";
      return `<g><title>${count} rows of ${escapeText(classes[i] ?? "")} predicted as ` +
        `${escapeText(classes[k] ?? "")}</title>` +
        `<rect class="cell" x="${at(x + 1)}" y="${at(y + 1)}" width="${at(size - 2)}" ` +
        `height="${at(height - 2)}" rx="3" fill-opacity="${(0.06 + 0.94 * share).toFixed(3)}"/>` +
        `<text${text} x="${at(x + size / 2)}" y="${
          at(y + height / 2 + (percent === "" ? 4 : -1))
        }"` +
        `>${compact(count)}</text>${percent}</g>`;
    });
  });
  const most = Math.max(3, Math.floor(size / 7));
  return {
    width: WIDTH,
    height: TOP + height * classes.length + 8,
    title: "Confusion matrix: rows are true classes, columns predicted ones",
    content: [
      `<text class="faint" x="${LEFT}" y="14">predicted as</text>`,
      `<text class="faint end" x="${LEFT - 10}" y="${TOP - 10}">true</text>`,
      ...classes.map((name, k) =>
        `<text class="mid" x="${at(LEFT + (k + 0.5) * size)}" y="${TOP - 10}">` +
        `${escapeText(shortened(name, most))}</text>`
      ),
      ...classes.map((name, i) =>
        `<text class="end" x="${LEFT - 10}" y="${at(TOP + (i + 0.5) * height + 4)}">` +
        `${escapeText(shortened(name, 12))}</text>`
      ),
      ...cells,
    ],
  };
}

function compact(count: number): string {
  return count < 100_000 ? String(count) : `${(count / 1000).toFixed(0)}k`;
}
