import type { Batch } from "../column.ts";
import { numbersOf } from "../profile/mod.ts";

/** Counts rows whose value is below that of the row before in the same file. */
export class OrderCheck {
  readonly #names: readonly string[];
  readonly #counts = new Map<string, number>();
  readonly #before = new Map<string, number>();
  #file = "";

  /** @param names of the columns; of those of strings nothing is said */
  constructor(names: readonly string[]) {
    this.#names = [...new Set(names)];
  }

  /** Takes the rows of a batch, which follows the one before if it is of the same file. */
  add({ columns, file }: Batch): void {
    if (file !== this.#file) this.#before.clear();
    this.#file = file;
    for (const name of this.#names) {
      const column = columns.find((each) => each.name === name);
      if (column === undefined || column.kind === "string") continue;
      const values = numbersOf(column);
      let before = this.#before.get(name) ?? -Infinity, count = 0;
      for (const value of values) {
        if (Number.isNaN(value)) continue;
        if (value < before) count++;
        before = value;
      }
      this.#before.set(name, before);
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
    }
  }

  /** Rows by column. */
  get found(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
