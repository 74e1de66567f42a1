/**
 * Hyperparameters that are a name, a fraction or a count, as counts.
 *
 * @module
 */

import type { ForestOptions, MaxFeatures } from "./forest.ts";

/**
 * How many of `columns` columns a node looks at: at least one. A number below 1 is the fraction of
 * the columns, a whole number from 1 their count.
 */
export function countFeatures(maxFeatures: MaxFeatures, columns: number): number {
  const wanted = maxFeatures === "all"
    ? columns
    : maxFeatures === "sqrt"
    ? Math.sqrt(columns)
    : maxFeatures === "log2"
    ? Math.log2(columns)
    : maxFeatures < 1
    ? maxFeatures * columns
    : maxFeatures;
  return Math.min(columns, Math.max(1, Math.floor(wanted)));
}

/** How often a tree draws a row on average: at most once. */
export function drawsPerRow(maxSamples: ForestOptions["maxSamples"], rows: number): number {
  if (maxSamples === undefined) return 1;
  return Math.min(1, maxSamples < 1 ? maxSamples : maxSamples / rows);
}
