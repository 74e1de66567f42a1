/**
 * A few of the rows of a stream, whose number is known.
 *
 * @module
 */
import type { Batch, Column } from "../column.ts";
import { compactColumn, concatColumn, take } from "../table.ts";

/** Rows that stay together. */
const BLOCK = 64;

/** Whether a row is in a sample of about `wanted` rows of `total`: by its number alone. */
export function sampler(total: number, wanted: number): (row: number) => boolean {
  const stride = Math.max(1, Math.ceil(total / wanted));
  return (row) => Math.floor(row / BLOCK) % stride === 0;
}

/** Keeps blocks of rows, evenly spread. */
export class RowSample {
  #seen = 0;
  readonly #isIn: (row: number) => boolean;
  readonly #parts: Batch[] = [];

  /** @param total rows that are going to come */
  constructor(total: number, wanted: number) {
    this.#isIn = sampler(total, wanted);
  }

  /** Takes those rows of a batch that are in the sample. */
  add(batch: Batch): void {
    const rows: number[] = [];
    for (let row = 0; row < batch.rows; row++) if (this.#isIn(this.#seen + row)) rows.push(row);
    this.#seen += batch.rows;
    if (rows.length === 0) return;
    const part = take(batch, Uint32Array.from(rows));
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
