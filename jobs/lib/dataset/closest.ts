/**
 * Columns that are named and not there.
 *
 * @module
 */
import type { Complaint } from "../errors.ts";

/** Most names that a message lists. */
const LISTED = 50;

/** The complaint about such a column, with the one that was likely meant. */
export function columnMissing(
  code: string,
  role: string,
  name: string,
  names: readonly string[],
): Complaint {
  const listed = names.slice(0, LISTED).join(", ") + (names.length > LISTED ? ", …" : "");
  const closest = closestName(name, names);
  return {
    code,
    cannot: `use column ${name} as the ${role}`,
    found: `there is no such column; there are ${listed}`,
    todo: closest === undefined ? "Name one of these columns" : `Did you mean ${closest}?`,
    place: { column: name },
  };
}

/** The name with the fewest edits, if they are few for its length. */
function closestName(name: string, names: readonly string[]): string | undefined {
  const [closest] = names
    .map((each) => ({ each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= Math.max(2, Math.floor(each.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return closest?.each;
}

/** Levenshtein's distance, of the first 100 characters. */
function editDistance(a: string, b: string): number {
  const from = [...a].slice(0, 100), to = [...b].slice(0, 100);
  let previous = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, char] of from.entries()) {
    const row = [i + 1];
    for (const [j, other] of to.entries()) {
      const replace = (previous[j] ?? 0) + Number(char !== other);
      row.push(Math.min(replace, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
