/**
 * Many hashes, of which those that repeat an earlier one can be dropped.
 *
 * @module
 */

/** The first bits of a hash say which part it is in. */
const PART_BITS = 8;
const PARTS = 1 << PART_BITS;
/** Hashes of a part that lie together: a power of two. */
const CHUNK = 256;
/** Hashes that are allocated at once. */
const BLOCK_BITS = 16;
const BLOCK = 1 << BLOCK_BITS;

/**
 * Hashes of two signed words each, in 8 bytes. When they come they are only put to their part; repeats are
 * looked for part by part, in a table that fits a processor's cache, which a table for all would miss
 * with every hash.
 */
export class HashParts {
  /** Hashes that are kept. */
  size = 0;
  /** Of them, how many are known to be different. */
  #different = 0;
  readonly #blocks: Int32Array[] = [];
  /** By part, its chunks; all but the last are full. */
  readonly #chunks: number[][] = Array.from({ length: PARTS }, () => []);
  /** By part, where its next hash goes; 0 or the end of a chunk where that takes a new one. */
  readonly #next = new Int32Array(PARTS);
  readonly #free: number[] = [];

  /** Takes hashes, whose halves are given. */
  addAll(firsts: Int32Array, seconds: Int32Array): void {
    const next = this.#next, blocks = this.#blocks;
    for (let i = 0; i < firsts.length; i++) {
      const first = firsts[i] ?? 0;
      const part = first >>> (32 - PART_BITS);
      let place = next[part] ?? 0;
      if ((place & (CHUNK - 1)) === 0) place = this.#begin(part);
      const block = blocks[place >>> BLOCK_BITS];
      if (block === undefined) throw new RangeError(`place ${place} is in no block`);
      const at = 2 * (place & (BLOCK - 1));
      block[at] = first;
      block[at + 1] = seconds[i] ?? 0;
      next[part] = place + 1;
    }
    this.size += firsts.length;
  }

  /** Drops those that repeat an earlier one. @returns how many */
  dropRepeated(): number {
    const before = this.size;
    if (before === this.#different) return 0;
    let table = new Int32Array(0);
    for (const [part, words] of this.#parts()) {
      const slots = 2 ** Math.ceil(Math.log2(Math.max(words.length, 2)));
      if (table.length < 2 * slots) table = new Int32Array(2 * slots);
      else table.fill(0, 0, 2 * slots);
      const kept = distinct(words, table, slots - 1);
      this.size -= words.length / 2 - kept;
      if (2 * kept < words.length) this.#put(part, words.subarray(0, 2 * kept));
    }
    this.#different = this.size;
    return before - this.size;
  }

  /** All that are kept, in pieces: each hash is two words. */
  *words(): Generator<Int32Array> {
    for (const [, words] of this.#parts()) yield words;
  }

  /** Each part with a copy of its hashes, which is good until the next one. */
  *#parts(): Generator<[part: number, words: Int32Array]> {
    let copy = new Int32Array(0);
    for (const [part, chunks] of this.#chunks.entries()) {
      const over = (this.#next[part] ?? 0) % CHUNK;
      const size = chunks.length * CHUNK - (over === 0 ? 0 : CHUNK - over);
      if (copy.length < 2 * size) copy = new Int32Array(2 * chunks.length * CHUNK);
      for (const [nth, chunk] of chunks.entries()) copy.set(this.#chunk(chunk), 2 * CHUNK * nth);
      yield [part, copy.subarray(0, 2 * size)];
    }
  }

  #put(part: number, words: Int32Array): void {
    const chunks = this.#chunks[part] ?? [];
    this.#free.push(...chunks.splice(Math.ceil(words.length / (2 * CHUNK))));
    for (const [nth, chunk] of chunks.entries()) {
      this.#chunk(chunk).set(words.subarray(2 * CHUNK * nth, 2 * CHUNK * (nth + 1)));
    }
    this.#next[part] = (chunks.at(-1) ?? 0) * CHUNK + words.length / 2 % CHUNK;
  }

  #chunk(chunk: number): Int32Array {
    const place = chunk * CHUNK, at = 2 * (place & (BLOCK - 1));
    const block = this.#blocks[place >>> BLOCK_BITS] ?? new Int32Array(0);
    return block.subarray(at, at + 2 * CHUNK);
  }

  /** A new chunk for a part. @returns where it begins */
  #begin(part: number): number {
    if (this.#free.length === 0) {
      const first = this.#blocks.length * (BLOCK / CHUNK);
      this.#blocks.push(new Int32Array(2 * BLOCK));
      for (let chunk = first + BLOCK / CHUNK - 1; chunk >= first; chunk--) this.#free.push(chunk);
    }
    const chunk = this.#free.pop() ?? 0;
    this.#chunks[part]?.push(chunk);
    return chunk * CHUNK;
  }
}

/** Moves hashes of one part that were not there before to the front. @returns how many */
function distinct(words: Int32Array, table: Int32Array, mask: number): number {
  // 1 in what all first halves of a part have in common: no slot is 0 then but an empty one.
  const common = 1 << (32 - PART_BITS);
  let kept = 0;
  for (let at = 0; at < words.length; at += 2) {
    const first = words[at] ?? 0, second = words[at + 1] ?? 0;
    const mark = first | common;
    let slot = 2 * (second & mask);
    let found = table[slot] ?? 0;
    while (found !== 0 && (found !== mark || table[slot + 1] !== second)) {
      slot = (slot + 2) & (2 * mask + 1);
      found = table[slot] ?? 0;
    }
    if (found !== 0) continue;
    table[slot] = mark;
    table[slot + 1] = second;
    words[kept++] = first;
    words[kept++] = second;
  }
  return kept / 2;
}
