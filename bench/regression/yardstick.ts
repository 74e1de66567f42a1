/**
 * Work that never changes: sorting, hashing, arithmetic and text, about a second of CPU. What the jobs
 * take is told in units of it, so that a slow machine is not taken for a slow commit.
 *
 * @module
 */
const ROWS = 400_000;
const ROUNDS = 6;

let state = 42;
let check = 0;
for (let round = 0; round < ROUNDS; round++) {
  const values = Float64Array.from({ length: ROWS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
  values.sort();
  let hash = 2_166_136_261;
  for (let i = 0; i < ROWS; i++) {
    hash = Math.imul(hash ^ Math.floor((values[i] ?? 0) * 256), 16_777_619);
  }
  const text = JSON.stringify(values.subarray(0, ROWS / 8).values().toArray());
  check += hash + JSON.parse(text).length;
}
if (!Number.isFinite(check)) throw new Error("the yardstick is broken");
