import { at, escapeText, type Picture, shortened } from "./svg.ts";

/** A bar and how sure it is. */
export interface Bar {
  /** What it stands for. */
  readonly name: string;
  /** Its length; below 0 it goes to the left. */
  readonly value: number;
  /** Drawn as a line of twice this length around its end. */
  readonly deviation?: number;
}

const WIDTH = 480;
const LABELS = 170;
const VALUES = 60;
const ROW = 22;

/**
 * Draws horizontal bars in the order given.
 *
 * @param title what the lengths are
 */
export function barChart(title: string, bars: readonly Bar[]): Picture {
  const reach = bars.map(({ value, deviation = 0 }) => [value - deviation, value + deviation])
    .flat();
  const [least, most] = [Math.min(0, ...reach), Math.max(Number.MIN_VALUE, ...reach)];
  const x = (value: number) =>
    LABELS + (value - least) / (most - least) * (WIDTH - LABELS - VALUES);
  const content = bars.map(({ name, value, deviation }, index) => {
    const y = 34 + index * ROW;
    const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
    const spread = deviation === undefined
      ? ""
      : `<line stroke="var(--ink)" x1="${at(x(value - deviation))}" ` +
        `x2="${at(x(value + deviation))}" y1="${y + 8}" y2="${y + 8}"/>`;
    return `<g><title>${escapeText(name)}: ${value.toPrecision(4)}</title>` +
      `<text class="end" x="${LABELS - 8}" y="${y + 12}">${
        escapeText(shortened(name, 24))
      }</text>` +
      `<rect class="mark ours" x="${at(from)}" y="${y + 2}" ` +
      `width="${at(Math.max(1, to - from))}" height="${ROW - 9}" rx="2"/>${spread}` +
      `<text class="faint end" x="${WIDTH - 6}" y="${y + 12}">${shown(value)}</text></g>`;
  });
  return {
    width: WIDTH,
    height: 42 + bars.length * ROW,
    title,
    content: [`<text class="faint" x="${LABELS}" y="20">${escapeText(title)}</text>`, ...content],
  };
}

function shown(value: number): string {
  return value !== 0 && Math.abs(value) < 5e-5 ? value.toExponential(1) : value.toFixed(4);
}
