/**
 * The different thresholds of a forest: a hash table with open addressing in typed arrays, since
 * millions of nodes share a few thousand of them.
 *
 * @module
 */

/** Numbers pairs of column and threshold from 0 on. */
export class ThresholdTable {
  /** How many there are. */
  count = 0;
  #columns = new Int32Array(FEWEST);
  #values = new Float32Array(FEWEST);
  /** The numbers plus one; 0 where a place is free. */
  #places = new Uint32Array(2 * FEWEST);

  /** Adds a pair, unless it is there. */
  add(column: number, threshold: number): void {
    const place = this.#search(column, threshold);
    if (this.#places[place] !== 0) return;
    this.#columns[this.count] = column;
    // -0 is 0, as the comparison has it.
    this.#values[this.count] = threshold + 0;
    this.#places[place] = ++this.count;
    if (this.count === this.#columns.length) this.#grow();
  }

  /** The number of a pair; -1 if it is not there. */
  find(column: number, threshold: number): number {
    return (this.#places[this.#search(column, threshold)] as number) - 1;
  }

  /** The threshold of a pair. */
  valueOf(id: number): number {
    return this.#values[id] as number;
  }

  /** The numbers of each column's pairs, its thresholds ascending. */
  byColumn(columns: number): number[][] {
    const ids = Array.from({ length: columns }, (): number[] => []);
    for (let id = 0; id < this.count; id++) ids[this.#columns[id] as number]?.push(id);
    return ids.map((some) => some.sort((a, b) => this.valueOf(a) - this.valueOf(b)));
  }

  /** Where a pair is, or would be. */
  #search(column: number, threshold: number): number {
    const value = threshold + 0;
    FLOAT[0] = value;
    const hash = Math.imul(Math.imul(column, 0x9e3779b1) ^ (BITS[0] as number), 0x85ebca6b);
    const places = this.#places;
    const mask = places.length - 1;
    for (let place = (hash ^ hash >>> 15) & mask;; place = place + 1 & mask) {
      const id = (places[place] as number) - 1;
      if (id < 0) return place;
      if (this.#values[id] === value && this.#columns[id] === column) return place;
    }
  }

  #grow(): void {
    const columns = this.#columns;
    const values = this.#values;
    this.count = 0;
    this.#columns = new Int32Array(2 * columns.length);
    this.#values = new Float32Array(2 * columns.length);
    this.#places = new Uint32Array(4 * columns.length);
    columns.forEach((column, id) => this.add(column, values[id] as number));
  }
}

/** A power of two, as all sizes. */
const FEWEST = 1024;
const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);
