/**
 * The test data as the pipelines read it.
 *
 * @module
 */
import { join } from "node:path";
import { DependencyError, messageOf } from "../../jobs/lib/errors.ts";
import { testRows } from "./rows.ts";

/** Rows to train on; a fifth of them is held out. */
export const TRAINING_ROWS = 40_000;

/** Nominal time of the scoring whose day is written. */
export const TEST_SLOT = "2026-01-02T06:00:00Z";

const DAY = "day=2026-01-01";
const FILES = 4;
const FILE_ROWS = 250;

/** Rows of the day to score. */
export const SCORING_ROWS: number = FILES * FILE_ROWS;

/** Where it is. */
export interface TestData {
  /** For the training's InputUri. */
  readonly training: string;
  /** For the inference's InputUri; one day of several files. */
  readonly inference: string;
}

/**
 * Writes the test data.
 *
 * @param corrupted whether the labels to learn mean nothing
 * @throws {DependencyError} `output.not-writable`
 */
export async function writeTestData(folder: string, corrupted: boolean): Promise<TestData> {
  const training = join(folder, "training");
  const inference = join(folder, "inference");
  const train = testRows({ rows: TRAINING_ROWS, seed: 1, corrupted });
  await write(join(training, "rows.parquet"), train);
  for (let file = 0; file < FILES; file++) {
    const { label: _, ...unlabelled } = testRows({ rows: FILE_ROWS, seed: 2 + file });
    await write(join(inference, DAY, `part-${file}.parquet`), unlabelled);
  }
  return { training, inference };
}

const TYPES = {
  id: "STRING",
  region: "STRING",
  load: "DOUBLE",
  age: "INT32",
  noise: "DOUBLE",
  label: "BOOLEAN",
} as const;

async function write(
  file: string,
  columns: Partial<Record<keyof typeof TYPES, readonly (string | number | boolean)[]>>,
): Promise<void> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = (Object.keys(TYPES) as (keyof typeof TYPES)[]).flatMap((name) => {
    const data = columns[name];
    return data === undefined ? [] : [{ name, data: [...data], type: TYPES[name] }];
  });
  try {
    await Deno.mkdir(join(file, ".."), { recursive: true });
    await Deno.writeFile(file, new Uint8Array(parquetWriteBuffer({ columnData })));
  } catch (error) {
    throw new DependencyError({
      code: "output.not-writable",
      cannot: `write ${file}`,
      found: messageOf(error),
      todo: "Give --output a folder that this user may write to",
      place: { file },
      cause: error,
    });
  }
}
