/**
 * How large the model's file will be: known after the first trees, long before the last.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { SizeBounds, TrainingControl } from "./forest.ts";
import { bundleBytes } from "./onnx/ensemble.ts";

/** Protobuf ends at 2.147 GB; what is larger than the first is slow to load and to hand around. */
const BOUNDS: SizeBounds = { warn: 500e6, refuse: 1.9e9 };
/** Trees from which the others are foretold. */
const FIRST = 4;

/** Watches the size of a forest while it grows. */
export class SizeWatch {
  readonly #trees: number;
  readonly #targets: number;
  readonly #bounds: SizeBounds;
  readonly #onNotice: TrainingControl["onNotice"];
  #nodes = 0;
  #done = 0;
  #warned = false;

  /**
   * @param trees How many the forest will have.
   * @param targets Values that a leaf holds.
   */
  constructor(
    trees: number,
    targets: number,
    { sizeBounds, onNotice }: Pick<TrainingControl, "sizeBounds" | "onNotice">,
  ) {
    this.#trees = trees;
    this.#targets = targets;
    this.#bounds = sizeBounds ?? BOUNDS;
    this.#onNotice = onNotice;
  }

  /**
   * Takes a tree that is done.
   *
   * @throws {UsageError} `model.too-large` if the forest is going to be.
   */
  add(nodes: number): void {
    this.#nodes += nodes;
    this.#done++;
    if (this.#done < Math.min(FIRST, this.#trees)) return;
    const bytes = bundleBytes(this.#nodes / this.#done * this.#trees, this.#targets);
    if (bytes > this.#bounds.refuse) throw this.#tooLarge(bytes);
    if (bytes <= this.#bounds.warn || this.#warned) return;
    this.#warned = true;
    this.#onNotice?.(`${this.#foretell(bytes)}: ${REMEDY}, or expect it to load slowly`);
  }

  #foretell(bytes: number): string {
    return `after ${this.#done} trees with ${
      Math.round(this.#nodes / this.#done)
    } nodes on average ` +
      `the model of ${this.#trees} is going to have about ${inUnits(bytes)}`;
  }

  #tooLarge(bytes: number): UsageError {
    return new UsageError({
      code: "model.too-large",
      cannot: "train the forest",
      found: `${this.#foretell(bytes)}, and an ONNX file holds ${inUnits(this.#bounds.refuse)}`,
      todo: REMEDY[0]?.toUpperCase() + REMEDY.slice(1),
      place: { option: "max-depth" },
    });
  }
}

const REMEDY = "set a lower --max-depth, a greater --min-samples-leaf or fewer --n-estimators";

function inUnits(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}
