/**
 * A plot of time over rows, both in powers of ten: what grows in proportion is a line with the slope of
 * the diagonal.
 *
 * @module
 */
import { picture } from "../../jobs/lib/forest/pictures/svg.ts";

/** One training. */
export interface Measured {
  readonly rows: number;
  readonly trees: number;
  /** CPU seconds. */
  readonly cpu: number;
}

const WIDTH = 720;
const HEIGHT = 420;
const MARGIN = { left: 64, right: 96, top: 40, bottom: 48 };

/** Draws a line a number of trees. @returns An SVG document */
export function growthPlot(all: readonly Measured[]): string {
  const x = scale(all.map(({ rows }) => rows), MARGIN.left, WIDTH - MARGIN.right);
  const y = scale(all.map(({ cpu }) => cpu), HEIGHT - MARGIN.bottom, MARGIN.top);
  const content = [
    `<text x="${MARGIN.left}" y="24">CPU seconds of a training over its rows</text>`,
    ...x.ticks.map((tick) =>
      line(x.at(tick), MARGIN.top, x.at(tick), HEIGHT - MARGIN.bottom) +
      `<text class="faint" x="${x.at(tick)}" y="${HEIGHT - 24}" text-anchor="middle">` +
      `${tick.toLocaleString("en")}</text>`
    ),
    ...y.ticks.map((tick) =>
      line(MARGIN.left, y.at(tick), WIDTH - MARGIN.right, y.at(tick)) +
      `<text class="faint" x="${MARGIN.left - 8}" y="${y.at(tick) + 4}" text-anchor="end">` +
      `${tick}</text>`
    ),
  ];
  for (const [trees, measured] of Map.groupBy(all, (each) => each.trees)) {
    const points = measured.map(({ rows, cpu }) => [x.at(rows), y.at(cpu)] as const);
    const path = points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px} ${py}`).join("");
    content.push(`<path class="line" style="stroke-width:2" d="${path}"/>`);
    for (const [px, py] of points) {
      content.push(`<circle class="mark" cx="${px}" cy="${py}" r="4"/>`);
    }
    const [px = 0, py = 0] = points.at(-1) ?? [];
    content.push(`<text x="${px + 10}" y="${py + 4}">${trees} trees</text>`);
  }
  return picture(WIDTH, HEIGHT, "Time of training over rows", content);
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="line" style="opacity:.4" d="M${x1} ${y1}L${x2} ${y2}"/>`;
}

/** Powers of ten that hold all values, from one place to another. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  const at = (value: number) =>
    Math.round(from + (Math.log10(value) - low) / (high - low) * (to - from));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return { at, ticks };
}
