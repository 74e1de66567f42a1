/**
 * What can be read of a dataset.
 *
 * @module
 */
import type { Batch, Dataset, ReadOptions } from "./column.ts";
import { DataError } from "../errors.ts";
import type { Problems } from "./problems.ts";

/**
 * Reads one file after the other; what is wrong with one ends that file only.
 *
 * @param problems Takes what is wrong; once they are full, nothing more is read.
 */
export async function* readableBatches(
  dataset: Dataset,
  problems: Problems,
  options: Omit<ReadOptions, "files" | "fromRow"> = {},
): AsyncGenerator<Batch> {
  for (const { path } of dataset.files) {
    try {
      yield* dataset.batches({ ...options, files: [path] });
    } catch (error) {
      // Without a file it is said of all of them, as of a column that is not there.
      if (!(error instanceof DataError) || error.place.file === undefined) throw error;
      problems.add(() => error);
      if (problems.full) return;
    }
  }
}
