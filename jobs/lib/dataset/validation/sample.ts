/**
 * A few of the rows of a stream, whose number is known.
 *
 * @module
 */
import type { Batch, Column } from "../column.ts";
import { compactColumn, concatColumn, take } from "../table.ts";

/** Which rows of a stream are looked at: decided by a row's number alone, so that others decide alike. */
export type Sampler = (row: number) => boolean;

/** A sample of about `wanted` rows of `total`; all if there are no more. */
export function sampler(total: number, wanted: number): Sampler {
  if (total <= wanted) return () => true;
  const limit = wanted / total * 2 ** 32;
  return (row) => scattered(row) < limit;
}

/** The rows of a batch that are in a sample. @param first number of its first row */
export function sampledRows(isIn: Sampler, first: number, rows: number): Uint32Array {
  const chosen = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (isIn(first + row)) chosen[count++] = row;
  return chosen.slice(0, count);
}

/** Keeps a sample of the rows. */
export class RowSample {
  #seen = 0;
  readonly #isIn: Sampler;
  readonly #parts: Batch[] = [];

  /** Begins with none. @param total rows that are going to come */
  constructor(total: number, wanted: number) {
    this.#isIn = sampler(total, wanted);
  }

  /** Takes those rows of a batch that are in the sample. */
  add(batch: Batch): void {
    const rows = sampledRows(this.#isIn, this.#seen, batch.rows);
    this.#seen += batch.rows;
    if (rows.length === 0) return;
    const part = take(batch, rows);
    this.#parts.push({ ...part, columns: part.columns.map(compactColumn) });
  }

  /** The rows that were kept, as one table. */
  table(): Batch {
    const [first] = this.#parts;
    const columns = (first?.columns ?? []).map((column): Column =>
      concatColumn(
        column,
        this.#parts.flatMap((part) => part.columns.filter(({ name }) => name === column.name)),
      )
    );
    const rows = this.#parts.reduce((sum, part) => sum + part.rows, 0);
    return { rows, columns, file: "", firstRow: 0 };
  }
}

/** MurmurHash3's finalizer over both halves of a row's number: 32 bits, as good as random. */
function scattered(row: number): number {
  let h = (row | 0) ^ Math.imul(Math.floor(row / 2 ** 32) + 1, 0x9e3779b9);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
