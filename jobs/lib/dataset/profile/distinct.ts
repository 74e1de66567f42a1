/**
 * How many different values there are, in 4 KB whatever the number of rows.
 *
 * @module
 */
import { firstHalf, secondHalf } from "./hash.ts";

const BITS = 12;
const REGISTERS = 1 << BITS;
/** Leading zeros of a 32-bit word, plus one. */
const HIGHEST = 33;

/**
 * HyperLogLog (Flajolet et al. 2007) with 4,096 registers and Ertl's improved estimator (Ertl 2017,
 * algorithm 6): unbiased from the first value on, standard error 1.04 / √4096 = 1.6 %.
 */
export class DistinctSketch {
  readonly #registers: Uint8Array;

  /** An empty sketch, or one with the registers that {@linkcode toBytes} gave. */
  constructor(registers: Uint8Array = new Uint8Array(REGISTERS)) {
    if (registers.length !== REGISTERS || registers.some((value) => value > HIGHEST)) {
      throw new RangeError("these are no registers of a distinct sketch");
    }
    this.#registers = registers;
  }

  /** Takes a 64-bit value, by its two words. */
  addLong(low: number, high: number): void {
    const first = firstHalf(low, high);
    this.addWords(first, secondHalf(low, high, first));
  }

  /** Takes the halves of a hashed value. */
  addWords(a: number, b: number): void {
    const register = a >>> (32 - BITS);
    const rank = Math.clz32(b) + 1;
    if (rank > (this.#registers[register] ?? 0)) this.#registers[register] = rank;
  }

  /** Takes all that another sketch has seen. */
  merge(other: DistinctSketch): void {
    for (let i = 0; i < REGISTERS; i++) {
      const theirs = other.#registers[i] ?? 0;
      if (theirs > (this.#registers[i] ?? 0)) this.#registers[i] = theirs;
    }
  }

  /** The estimate, a whole number. */
  get count(): number {
    const ranks = new Float64Array(HIGHEST + 1);
    for (let i = 0; i < REGISTERS; i++) {
      const rank = this.#registers[i] ?? 0;
      ranks[rank] = (ranks[rank] ?? 0) + 1;
    }
    let z = REGISTERS * tau(1 - (ranks[HIGHEST] ?? 0) / REGISTERS);
    for (let k = HIGHEST - 1; k >= 1; k--) z = 0.5 * (z + (ranks[k] ?? 0));
    z += REGISTERS * sigma((ranks[0] ?? 0) / REGISTERS);
    return Math.round(REGISTERS * REGISTERS / (2 * Math.LN2) / z);
  }

  /** A copy of its registers. */
  toBytes(): Uint8Array {
    return this.#registers.slice();
  }
}

function sigma(x: number): number {
  if (x === 1) return Infinity;
  let y = 1, z = x, before: number;
  do {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  } while (z !== before);
  return z;
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let y = 1, z = 1 - x, before: number;
  do {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  } while (z !== before);
  return z / 3;
}
