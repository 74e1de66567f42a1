/**
 * One thread's part in growing a forest: takes the next tree's number, grows the tree, and so on.
 *
 * @module
 */

import { copyTree, type GrownTree } from "./grown_tree.ts";
import { createKernel, FULL, type Kernel, STOPPED } from "./kernel.ts";
import type { OwnPlaces } from "./memory.ts";

/** What a thread needs to take part; can be sent to a worker. */
export interface GrowerSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the plan. */
  readonly plan: number;
  /** Address of the control words. */
  readonly control: number;
  /** How many trees are to be grown. */
  readonly count: number;
  readonly targets: number;
  readonly columns: number;
  readonly place: OwnPlaces;
}

/** A tree does not fit the memory set aside for one. */
export const TREE_TOO_LARGE = "a tree does not fit its memory";

/** Records that are grown in a stretch: a few tenths of a second. */
const BUDGET = 20_000_000;

/** Grows trees, a stretch at a time. */
export class Grower {
  readonly #setup: GrowerSetup;
  readonly #kernel: Kernel;
  readonly #control: Int32Array;
  #tree: number | undefined;
  #done = false;

  constructor(setup: GrowerSetup, kernel = createKernel(setup.module, setup.memory)) {
    this.#setup = setup;
    this.#kernel = kernel;
    this.#control = new Int32Array(setup.memory.buffer, setup.control, 2 + setup.count);
    kernel.configure(setup.plan, setup.place.own);
  }

  /** True once there is no more to do, or all shall stop. */
  get done(): boolean {
    return this.#done;
  }

  /** Grows for a stretch. @returns A tree that is done, if one is. */
  next(): GrownTree | undefined {
    if (Atomics.load(this.#control, 0) !== 0) this.#done = true;
    if (this.#tree === undefined) this.#take();
    if (this.#tree === undefined || this.#done) return undefined;
    const nodes = this.#kernel.grow(BUDGET);
    if (nodes === FULL) throw new RangeError(TREE_TOO_LARGE);
    if (nodes === STOPPED) this.#done = true;
    if (nodes <= 0) return undefined;
    const number = this.#tree;
    this.#tree = undefined;
    return copyTree(number, nodes, this.#setup, this.#setup.place, this.#setup);
  }

  #take(): void {
    const index = Atomics.add(this.#control, 1, 1);
    if (index >= this.#setup.count) {
      this.#done = true;
      return;
    }
    this.#tree = this.#control[2 + index] as number;
    this.#kernel.start(this.#tree);
  }
}
