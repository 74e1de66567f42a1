// The tree while it grows, and what is known of a node: the twins of ../../tree_table.ts and of the
// criteria's `summarise`, `isPure` and `leaf`.
import { CLASSES, NODE_BYTES, REGRESSION } from "../layout";
import { classes, kind, nodeCapacity, nodes, stride, targets, total, trees, values } from "./state";

/** One, in the parts of ../../shares.ts. */
const ONE: f64 = 16777216;

/** Nodes of the tree. */
export let size: u32 = 0;
/** What values count from in the node at hand. */
export let origin: f64 = 0;
/** The share of the tree at hand. */
let share: f64 = 0;

export function startTree(tree: u32): void {
  size = 0;
  share = Math.floor(<f64>(tree + 1) * ONE / <f64>trees) - Math.floor(<f64>tree * ONE / <f64>trees);
  addLeaf();
}

/** @returns false if the table is full */
export function hasRoom(): bool {
  return size + 2 <= nodeCapacity;
}

/** Makes a leaf an inner node. @returns Its left child; the right one follows it. */
export function split(node: u32, column: u32, bin: u32, missingLeft: bool): u32 {
  const left = size;
  addLeaf();
  addLeaf();
  const at = nodes + NODE_BYTES * node;
  store<u32>(at, left);
  store<u32>(at, (column << 9) | (u32(missingLeft) << 8) | bin, 4);
  for (let k: u32 = 0; k < targets; k++) store<f32>(values + 4 * (node * targets + k), 0);
  return left;
}

@inline
function addLeaf(): void {
  store<u64>(nodes + NODE_BYTES * size, 0);
  size++;
}

/** The value of a leaf of binary records. */
@inline
export function setBinaryLeaf(node: u32, weight: u32, second: u32): void {
  const all = <f64>weight;
  // The parts of the first class, then what is left of the share: as divideShare() does it.
  const first = nearest(share * (<f64>(weight - second) / all));
  store<f32>(values + 4 * node, <f32>((nearest(share * 1) - first) / ONE));
}

/** Writes the summary of records of classes or values, in the order of rows, to `total`. */
export function summarise(from: usize, rows: u32, step: isize): void {
  if (kind == CLASSES) {
    for (let k: usize = 0; k < classes; k++) store<f64>(total + 8 * k, 0);
    for (let i: u32 = 0; i < rows; i++, from += step) {
      const at = total + 8 * <usize>load<u32>(from + stride - 8);
      store<f64>(at, load<f64>(at) + <f64>load<u32>(from + stride - 4));
    }
    return;
  }
  origin = 0;
  sumValues(from, rows, step);
  origin = load<f64>(total, 8) / load<f64>(total);
  sumValues(from, rows, step);
}

function sumValues(from: usize, rows: u32, step: isize): void {
  let weights: f64 = 0, sum: f64 = 0;
  for (let i: u32 = 0; i < rows; i++, from += step) {
    const weight = <f64>load<u32>(from + stride - 4);
    weights += weight;
    sum += weight * (load<f64>(from + stride - 12) - origin);
  }
  store<f64>(total, weights);
  store<f64>(total, sum, 8);
}

/** True if all labels are the same; of the node that was summarised. */
export function isPure(from: usize, rows: u32, step: isize): bool {
  if (kind == CLASSES) {
    const label = load<u32>(from + stride - 8);
    for (let i: u32 = 1; i < rows; i++) {
      from += step;
      if (load<u32>(from + stride - 8) != label) return false;
    }
    return true;
  }
  const value = load<f64>(from + stride - 12);
  for (let i: u32 = 1; i < rows; i++) {
    from += step;
    if (load<f64>(from + stride - 12) != value) return false;
  }
  return true;
}

/** The values of a leaf that was summarised. */
export function setLeaf(node: u32): void {
  const at = values + 4 * <usize>node * targets;
  if (kind == REGRESSION) {
    const mean = origin + load<f64>(total, 8) / load<f64>(total);
    store<f32>(at, <f32>(mean / <f64>trees));
    return;
  }
  let all: f64 = 0;
  for (let k: usize = 0; k < classes; k++) all += load<f64>(total + 8 * k);
  let weight: f64 = 0, given: f64 = 0;
  for (let k: usize = 0; k < classes; k++) {
    weight += load<f64>(total + 8 * k);
    const upToHere = nearest(share * (weight / all));
    const value = <f32>((upToHere - given) / ONE);
    given = upToHere;
    if (classes != 2) store<f32>(at + 4 * k, value);
    else if (k == 1) store<f32>(at, value);
  }
}

/** Math.round of what is not negative. */
@inline
function nearest(x: f64): f64 {
  const whole = Math.floor(x);
  return x - whole >= 0.5 ? whole + 1 : whole;
}
