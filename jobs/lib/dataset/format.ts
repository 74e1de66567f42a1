/**
 * The format of a file, by its name.
 *
 * @module
 */

/** How a text file is written. */
export interface TextFormat {
  readonly name: "csv" | "ndjson";
  /** Whether it is gzip. */
  readonly packed: boolean;
  /** Of CSV, where the name tells it. */
  readonly delimiter?: string;
}

/** How a file is written. */
export type Format = { readonly name: "parquet" } | TextFormat;

/**
 * The format that a name stands for: `.parquet`, `.parq`, `.pq` and names without an ending are
 * parquet; `.csv`, `.tsv`, `.ndjson`, `.jsonl`, each also with `.gz`, are text.
 *
 * @param path a path or URI
 * @returns undefined for any other ending
 */
export function formatOf(path: string): Format | undefined {
  const name = (path.startsWith("https://") ? new URL(path).pathname : path).split("/").at(-1) ??
    "";
  const [, ending, packed] = /\.(csv|tsv|ndjson|jsonl)(\.gz)?$/i.exec(name) ?? [];
  switch (ending?.toLowerCase()) {
    case "csv":
      return { name: "csv", packed: packed !== undefined };
    case "tsv":
      return { name: "csv", packed: packed !== undefined, delimiter: "\t" };
    case "ndjson":
    case "jsonl":
      return { name: "ndjson", packed: packed !== undefined };
  }
  return !name.includes(".") || /\.(parquet|parq|pq)$/i.test(name)
    ? { name: "parquet" }
    : undefined;
}
