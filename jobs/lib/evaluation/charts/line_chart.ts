import type { Point } from "../curves.ts";
import { linearScale, type Scale } from "./scale.ts";
import { at, escapeText, type Picture, shortened } from "./svg.ts";

/** One line of a chart. */
export interface Series {
  /** As the legend has it. */
  readonly name: string;
  /** Whose it is: gives the colour. */
  readonly of: "ours" | "theirs";
  /** In the order in which they are joined. */
  readonly points: readonly Point[];
  /** Also draws a dot at each point. */
  readonly dots?: boolean;
}

/** One direction of a chart. */
export interface Axis {
  /** What it measures. */
  readonly label: string;
  /** Least and greatest value; those of the points, rounded, unless told. */
  readonly range?: readonly [number, number];
}

/** What a chart shows. */
export interface LineChart {
  /** In words. */
  readonly title: string;
  /** To the right. */
  readonly x: Axis;
  /** Up. */
  readonly y: Axis;
  /** Drawn in this order, the last on top. */
  readonly series: readonly Series[];
  /** A dashed line from one point to another, for what no knowledge would give. */
  readonly guide?: readonly [Point, Point];
}

const WIDTH = 400;
const HEIGHT = 320;
const LEFT = 62;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 46;
const LEGEND = 18;

/** Draws lines over two axes. */
export function lineChart(chart: LineChart): Picture {
  const legend = chart.series.length > 1 ? chart.series.length * LEGEND : 0;
  const points = chart.series.flatMap((series) => series.points);
  const x = axisScale(chart.x, points.map(([value]) => value), [LEFT, WIDTH - RIGHT]);
  const bottom = legend + HEIGHT - BOTTOM;
  const y = axisScale(chart.y, points.map(([, value]) => value), [bottom, legend + TOP]);
  return {
    width: WIDTH,
    height: HEIGHT + legend,
    title: chart.title,
    content: [
      ...(legend > 0 ? chart.series.map(legendEntry) : []),
      ...axes(x, y, chart, bottom),
      ...(chart.guide === undefined ? [] : [guideLine(chart.guide, x, y)]),
      ...chart.series.flatMap((series) => drawn(series, x, y)),
    ],
  };
}

/** Vertical bars over a continuous axis. */
export function histogram(
  { title, x: { label }, bins }: {
    readonly title: string;
    readonly x: Axis;
    readonly bins: readonly {
      readonly lower: number;
      readonly upper: number;
      readonly count: number;
    }[];
  },
): Picture {
  const edges = bins.flatMap(({ lower, upper }) => [lower, upper]);
  const bottom = HEIGHT - BOTTOM;
  const x = axisScale({ label }, edges, [LEFT, WIDTH - RIGHT]);
  const y = axisScale({ label: "rows" }, [0, ...bins.map(({ count }) => count)], [bottom, TOP]);
  const bars = bins.map(({ lower, upper, count }) =>
    `<rect class="mark ours" x="${at(x.at(lower) + 0.5)}" y="${at(y.at(count))}" ` +
    `width="${at(Math.max(0.5, x.at(upper) - x.at(lower) - 1))}" ` +
    `height="${at(y.at(0) - y.at(count))}"><title>${count} rows</title></rect>`
  );
  const labels = { x: { label }, y: { label: "rows" } };
  return { width: WIDTH, height: HEIGHT, title, content: [...axes(x, y, labels, bottom), ...bars] };
}

function axisScale(
  { range }: Axis,
  values: readonly number[],
  to: readonly [number, number],
): Scale {
  if (range !== undefined) return linearScale(range, to);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  return linearScale([least, greatest], to, { round: true });
}

function axes(
  x: Scale,
  y: Scale,
  labels: { readonly x: Axis; readonly y: Axis },
  bottom: number,
): string[] {
  const top = y.at(y.ticks.at(-1) ?? 0);
  return [
    ...y.ticks.map((tick) =>
      `<line class="rule" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y.at(tick))}" ` +
      `y2="${at(y.at(tick))}"/><text class="faint end" x="${LEFT - 8}" ` +
      `y="${at(y.at(tick) + 4)}">${y.label(tick)}</text>`
    ),
    ...x.ticks.map((tick) =>
      `<text class="faint mid" x="${at(x.at(tick))}" y="${bottom + 18}">${x.label(tick)}</text>`
    ),
    `<text class="faint mid" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${bottom + 38}">` +
    `${escapeText(labels.x.label)}</text>`,
    `<text class="faint mid" transform="translate(12 ${at((top + bottom) / 2)}) rotate(-90)">` +
    `${escapeText(labels.y.label)}</text>`,
  ];
}

function legendEntry({ name, of }: Series, index: number): string {
  const y = 8 + index * LEGEND;
  return `<line class="line ${of}" x1="${LEFT}" x2="${LEFT + 18}" y1="${y}" y2="${y}"/>` +
    `<text x="${LEFT + 26}" y="${y + 4}">${escapeText(shortened(name, 46))}</text>`;
}

function guideLine([from, to]: readonly [Point, Point], x: Scale, y: Scale): string {
  const [x1, y1, x2, y2] = [x.at(from[0]), y.at(from[1]), x.at(to[0]), y.at(to[1])].map(at);
  return `<line class="dash" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function drawn({ points, of, dots, name }: Series, x: Scale, y: Scale): string[] {
  const coordinates = points.map(([px, py]) => `${at(x.at(px))},${at(y.at(py))}`);
  const line = `<polyline class="line ${of}" points="${coordinates.join(" ")}">` +
    `<title>${escapeText(name)}</title></polyline>`;
  if (dots !== true) return [line];
  return [
    line,
    ...points.map(([px, py]) =>
      `<circle class="mark ${of}" cx="${at(x.at(px))}" cy="${at(y.at(py))}" r="3.5">` +
      `<title>${px.toPrecision(4)}, ${py.toPrecision(4)}</title></circle>`
    ),
  ];
}
