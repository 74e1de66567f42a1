/**
 * Keeps the trees of a training in blocks while it goes on, and finds those of an earlier attempt or of
 * other hosts.
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
/** As {@linkcode TreeKeeper} names blocks. */
const BLOCK_NAME = /^[0-9a-f]{16}-.*\.trees$/;

/** Keeps trees. */
export class TreeKeeper {
  readonly #checkpoints: Checkpoints;
  readonly #fingerprint: Uint8Array<ArrayBuffer>;
  readonly #onNotice: TrainingControl["onNotice"];
  #waiting: GrownTree[] = [];
  #bytes = 0;
  #last = performance.now();
  #writing: Promise<void> = Promise.resolve();
  /** Names of blocks that need not be looked at again. */
  readonly #seen = new Set<string>();
  #failure: unknown;

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
    const trees = await this.#read(await store.list());
    if (trees.size > 0) this.#onNotice?.(`${store.place}: ${trees.size} trees are there already`);
    return trees;
  }

  /** The trees that came into the store since it was last looked at. */
  async more(): Promise<Map<number, GrownTree>> {
    return await this.#read(await this.#checkpoints.store.list(this.#prefix));
  }

  /** What the names of this training's blocks begin with. */
  get #prefix(): string {
    return `${this.#fingerprint.toHex().slice(0, 16)}-`;
  }

  async #read(names: readonly string[]): Promise<Map<number, GrownTree>> {
    const { store } = this.#checkpoints;
    const trees = new Map<number, GrownTree>();
    const unusable = { foreign: 0, damaged: 0 };
    for (const name of names) {
      if (this.#seen.has(name)) continue;
      this.#seen.add(name);
      // The name may tell already, and foreign blocks may be large.
      const foreign = BLOCK_NAME.test(name) && !name.startsWith(this.#prefix);
      const bytes = foreign ? undefined : await store.read(name);
      const none = foreign ? "foreign" : [];
      const found = bytes === undefined ? none : await decodeBlock(bytes, this.#fingerprint);
      if (typeof found === "string") unusable[found]++;
      else for (const tree of found) trees.set(tree.number, tree);
    }
    if (unusable.foreign > 0) {
      this.#onNotice?.(
        `${store.place}: files of another training (data, hyperparameters or version differ) ` +
          `are left alone: ${unusable.foreign}`,
      );
    }
    if (unusable.damaged > 0) {
      this.#onNotice?.(`${store.place}: damaged files are left alone: ${unusable.damaged}`);
    }
    return trees;
  }

  /** Takes a tree, and begins a block if it is time for one. */
  keep(tree: GrownTree): void {
    this.#waiting.push(tree);
    this.#bytes += tree.nodes.byteLength + tree.values.byteLength;
    const seconds = (performance.now() - this.#last) / 1000;
    if (seconds >= (this.#checkpoints.seconds ?? SECONDS) || this.#bytes >= BYTES) this.#begin();
  }

  /** Writes what waits. @returns once everything is written, or has failed to be */
  async flush(): Promise<void> {
    if (this.#waiting.length > 0) this.#begin();
    await this.#writing;
  }

  /** @throws what kept a block from being written: whoever waits for its trees would wait for ever */
  requireKept(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #begin(): void {
    const trees = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    this.#last = performance.now();
    this.#writing = this.#writing.then(() => this.#write(trees));
  }

  /** A block that cannot be written costs time later, not the training, unless others wait for it. */
  async #write(trees: readonly GrownTree[]): Promise<void> {
    try {
      const bytes = await encodeBlock(trees, this.#fingerprint);
      const name = `${this.#prefix}${crypto.randomUUID()}.trees`;
      this.#seen.add(name);
      await this.#checkpoints.store.write(name, bytes);
    } catch (error) {
      this.#failure ??= error;
      this.#onNotice?.(messageOf(error));
    }
  }
}
