/**
 * What a parquet file's footer says of its columns and where their pages are, believed only as far as
 * the file can bear it out.
 *
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 * @module
 */
import { at, Malformed, type PagePlace } from "./malformed.ts";
import { type Leaf, type Meaning, readSchema } from "./schema.ts";
import { THRIFT, ThriftReader } from "./thrift.ts";

/** The pages of one column in one row group. */
export interface Chunk {
  /** Where it is. */
  readonly place: PagePlace;
  /** First byte in the file. */
  readonly start: number;
  /** Byte after the last. */
  readonly end: number;
  /** Values in all its pages, nulls included. */
  readonly values: number;
  /** 0 is uncompressed; see parquet.thrift. */
  readonly codec: number;
  /** True if it says that its pages begin with a dictionary. */
  readonly dictionary: boolean;
}

/** One row group. */
export interface RowGroup {
  readonly rows: number;
  /** In the order of the file's leaves. */
  readonly chunks: readonly Chunk[];
}

/** See the module. */
export interface Footer {
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  /** Of columns that are not nested, what their bytes stand for. */
  readonly meanings: Readonly<Record<string, Meaning>>;
  /** Its bytes; what follows them is padding. */
  readonly size: number;
}

/** As many rows as a double counts exactly. */
const MOST_ROWS = 2 ** 53;
/** LZO (3) is the one that nobody reads any more. */
const CODECS = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"];
/** The encodings PLAIN_DICTIONARY and RLE_DICTIONARY. */
const BY_DICTIONARY = [2, 8];
const MAGIC = 4;

/**
 * Reads and checks a footer.
 *
 * @param bytes The footer alone, without its length and `PAR1`.
 * @param start Where in the file it begins: pages end before it.
 * @throws {Malformed}
 */
export function readFooter(bytes: Uint8Array, start: number): Footer {
  const reader = new ThriftReader(bytes);
  let rows: number | undefined, leaves: readonly Leaf[] | undefined;
  const groups: RowGroup[] = [];
  reader.struct((id, type) => {
    if (id === 2 && type === THRIFT.LIST) leaves = readSchema(reader);
    else if (id === 3 && type === THRIFT.I64) rows = reader.integer();
    else if (id === 4 && type === THRIFT.LIST) {
      const known = leaves;
      if (known === undefined) throw new Malformed("its footer has row groups before a schema");
      reader.list((rowGroup) => {
        groups.push(at({ rowGroup }, () => readGroup(reader, { rowGroup, leaves: known, start })));
      });
    }
  });
  if (leaves === undefined) throw new Malformed("its footer has no schema");
  if (rows === undefined) throw new Malformed("its footer has no number of rows");
  const sum = groups.reduce((total, group) => total + group.rows, 0);
  if (sum !== rows || sum > MOST_ROWS) {
    throw new Malformed(`its row groups have ${sum} rows where its footer says ${rows}`);
  }
  const meanings = Object.fromEntries(
    leaves.flatMap(({ path, meaning }) => meaning === undefined ? [] : [[path, meaning]]),
  );
  return { rows, groups, meanings, size: reader.at };
}

interface GroupContext {
  readonly rowGroup: number;
  readonly leaves: readonly Leaf[];
  /** Where the footer begins. */
  readonly start: number;
}

function readGroup(reader: ThriftReader, context: GroupContext): RowGroup {
  const columns: Described[] = [];
  let rows = -1;
  reader.struct((id, type) => {
    if (id === 1 && type === THRIFT.LIST) reader.list(() => columns.push(readColumn(reader)));
    else if (id === 3 && type === THRIFT.I64) rows = reader.integer();
  });
  if (rows < 0) throw new Malformed(`it has ${rows} rows`);
  const { leaves, rowGroup } = context;
  if (columns.length !== leaves.length) {
    throw new Malformed(`it has ${columns.length} columns where the schema has ${leaves.length}`);
  }
  const chunks = columns.map((column, i) => {
    const leaf = leaves[i];
    if (leaf === undefined) throw new RangeError(`there is no leaf ${i}`);
    const place = { rowGroup, column: leaf.path };
    return at(place, () => checkedChunk(column, leaf, { rows, place, start: context.start }));
  });
  return { rows, chunks };
}

/** A column chunk as the footer has it. */
interface Described {
  file?: string;
  type?: number;
  path?: string;
  codec?: number;
  values?: number;
  size?: number;
  dataAt?: number;
  dictionaryAt?: number;
  /** Whether some page is encoded by a dictionary. */
  hasIndices?: boolean;
}

function readColumn(reader: ThriftReader): Described {
  const found: Described = {};
  const path: string[] = [];
  reader.struct((id, type) => {
    if (id === 1 && type === THRIFT.BINARY) found.file = reader.text();
    if (id !== 3 || type !== THRIFT.STRUCT) return;
    reader.struct((id, type) => {
      if (id === 2 && type === THRIFT.LIST) {
        reader.list(() => found.hasIndices ||= BY_DICTIONARY.includes(reader.integer()));
      }
      if (id === 3 && type === THRIFT.LIST) reader.list(() => path.push(reader.text()));
      if (type !== THRIFT.I32 && type !== THRIFT.I64) return;
      if (id === 1) found.type = reader.integer();
      else if (id === 4) found.codec = reader.integer();
      else if (id === 5) found.values = reader.integer();
      else if (id === 7) found.size = reader.integer();
      else if (id === 9) found.dataAt = reader.integer();
      else if (id === 11) found.dictionaryAt = reader.integer();
    });
  });
  found.path = path.join(".");
  return found;
}

function checkedChunk(
  { file, type, path, codec, values, size, dataAt, dictionaryAt, hasIndices = false }: Described,
  leaf: Leaf,
  { rows, place, start }: {
    readonly rows: number;
    readonly place: PagePlace;
    readonly start: number;
  },
): Chunk {
  if (file !== undefined && file !== "") {
    throw new Malformed(`its pages are in another file, ${JSON.stringify(file)}`);
  }
  if (type !== leaf.type || path !== leaf.path) {
    throw new Malformed(
      `the schema has ${leaf.path} of type ${leaf.type} there, the row group ${path} of type ${type}`,
    );
  }
  if (codec === undefined || CODECS[codec] === undefined) {
    throw new Malformed(`its codec is ${codec}`);
  }
  if (CODECS[codec] === "LZO") throw new Malformed("its codec is LZO, which is not read");
  if (values === undefined || values < 0 || !leaf.repeated && values !== rows) {
    throw new Malformed(`it has ${values} values where the row group has ${rows} rows`);
  }
  // Some writers leave the place of no values at 0.
  if (values === 0) return { place, start: MAGIC, end: MAGIC, values, codec, dictionary: false };
  if (size === undefined || dataAt === undefined) throw new Malformed("its place is not given");
  const from = dictionaryAt === undefined ? dataAt : dictionaryAt;
  const outside = from < MAGIC || size < 0 || from + size > start || dataAt < from ||
    dataAt > from + size;
  if (outside) {
    throw new Malformed(
      `its pages are said to be at ${from} and ${dataAt}, ${size} bytes long, where the file has pages up to ${start}`,
    );
  }
  // Polars does not say where the dictionary is, but that there is one.
  const dictionary = from < dataAt || hasIndices;
  return { place, start: from, end: from + size, values, codec, dictionary };
}
