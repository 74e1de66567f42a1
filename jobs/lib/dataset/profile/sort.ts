/** Places that values are put to before they are compared. */
const PLACES = 16_384;
/** Values that are moved past others, at most, in units of all: sorting by comparing costs as much. */
const PATIENCE = 6;

/**
 * A sorted copy of finite numbers, -0 not among them. What is sorted already, as times often are, is only
 * looked at; others are put near their place by their size at once, and compared with their neighbours
 * there: five to ten times as fast as comparing alone, which is done where most are crowded together.
 */
export function sorted(values: Float64Array): Float64Array {
  if (isAscending(values)) return values.slice();
  const { whole, min, max } = rangeOf(values);
  if (whole && max - min < PLACES) return placed(values, min, max, 1);
  const roughly = placed(values, min, max, Math.min(PLACES, values.length) / (max - min));
  return arrange(roughly) ? roughly : values.slice().sort();
}

/** Whether finite numbers are in order. */
export function isAscending(values: Float64Array): boolean {
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
const places = new Uint32Array(PLACES + 1);

/** Ascending by `(value - min) * scale`, cut to a whole number; a scale that is not finite is one place. */
function placed(values: Float64Array, min: number, max: number, scale: number): Float64Array {
  const { length } = values, last = ((max - min) * scale) | 0;
  for (let i = 0; i < length; i++) {
    const at = (((values[i] ?? 0) - min) * scale) | 0;
    places[at] = (places[at] ?? 0) + 1;
  }
  for (let at = 0, start = 0; at <= last; at++) {
    const count = places[at] ?? 0;
    places[at] = start;
    start += count;
  }
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0, at = ((value - min) * scale) | 0;
    const place = places[at] ?? 0;
    places[at] = place + 1;
    result[place] = value;
  }
  places.fill(0, 0, last + 1);
  return result;
}

/** Sorts by insertion. @returns whether that was done before it took too long */
function arrange(values: Float64Array): boolean {
  const { length } = values;
  let left = PATIENCE * length;
  for (let i = 1; i < length; i++) {
    const value = values[i] ?? 0;
    let at = i;
    for (let before = values[at - 1] ?? 0; at > 0 && before > value; before = values[at - 1] ?? 0) {
      values[at--] = before;
      if (left-- === 0) return false;
    }
    values[at] = value;
  }
  return true;
}
