import type { Values } from "../lib/config.ts";
import { UsageError } from "../lib/errors.ts";
import type { inputOptions } from "./run_options.ts";
import { DAILY, type Partition } from "./runs/mod.ts";

/** Where the data of runs is. */
export interface InputPlace {
  /** A file or folder, or what the partitions are below. */
  readonly data: string;
  /** Folder below it for a slot; undefined where all of it is scored. */
  readonly partition: Partition | undefined;
}

/**
 * What is scored: `--data`, or the day of the slot below `--input-uri`.
 *
 * @throws {UsageError} `config.invalid` unless exactly one of them is given
 */
export function inputPlace(
  { data, inputUri, inputPartition }: Pick<
    Values<typeof inputOptions>,
    "data" | "inputUri" | "inputPartition"
  >,
): InputPlace {
  if (data !== undefined && inputUri === undefined) return { data, partition: inputPartition };
  if (inputUri !== undefined && data === undefined) {
    return { data: inputUri, partition: inputPartition ?? DAILY };
  }
  throw new UsageError({
    code: "config.invalid",
    cannot: "start",
    found: data === undefined
      ? "neither --data nor --input-uri says what to score"
      : "--data and --input-uri both say what to score",
    todo: "Give --data, or --input-uri for the day of the slot below it",
    place: { option: "--data" },
  });
}
