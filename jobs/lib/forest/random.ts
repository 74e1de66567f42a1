/**
 * Random numbers from 32-bit integer arithmetic alone, so that every machine, thread and language
 * draws the same ones. Seeds are derived, never shared: a tree's from the forest's, a node's from its
 * parent's; so nothing depends on the order in which trees or nodes are grown.
 *
 * @module
 */

/** Step of the generator: 2³² divided by the golden ratio. */
const STEP = 0x9e3779b9;

/**
 * Scrambles 32 bits, one to one.
 *
 * @returns An unsigned 32-bit integer.
 * @see https://nullprogram.com/blog/2018/07/31/ (lowbias32)
 */
export function mix(bits: number): number {
  let x = bits;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * The seed of part `index` of what `seed` belongs to; distinct for distinct indices.
 *
 * @returns An unsigned 32-bit integer.
 */
export function deriveSeed(seed: number, index: number): number {
  return mix(mix(seed + STEP) + Math.imul(index, 0x85ebca6b));
}

/** A sequence of random integers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    this.#state = (this.#state + STEP) | 0;
    return mix(this.#state);
  }

  /** An integer from 0 to `bound - 1`; the bias of at most `bound / 2³²` does not matter here. */
  below(bound: number): number {
    return Math.floor(this.next() * bound / 2 ** 32);
  }
}
