/**
 * Where everything lies in the kernel's memory: first what a block of rows needs, then the forest.
 *
 * @module
 */

/** Levels that the kernel resolves for 16 rows at once. */
export const TOP_LEVELS = 5;
/** Places at which a row leaves the top. */
export const PLACES = 2 ** TOP_LEVELS;
/** Bytes of a top: addresses of planes, thresholds, entries. */
export const TOP_BYTES = PLACES * (4 + 1 + 4);
/** Bytes of a row in the table of trees. */
export const TREE_BYTES = 16;
/** Edges are in 16 segments of 16, the segments' last ones before them. */
export const SEGMENT = 16;

/** Addresses and sizes, in bytes unless told. */
export interface Layout {
  /** Rows of a block. */
  readonly block: number;
  /** Bytes of a row of cells. */
  readonly stride: number;
  /** Floats of a row in `sums`. */
  readonly width: number;
  readonly values: number;
  readonly planes: number;
  readonly cells: number;
  readonly places: number;
  readonly list: number;
  readonly leaves: number;
  readonly sums: number;
  /** Where the forest begins. */
  readonly forest: number;
}

/** Lays out the part that blocks need. */
export function layoutOf(block: number, slots: number, width: number): Layout {
  const reserve = new Reserve(1024);
  const stride = slots;
  return {
    block,
    stride,
    width,
    values: reserve.take(4 * block),
    planes: reserve.take(slots * block),
    cells: reserve.take(stride * block),
    places: reserve.take(block),
    // Three more, to which the kernel fills up the last four.
    list: reserve.take(8 * (block + 3)),
    leaves: reserve.take(4 * block),
    sums: reserve.take(4 * width * block),
    forest: reserve.end,
  };
}

/** Hands out memory, one piece after the other. */
export class Reserve {
  #end: number;

  /** @param start Where the first piece begins. */
  constructor(start: number) {
    this.#end = start;
  }

  /** After the last piece. */
  get end(): number {
    return this.#end;
  }

  /** Address of a new piece; it begins a cache line. */
  take(bytes: number): number {
    const start = this.#end;
    this.#end = start + Math.ceil(bytes / 64) * 64;
    return start;
  }
}
