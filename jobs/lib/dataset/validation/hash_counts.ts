/** How often hashes came, as two signed words each, by open addressing with linear probing. */
export class HashCounts {
  /** Three words a slot: the hash, and how often; 0 is an empty slot. */
  #slots = new Int32Array(3 * 256);
  /** Different hashes. */
  size = 0;

  /** Counts a hash once more. */
  add(a: number, b: number): void {
    this.#count(a, b, 1);
    if (this.size * 4.5 > this.#slots.length) this.#grow();
  }

  /** How often a hash came. */
  get(a: number, b: number): number {
    return this.#slots[this.#slotOf(a, b) + 2] ?? 0;
  }

  /** Each hash, and how often it came. */
  *[Symbol.iterator](): Iterator<readonly [a: number, b: number, times: number]> {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 3) {
      const times = slots[at + 2] ?? 0;
      if (times > 0) yield [slots[at] ?? 0, slots[at + 1] ?? 0, times];
    }
  }

  #count(a: number, b: number, count: number): void {
    const slots = this.#slots;
    const at = this.#slotOf(a, b);
    const before = slots[at + 2] ?? 0;
    if (before === 0) {
      slots[at] = a;
      slots[at + 1] = b;
      this.size++;
    }
    slots[at + 2] = before + count;
  }

  #slotOf(a: number, b: number): number {
    const slots = this.#slots;
    const mask = slots.length / 3 - 1;
    let slot = (a ^ b) & mask;
    while (slots[3 * slot + 2] !== 0 && (slots[3 * slot] !== a || slots[3 * slot + 1] !== b)) {
      slot = (slot + 1) & mask;
    }
    return 3 * slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    this.size = 0;
    for (let at = 0; at < old.length; at += 3) {
      const count = old[at + 2] ?? 0;
      if (count > 0) this.#count(old[at] ?? 0, old[at + 1] ?? 0, count);
    }
  }
}
