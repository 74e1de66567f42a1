/**
 * Opens a parquet file or a folder of them as one dataset.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import { columnMissing } from "./closest.ts";
import type { Batch, DataFile, Dataset, Field, ReadOptions, UnsupportedField } from "./column.ts";
import { listParquet } from "./list.ts";
import { mergeSchemas } from "./merge.ts";
import type { ParquetInfo } from "./parquet.ts";

const BATCH_ROWS = 16_384;

/** Which files of a dataset to open. */
export interface OpenOptions {
  /** These, in this order, instead of those that are found. */
  readonly files?: readonly string[];
}

/**
 * Opens a dataset: reads the footers of its files, and no rows yet.
 *
 * A folder is read with its folders, in the order of the paths; names that start with `.` or `_` are
 * left out, and so are files with an ending other than `.parquet`, `.parq` or `.pq` (none is fine).
 * Names of folders (`day=2013-10-01`) are not columns.
 *
 * @param uri A path, a `file://` URL, or `s3://BUCKET/PREFIX`, of which only the footers and the columns
 * that are asked for are fetched.
 * @throws {DataError} `data.not-found`, `data.empty`, `data.unreadable`,
 * `data.not-parquet`, `data.encrypted`, `data.corrupt`, `data.schema-differs`,
 * `data.duplicate-column`; reading may throw also `data.changed`, `data.checksum`,
 * `data.too-large`, `data.timestamp-range`, `data.column-missing`, `data.decoder-stopped`
 * @throws {UsageError} `data.unknown-uri`
 * @throws {DependencyError} `storage.…`, from S3
 */
export async function openDataset(uri: string, { files }: OpenOptions = {}): Promise<Dataset> {
  const paths = files ?? await listParquet(uri);
  // 5 MB of WebAssembly: only commands that read data load it.
  const { inspectParquet } = await import("./parquet.ts");
  const infos: ParquetInfo[] = [];
  for (const path of paths) infos.push(await inspectParquet(path));
  return new ParquetDataset(uri, infos);
}

class ParquetDataset implements Dataset {
  readonly uri: string;
  readonly files: readonly DataFile[];
  readonly rows: number;
  readonly fields: readonly Field[];
  readonly unsupported: readonly UnsupportedField[];
  readonly #infos: ReadonlyMap<string, ParquetInfo>;

  constructor(uri: string, infos: readonly ParquetInfo[]) {
    this.uri = uri;
    this.files = infos.map(({ path, rows, bytes }) => ({ path, rows, bytes }));
    this.rows = infos.reduce((sum, info) => sum + info.rows, 0);
    if (this.rows === 0) throw noRows(uri, infos.length);
    const { fields, unsupported } = mergeSchemas(infos);
    this.fields = fields;
    this.unsupported = unsupported;
    this.#infos = new Map(infos.map((info) => [info.path, info]));
  }

  async *batches(options: ReadOptions = {}): AsyncGenerator<Batch> {
    const { batchRows = BATCH_ROWS } = options;
    if (!Number.isSafeInteger(batchRows) || batchRows < 1) {
      throw new RangeError(`batchRows is ${batchRows}`);
    }
    const fields = this.#fieldsOf(options.columns);
    const [key] = options.keyColumn === undefined ? [] : this.#fieldsOf([options.keyColumn]);
    const read = { fields, batchRows, ...(key === undefined ? {} : { key }) };
    const { readParquet } = await import("./parquet.ts");
    let skip = options.fromRow ?? 0;
    for (const path of options.files ?? this.files.map((file) => file.path)) {
      const info = this.#infos.get(path);
      if (!info) throw new RangeError(`${path} is not a file of ${this.uri}`);
      if (skip < info.rows) yield* readParquet(info, { ...read, fromRow: skip });
      skip = Math.max(0, skip - info.rows);
    }
  }

  #fieldsOf(columns?: readonly string[]): readonly Field[] {
    if (!columns) return this.fields;
    return columns.map((name) => {
      const field = this.fields.find((each) => each.name === name);
      if (field) return field;
      const names = this.fields.map((each) => each.name);
      throw new DataError({
        ...columnMissing("data.column-missing", "column to read", name, names),
        cannot: `read column ${name} of ${this.uri}`,
      });
    });
  }
}

function noRows(uri: string, files: number): DataError {
  return new DataError({
    code: "data.empty",
    cannot: `read the data of ${uri}`,
    found: files === 1 ? "the file has no rows" : `none of its ${files} files has a row`,
    todo: "Give data with rows",
    place: { file: uri },
  });
}
