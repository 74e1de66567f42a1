/**
 * "Did you mean": the known name closest to a mistyped one.
 *
 * @module
 */

/**
 * The known name within a third of its length in edits (at least two, and fewer than would make any
 * name of that length) of the given one.
 *
 * @returns undefined where none is close
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (given.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Infinity;
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (name.length > LONGEST) continue;
    const related = distance < Math.max(given.length, name.length);
    if (related && distance < least && distance <= Math.max(2, name.length / 3)) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** Nobody types longer names by hand. */
const LONGEST = 200;

/** Levenshtein's distance (V. Levenshtein, 1966), one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
