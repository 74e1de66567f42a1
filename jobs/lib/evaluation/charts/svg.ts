/**
 * What every chart is made of.
 *
 * @see https://www.w3.org/TR/SVG2/
 * @module
 */

/** A picture that is not yet a document: its elements and what it shows. */
export interface Picture {
  /** In units of its own, about a pixel each. */
  readonly width: number;
  /** Likewise. */
  readonly height: number;
  /** What it shows, in words; read aloud by screen readers. */
  readonly title: string;
  /** Elements of the classes of {@linkcode CHART_STYLE}. */
  readonly content: readonly string[];
}

/** A file of its own: with its colours, and a ground of its own, for viewers with any. */
export function svgDocument(picture: Picture): string {
  const ground = `<rect class="ground" width="${picture.width}" height="${picture.height}"/>`;
  return svg(picture, [
    `<style>svg{${LIGHT}}@media(prefers-color-scheme:dark){svg{${DARK}}}` +
    `text{font:12px system-ui,sans-serif}.ground{fill:var(--ground)}${CHART_STYLE}</style>`,
    ground,
    ...picture.content,
  ]);
}

/** An element of a page, which gives the colours. */
export function inlineSvg(picture: Picture): string {
  return svg(picture, picture.content);
}

/** Text that stands for itself in XML and HTML, in an element or between quotes. */
export function escapeText(text: string): string {
  return text.toWellFormed()
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Shortened to so many characters. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** A coordinate, to a tenth. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The colours as CSS variables, on a light ground; each has a contrast of 4.5 to it. */
export const LIGHT = "--ground:#ffffff;--ink:#1c2127;--faint:#5b6470;--rule:#dfe3e8;" +
  "--ours:#1f5fd0;--theirs:#b4540a;--on-ours:#ffffff;--good:#18794e;--bad:#c0322b;--card:#f6f8fa";

/** Likewise, on a dark ground. */
export const DARK = "--ground:#14171c;--ink:#e4e8ee;--faint:#9aa4b2;--rule:#2c323b;" +
  "--ours:#6ea8fe;--theirs:#f0a35e;--on-ours:#0d1420;--good:#5fc992;--bad:#ff8a80;--card:#1b2027";

/** Classes of the charts' elements, in terms of the variables. */
export const CHART_STYLE = "svg text{fill:var(--ink)}svg .faint{fill:var(--faint)}" +
  "svg .end{text-anchor:end}svg .mid{text-anchor:middle}" +
  "svg .rule{stroke:var(--rule)}svg .dash{stroke:var(--faint);stroke-dasharray:3 4;fill:none}" +
  "svg .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}" +
  "svg .line.ours{stroke:var(--ours)}svg .line.theirs{stroke:var(--theirs)}" +
  "svg .mark.ours{fill:var(--ours)}svg .mark.theirs{fill:var(--theirs)}" +
  "svg .cell{fill:var(--ours)}svg text.on{fill:var(--on-ours)}";

function svg({ width, height, title }: Picture, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}">`,
    ...content,
    "</svg>\n",
  ].join("\n");
}
