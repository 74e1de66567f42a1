import { linearScale, type Picture } from "../charts/mod.ts";
import type { Comparison } from "../compare.ts";

const WIDTH = 400;
const HEIGHT = 62;
const SIDE = 24;

/** The gain as a dot on its interval, beside 0; undefined without an interval of any width. */
export function gainPicture({ gain, interval, metric }: Comparison): Picture | undefined {
  if (interval === null || interval[0] === interval[1]) return undefined;
  const reach = Math.max(...interval.map(Math.abs), Math.abs(gain), 1e-9) * 1.15;
  const x = linearScale([-reach, reach], [SIDE, WIDTH - SIDE], { ticks: 6 });
  const [low, high] = interval.map((value) => x.at(value).toFixed(1));
  const zero = x.at(0).toFixed(1);
  return {
    width: WIDTH,
    height: HEIGHT,
    title: `Gain in ${metric}: ${gain.toPrecision(3)}, interval ${interval[0].toPrecision(3)} to ` +
      interval[1].toPrecision(3),
    content: [
      `<line class="rule" x1="${SIDE}" x2="${WIDTH - SIDE}" y1="20" y2="20"/>`,
      `<line class="dash" x1="${zero}" x2="${zero}" y1="4" y2="36"/>`,
      `<line class="line ours" stroke-width="4" x1="${low}" x2="${high}" y1="20" y2="20"/>`,
      `<circle class="mark ours" cx="${x.at(gain).toFixed(1)}" cy="20" r="6"/>`,
      ...x.ticks.map((tick) =>
        `<text class="faint mid" x="${x.at(tick).toFixed(1)}" y="54">${x.label(tick)}</text>`
      ),
    ],
  };
}
