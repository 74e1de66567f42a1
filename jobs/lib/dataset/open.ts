/**
 * Opens a file or a folder of them as one dataset.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import { columnMissing } from "./closest.ts";
import type { Batch, DataFile, Dataset, Field, ReadOptions, UnsupportedField } from "./column.ts";
import type { FileContent } from "./data_file.ts";
import { formatOf } from "./format.ts";
import { listFiles } from "./list.ts";
import { type GivenTypes, type MergedSchema, mergeSchemas } from "./merge.ts";
import { partitionsOf, withPartitions } from "./partitions.ts";
import { allProblems, Problems } from "./problems.ts";
import { openTextFile } from "./text/mod.ts";

const BATCH_ROWS = 16_384;

/** How to open a dataset. */
export interface OpenOptions {
  /** These files, in this order, instead of those that are found. */
  readonly files?: readonly string[];
  /** What columns are where files do not say it, in text and in names of folders; guessed unless told. */
  readonly types?: GivenTypes;
  /**
   * Takes what is wrong with a file that cannot be opened, which is then left out, as long as there are
   * others; without it all of them are thrown together.
   */
  readonly onProblem?: (error: DataError) => void;
}

/**
 * Opens a dataset: reads the footers of its files, and no rows yet. Text is read once, to count its
 * rows and to find out what its columns are.
 *
 * A folder is read with its folders, in the order of the paths; names that start with `.` or `_` are
 * left out, and so are files with an ending other than `.parquet`, `.parq`, `.pq` (none is fine),
 * `.csv`, `.tsv`, `.ndjson`, `.jsonl` (`.gz` may follow these four). A folder's name `day=2013-10-01`
 * is a column of the files below it, unless they have one of that name themselves.
 *
 * @param uri A path, a `file://` URL, or `s3://BUCKET/PREFIX`, of which only the footers and the columns
 * that are asked for are fetched; each with `*`, `?` and `**` for any names; one file by
 * `https://`; or a `.manifest` of SageMaker's, which lists objects.
 * @throws {DataError} `data.not-found`, `data.empty`, `data.unreadable`, `data.mixed-formats`, `data.manifest-invalid`,
 * `data.not-parquet`, `data.encrypted`, `data.corrupt`, `data.schema-differs`, `data.cell-type`,
 * `data.duplicate-column`, and of text `data.csv-…`, `data.json-line`, `data.text-encoding`,
 * `data.line-too-long`, `data.too-large`; `data.invalid` for several of these; reading may throw also
 * `data.changed`, `data.checksum`, `data.timestamp-range`, `data.column-missing`, `data.decoder-stopped`
 * @throws {UsageError} `data.unknown-uri`
 * @throws {DependencyError} `storage.…`, from S3
 */
export async function openDataset(
  uri: string,
  { files, types = new Map(), onProblem }: OpenOptions = {},
): Promise<Dataset> {
  const { contents, problems } = await openAll(files ?? await listFiles(uri));
  const schema = mergeSchemas(contents.map(withPartitions), types);
  const wrong = allProblems(uri, [...problems, ...schema.problems]);
  const usable = onProblem !== undefined && contents.length > 0 && schema.problems.length === 0;
  if (wrong !== undefined && !usable) throw wrong;
  for (const problem of problems) onProblem?.(problem);
  return new FilesDataset(uri, contents, schema);
}

/** Files opened at once: of remote ones each costs a journey or two. */
const AT_ONCE = 8;

/** In order, so that the same files are named whichever is opened first. */
async function openAll(
  paths: readonly string[],
): Promise<{ readonly contents: FileContent[]; readonly problems: readonly DataError[] }> {
  const begun: Promise<FileContent>[] = [];
  const contents: FileContent[] = [];
  const problems = new Problems();
  for (const index of paths.keys()) {
    for (const path of paths.slice(begun.length, index + AT_ONCE)) {
      const opened = openFile(path);
      opened.catch(() => {}); // thrown where it is awaited
      begun.push(opened);
    }
    const [opened] = begun.slice(index, index + 1);
    try {
      if (opened !== undefined) contents.push(await opened);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.add(() => error);
      if (problems.full) break;
    }
  }
  return { contents, problems: problems.found };
}

async function openFile(path: string): Promise<FileContent> {
  const format = formatOf(path);
  if (format !== undefined && format.name !== "parquet") return await openTextFile(path, format);
  // 5 MB of WebAssembly: only commands that read parquet load it.
  const { openParquetFile } = await import("./parquet/mod.ts");
  return await openParquetFile(path);
}

class FilesDataset implements Dataset {
  readonly uri: string;
  readonly files: readonly DataFile[];
  readonly rows: number;
  readonly fields: readonly Field[];
  readonly unsupported: readonly UnsupportedField[];
  readonly notices: readonly string[];
  readonly #contents: ReadonlyMap<string, FileContent>;

  constructor(uri: string, contents: readonly FileContent[], schema: MergedSchema) {
    this.uri = uri;
    this.files = contents.map(({ path, rows, bytes }) => ({ path, rows, bytes }));
    this.rows = contents.reduce((sum, { rows }) => sum + rows, 0);
    if (this.rows === 0) throw noRows(uri, contents.length);
    this.fields = schema.fields;
    this.unsupported = schema.unsupported;
    this.notices = [...schema.notices, ...hiddenPartitions(contents)];
    this.#contents = new Map(contents.map((content) => [content.path, withPartitions(content)]));
  }

  async *batches(options: ReadOptions = {}): AsyncGenerator<Batch> {
    const { batchRows = BATCH_ROWS } = options;
    if (!Number.isSafeInteger(batchRows) || batchRows < 1) {
      throw new RangeError(`batchRows is ${batchRows}`);
    }
    const fields = this.#fieldsOf(options.columns);
    const [key] = options.keyColumn === undefined ? [] : this.#fieldsOf([options.keyColumn]);
    const read = { fields, batchRows, ...(key === undefined ? {} : { key }) };
    let skip = options.fromRow ?? 0;
    for (const path of options.files ?? this.files.map((file) => file.path)) {
      const content = this.#contents.get(path);
      if (!content) throw new RangeError(`${path} is not a file of ${this.uri}`);
      if (skip < content.rows) yield* content.read({ ...read, fromRow: skip });
      skip = Math.max(0, skip - content.rows);
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

/** Where a folder names a column that its files have themselves. */
function hiddenPartitions(contents: readonly FileContent[]): string[] {
  const hidden = new Map<string, string>();
  for (const { path, fields } of contents) {
    for (const name of partitionsOf(path).keys()) {
      if (!hidden.has(name) && fields.some((field) => field.name === name)) hidden.set(name, path);
    }
  }
  return [...hidden].map(([name, path]) =>
    `column ${name} is read from the files: ${path} has one, so that its folder's name is not used`
  );
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
