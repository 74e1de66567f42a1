/**
 * Keeps the trees of a training in blocks while it goes on, and finds those of an earlier attempt.
 *
 * @module
 */

import { messageOf } from "../../errors.ts";
import type { Checkpoints, TrainingControl } from "../forest.ts";
import type { GrownTree } from "../kernel/grown_tree.ts";
import { decodeBlock, encodeBlock } from "./block.ts";

/** Seconds between blocks unless the caller says otherwise. */
const SECONDS = 20;
/** A block is written sooner if so much waits for it. */
const BYTES = 64 * 2 ** 20;

/** Keeps trees. */
export class TreeKeeper {
  readonly #checkpoints: Checkpoints;
  readonly #fingerprint: Uint8Array<ArrayBuffer>;
  readonly #onNotice: TrainingControl["onNotice"];
  #waiting: GrownTree[] = [];
  #bytes = 0;
  #last = performance.now();
  #writing: Promise<void> = Promise.resolve();

  constructor(
    checkpoints: Checkpoints,
    fingerprint: Uint8Array<ArrayBuffer>,
    onNotice: TrainingControl["onNotice"],
  ) {
    this.#checkpoints = checkpoints;
    this.#fingerprint = fingerprint;
    this.#onNotice = onNotice;
  }

  /** The trees of earlier attempts by their number; blocks of others and damaged ones are left alone. */
  async load(): Promise<Map<number, GrownTree>> {
    const { store } = this.#checkpoints;
    const trees = new Map<number, GrownTree>();
    const unusable = { foreign: 0, damaged: 0 };
    for (const name of await store.list()) {
      const bytes = await store.read(name);
      const found = bytes === undefined ? [] : await decodeBlock(bytes, this.#fingerprint);
      if (typeof found === "string") unusable[found]++;
      else for (const tree of found) trees.set(tree.number, tree);
    }
    if (unusable.foreign > 0) {
      this.#onNotice?.(
        `${store.place}: ${unusable.foreign} files of another training (data, hyperparameters or ` +
          "version differ) are left alone",
      );
    }
    if (unusable.damaged > 0) {
      this.#onNotice?.(`${store.place}: ${unusable.damaged} damaged files are left alone`);
    }
    if (trees.size > 0) this.#onNotice?.(`${store.place}: ${trees.size} trees are there already`);
    return trees;
  }

  /** Takes a tree, and begins a block if it is time for one. */
  keep(tree: GrownTree): void {
    this.#waiting.push(tree);
    this.#bytes += tree.nodes.byteLength + tree.values.byteLength;
    const seconds = (performance.now() - this.#last) / 1000;
    if (seconds >= (this.#checkpoints.seconds ?? SECONDS) || this.#bytes >= BYTES) this.#begin();
  }

  /** Writes what waits. @returns once everything is written */
  async flush(): Promise<void> {
    if (this.#waiting.length > 0) this.#begin();
    await this.#writing;
  }

  #begin(): void {
    const trees = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    this.#last = performance.now();
    this.#writing = this.#writing.then(() => this.#write(trees));
  }

  /** A block that cannot be written costs time later, not the training. */
  async #write(trees: readonly GrownTree[]): Promise<void> {
    try {
      const bytes = await encodeBlock(trees, this.#fingerprint);
      const name = `${this.#fingerprint.toHex().slice(0, 16)}-${crypto.randomUUID()}.trees`;
      await this.#checkpoints.store.write(name, bytes);
    } catch (error) {
      this.#onNotice?.(messageOf(error));
    }
  }
}
