/**
 * Charts as SVG: for a page, or as files of their own.
 *
 * @module
 */
export { type Bar, barChart } from "./bar_chart.ts";
export { type Axis, histogram, type LineChart, lineChart, type Series } from "./line_chart.ts";
export { matrixChart, MOST_MATRIX_CLASSES } from "./matrix_chart.ts";
export { linearScale, type Scale } from "./scale.ts";
export {
  CHART_STYLE,
  DARK,
  escapeText,
  inlineSvg,
  LIGHT,
  type Picture,
  shortened,
  svgDocument,
} from "./svg.ts";
