/**
 * Columns that are named and not there.
 *
 * @module
 */
import type { Complaint } from "../errors.ts";
import { nearest } from "../nearest.ts";

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
  const closest = nearest(name, names);
  return {
    code,
    cannot: `use column ${name} as the ${role}`,
    found: `there is no such column; there are ${listed}`,
    todo: closest === undefined ? "Name one of these columns" : `Did you mean ${closest}?`,
    place: { column: name },
  };
}
