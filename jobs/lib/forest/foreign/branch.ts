/**
 * Every kind of comparison that a tree ensemble knows, as the one that our trees know.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/Operators-ml.md#ai.onnx.ml.TreeEnsembleClassifier
 * @module
 */

import { bytesOf } from "../onnx/graph.ts";
import { Unsupported } from "./unsupported.ts";

/** How a node compares; `LEAF` does not. */
export type Mode = (typeof MODES)[number];

const MODES = [
  "LEAF",
  "BRANCH_LEQ",
  "BRANCH_LT",
  "BRANCH_GTE",
  "BRANCH_GT",
  "BRANCH_EQ",
  "BRANCH_NEQ",
] as const;
const ENCODED = MODES.map(bytesOf);

/** The mode that is spelled so. */
export function modeOf(bytes: Uint8Array): Mode {
  const at = ENCODED.findIndex((mode) =>
    mode.length === bytes.length && mode.every((byte, i) => byte === bytes[i])
  );
  const mode = MODES[at];
  if (mode === undefined) throw new Unsupported(`mode ${new TextDecoder().decode(bytes)}`);
  return mode;
}

/** What is compared instead of the column itself; NaN stays NaN. */
export type Test =
  /** 0 where the column is one of these numbers, otherwise 1. */
  | { readonly among: readonly number[] }
  /** 0 where the column is any number. */
  | { readonly present: true };

/** A comparison of the form "left if value ≤ threshold". */
export interface Branch {
  /** Undefined if the column itself is compared. */
  readonly test?: Test;
  readonly threshold: number;
  /** Left is where the original comparison is false. */
  readonly swapped: boolean;
  readonly missingLeft: boolean;
}

/**
 * Rewrites a comparison. NaN compares false, except as unequal, and is true where the node says so.
 *
 * @param value What is compared with, a float32.
 * @param tracksTrue The node's `missing_value_tracks_true`.
 */
export function branchOf(mode: Exclude<Mode, "LEAF">, value: number, tracksTrue: boolean): Branch {
  switch (mode) {
    case "BRANCH_LEQ":
      return atMost(value, false, tracksTrue);
    case "BRANCH_LT":
      return atMost(below(value), false, tracksTrue);
    case "BRANCH_GT":
      return atMost(value, true, !tracksTrue);
    case "BRANCH_GTE":
      return atMost(below(value), true, !tracksTrue);
    case "BRANCH_EQ":
      return { test: { among: [value] }, threshold: 0, swapped: false, missingLeft: tracksTrue };
    case "BRANCH_NEQ":
      return { test: { among: [value] }, threshold: 0, swapped: true, missingLeft: false };
  }
}

function atMost(threshold: number, swapped: boolean, missingLeft: boolean): Branch {
  if (Number.isNaN(threshold)) throw new Unsupported("a threshold that is no number");
  // LightGBM asks so whether a value is missing.
  if (threshold === Infinity) {
    return { test: { present: true }, threshold: 0, swapped, missingLeft };
  }
  if (threshold !== -Infinity) return { threshold, swapped, missingLeft };
  return { test: { among: [threshold] }, threshold: 0, swapped, missingLeft };
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The greatest float32 below a float32; NaN below the least and below NaN. */
export function below(value: number): number {
  if (value === -Infinity || Number.isNaN(value)) return NaN;
  if (value === 0) return -1.401298464324817e-45;
  float[0] = value;
  bits[0] = (bits[0] as number) + (value > 0 ? -1 : 1);
  return float[0];
}
