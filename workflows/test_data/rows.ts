/**
 * Rows whose best possible accuracy is known, because it is put into them.
 *
 * A rule of three columns decides the label, and then exactly one label in ten is turned round, at
 * random. Who knows the rule is right in nine rows of ten, and nobody can do better: the Bayes-optimal
 * accuracy is 0.9.
 *
 * @module
 */

/** The best that any model can do. */
export const BAYES_ACCURACY = 0.9;

/** How far from it a sound training may end: its rule is learnt, and its held-out rows are a sample. */
export const TOLERANCE = 0.01;

/** Columns of equal length. */
export interface TestRows {
  readonly id: readonly string[];
  readonly region: readonly string[];
  readonly load: readonly number[];
  readonly age: readonly number[];
  readonly noise: readonly number[];
  readonly label: readonly boolean[];
}

/** How rows are made. */
export interface TestRowsOptions {
  readonly rows: number;
  /** Same seed, same rows. */
  readonly seed: number;
  /** Deals the labels out anew, so that no column says anything about them. */
  readonly corrupted?: boolean;
}

const REGIONS = ["north", "east", "south", "west", "centre"];

/** Makes the rows. */
export function testRows({ rows, seed, corrupted = false }: TestRowsOptions): TestRows {
  const random = mulberry32(seed);
  const uniform = () => Array.from({ length: rows }, () => random());
  const region = uniform().map((value) => REGIONS[Math.floor(value * REGIONS.length)] ?? "");
  const load = uniform();
  const age = uniform().map((value) => Math.floor(value * 80));
  const noise = uniform();
  const turned = shuffled(
    Array.from({ length: rows }, (_, index) => index < Math.round(rows * (1 - BAYES_ACCURACY))),
    random,
  );
  const label = region.map((name, index) =>
    rule(name, load[index] ?? 0, age[index] ?? 0) !== turned[index]
  );
  return {
    id: Array.from({ length: rows }, (_, index) => `${seed}-${index}`),
    region,
    load,
    age,
    noise,
    label: corrupted ? shuffled(label, random) : label,
  };
}

/** What decides the label before some are turned round. */
export function rule(region: string, load: number, age: number): boolean {
  return region === "north" || region === "west" ? load > 0.5 : age < 30;
}

/** Fisher and Yates. */
function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const dealt = [...values];
  for (let at = dealt.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [dealt[at], dealt[other]] = [dealt[other] as T, dealt[at] as T];
  }
  return dealt;
}

/** Numbers in [0, 1), by Tommy Ettinger's generator of 32 bits. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
