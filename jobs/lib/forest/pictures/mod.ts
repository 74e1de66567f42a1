/**
 * Pictures of a forest, as SVG.
 *
 * @module
 */
export { importanceChart } from "./importance_chart.ts";
export { treePicture, type TreePictureOptions } from "./tree_picture.ts";
