/**
 * The kernel (`assembly/kernel.ts`), loaded once with one memory, in which one forest lies at a time.
 *
 * @module
 */

import bytes from "./kernel.wasm" with { type: "bytes" };
import type { PackedForest } from "./pack.ts";

/** What the kernel exports; addresses and sizes in bytes. */
export interface Kernel {
  quantise(
    values: number,
    rows: number,
    edges: number,
    small: number,
    leftPlane: number,
    leftCells: number,
    rightPlane: number,
    rightCells: number,
    stride: number,
  ): void;
  addTrees(
    trees: number,
    count: number,
    rows: number,
    places: number,
    list: number,
    leaves: number,
    cells: number,
    stride: number,
    sums: number,
    width: number,
    leafValues: number,
  ): void;
}

/** A kernel whose memory holds a forest. */
export interface LoadedKernel {
  readonly kernel: Kernel;
  readonly memory: WebAssembly.Memory;
}

const PAGE = 65536;
/** WebAssembly's limit. */
const MOST_PAGES = 65536;

let instance: LoadedKernel | undefined;
let resident: WeakRef<PackedForest> | undefined;

/** The kernel with this forest in its memory; valid until the next call. */
export function loadKernel(forest: PackedForest): LoadedKernel {
  instance ??= instantiate();
  if (resident?.deref() === forest) return instance;
  const { memory } = instance;
  const start = forest.layout.forest;
  const missing = start + forest.image.length - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  new Uint8Array(memory.buffer).set(forest.image, start);
  resident = new WeakRef(forest);
  return instance;
}

function instantiate(): LoadedKernel {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const { quantise, addTrees } = exports;
  if (!isFunction(quantise) || !isFunction(addTrees)) {
    throw new TypeError("the kernel lacks a function");
  }
  return { kernel: { quantise, addTrees }, memory };
}

function isFunction(value: unknown): value is (...numbers: number[]) => void {
  return typeof value === "function";
}
