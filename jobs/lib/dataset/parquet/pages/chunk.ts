/**
 * The pages of a column chunk, checked before the decoder sees them: that they are where their headers
 * say, that they have the values that the footer counts, and their checksums where the writer gave them.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import type { Chunk } from "./footer.ts";
import { at, Malformed } from "./malformed.ts";
import { THRIFT, ThriftReader } from "./thrift.ts";

/** Kinds of pages. */
const DATA = 0, INDEX = 1, DICTIONARY = 2, DATA_V2 = 3;
/** 0 PLAIN to 9 BYTE_STREAM_SPLIT, of which 1 is none. */
const MOST_ENCODING = 9;

interface Page {
  type: number;
  /** Bytes when decompressed. */
  uncompressed: number;
  /** Bytes in the file, after the header. */
  compressed: number;
  crc?: number;
  values: number;
  encoding: number;
  /** Of the levels before the values, which version 2 does not compress. */
  levels: number;
  isCompressed: boolean;
}

/**
 * Checks a chunk.
 *
 * @param bytes All of the chunk.
 * @param most Bytes that a page may have when decompressed.
 * @throws {Malformed}
 */
export function checkChunk(bytes: Uint8Array, chunk: Chunk, most: number): void {
  at(chunk.place, () => walk(bytes, chunk, most));
}

function walk(bytes: Uint8Array, { values, codec }: Chunk, most: number): void {
  const reader = new ThriftReader(bytes);
  let seen = 0, number = 0, dictionary = false;
  while (seen < values) {
    if (reader.at >= bytes.length) {
      throw new Malformed(`its pages end after ${seen} of ${values} values`);
    }
    const page = readPage(reader);
    const { type, compressed, crc } = page;
    const body = bytes.subarray(reader.at, reader.at + compressed);
    if (compressed < 0 || body.length < compressed) {
      throw new Malformed(`page ${number} has ${compressed} bytes where ${body.length} are left`);
    }
    if (crc !== undefined && crc32(body) !== crc >>> 0) {
      throw new Malformed(
        `the checksum of page ${number} is not that of its bytes`,
        {},
        "checksum",
      );
    }
    checkPage(page, { number, codec, most });
    if (type === DICTIONARY) {
      if (dictionary || seen > 0) throw new Malformed(`page ${number} is one more dictionary`);
      dictionary = true;
    } else if (type !== INDEX) seen += page.values;
    reader.at += compressed;
    number++;
  }
  if (seen !== values) throw new Malformed(`its pages have ${seen} values, not ${values}`);
}

function checkPage(
  { type, uncompressed, compressed, values, encoding, levels, isCompressed }: Page,
  { number, codec, most }: {
    readonly number: number;
    readonly codec: number;
    readonly most: number;
  },
): void {
  if (type < DATA || type > DATA_V2) throw new Malformed(`page ${number} is of type ${type}`);
  if (type === INDEX) return;
  if (values < 0) throw new Malformed(`page ${number} has ${values} values`);
  if (encoding < 0 || encoding > MOST_ENCODING) {
    throw new Malformed(`page ${number} has the encoding ${encoding}`);
  }
  if (uncompressed < 0) throw new Malformed(`page ${number} takes ${uncompressed} bytes`);
  if (uncompressed > most) {
    throw new Malformed(
      `page ${number} takes ${uncompressed} bytes, more than ${most}`,
      {},
      "too-large",
    );
  }
  const plain = codec === 0 || !isCompressed;
  if (plain && uncompressed !== compressed) {
    throw new Malformed(`page ${number} has ${compressed} bytes, not ${uncompressed}`);
  }
  if (levels < 0 || levels > uncompressed || levels > compressed) {
    throw new Malformed(`page ${number} has ${levels} bytes of levels in ${compressed}`);
  }
}

function readPage(reader: ThriftReader): Page {
  const page: Page = {
    type: -1,
    uncompressed: -1,
    compressed: -1,
    values: -1,
    encoding: -1,
    levels: 0,
    isCompressed: true,
  };
  reader.struct((id, type) => {
    if (type === THRIFT.I32) {
      if (id === 1) page.type = reader.integer();
      else if (id === 2) page.uncompressed = reader.integer();
      else if (id === 3) page.compressed = reader.integer();
      else if (id === 4) page.crc = reader.integer();
    } else if (type === THRIFT.STRUCT) {
      if (id === 5 || id === 7) readHeader(reader, page);
      else if (id === 8) readHeader2(reader, page);
    }
  });
  return page;
}

/** Of a dictionary, or of data in version 1. */
function readHeader(reader: ThriftReader, page: Page): void {
  reader.struct((id, type) => {
    if (type !== THRIFT.I32) return;
    if (id === 1) page.values = reader.integer();
    else if (id === 2) page.encoding = reader.integer();
  });
}

function readHeader2(reader: ThriftReader, page: Page): void {
  let negative = false;
  reader.struct((id, type) => {
    if (id === 7 && type === THRIFT.FALSE) page.isCompressed = false;
    if (type !== THRIFT.I32) return;
    if (id === 1) page.values = reader.integer();
    else if (id === 4) page.encoding = reader.integer();
    else if (id === 5 || id === 6) {
      const levels = reader.integer();
      negative ||= levels < 0;
      page.levels += levels;
    }
  });
  if (negative) page.levels = -1;
}
