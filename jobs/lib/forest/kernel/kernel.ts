/**
 * An instance of the kernel, the WebAssembly module that does what of training takes the time.
 *
 * @module
 */

/** An instance; it works on the memory it was made with, as `layout.ts` lays it out. */
export interface Kernel {
  /** Reads the plan and the thread's own addresses at the given places. */
  readonly configure: (plan: number, own: number) => void;
  /** Draws the rows of a tree. */
  readonly start: (tree: number) => void;
  /**
   * Grows the tree for about `budget` records.
   *
   * @returns The number of its nodes once it is done, 0 if it is not, or {@linkcode STOPPED} or
   *   {@linkcode FULL}.
   */
  readonly grow: (budget: number) => number;
  /** Writes the codes of values. @returns 1 if +Infinity is among them. */
  readonly quantise: (
    values: number,
    count: number,
    edges: number,
    out: number,
    stride: number,
  ) => number;
}

/** All shall stop. */
export const STOPPED = -1;
/** The tree has more nodes than fit. */
export const FULL = -2;

/** Makes an instance. */
export function createKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return {
    configure: exports["configure"] as Kernel["configure"],
    start: exports["start"] as Kernel["start"],
    grow: exports["grow"] as Kernel["grow"],
    quantise: exports["quantise"] as Kernel["quantise"],
  };
}
