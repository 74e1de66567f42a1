/**
 * What a user is told about a parquet file that cannot be read.
 *
 * @module
 */
import { DataError, messageOf, PlatformError } from "../../errors.ts";
import { Malformed, type PagePlace } from "./pages/mod.ts";
import type { SourceBlob } from "./blob.ts";
import { DecoderTrap } from "./decoder.ts";

/** Runs a step of reading a file and says what is wrong with the file if it fails. */
export async function decoding<T>(
  blob: SourceBlob,
  step: () => Promise<T> | T,
  place: PagePlace = {},
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw explained(blob, error, place);
  }
}

/** The row group in which the decoder failed, if it could not be said with which column. */
export function unplacedGroup(error: unknown): number | undefined {
  if (!(error instanceof DataError) || error.code !== "data.corrupt") return undefined;
  return error.place.column === undefined ? error.place.rowGroup : undefined;
}

/** The pages, or what is said of them, are not what can be. */
export function corrupt(
  file: string,
  found: string,
  place: PagePlace = {},
  cause?: unknown,
): DataError {
  return new DataError({
    code: "data.corrupt",
    cannot: `read ${file}`,
    found: placed(found, place),
    todo: "Write the file again, or take it out of the folder",
    place: { file, ...place },
    cause,
  });
}

/** The file was written again in the meantime. */
export function changed(file: string): DataError {
  return new DataError({
    code: "data.changed",
    cannot: `read ${file}`,
    found: "it is another file now than when the data was opened",
    todo: "Leave the data alone while it is read and start again",
    place: { file },
  });
}

function explained(blob: SourceBlob, error: unknown, place: PagePlace): PlatformError {
  const file = blob.path;
  // A failed read surfaces in the decoder as any kind of error.
  const { failure } = blob;
  if (failure instanceof Malformed) return malformed(file, failure);
  if (failure instanceof PlatformError) return failure;
  if (failure !== undefined) return unreadable(file, failure);
  if (error instanceof Malformed) return malformed(file, error);
  if (error instanceof PlatformError) return error;
  if (!(error instanceof DecoderTrap)) return corrupt(file, messageOf(error), place, error);
  if (error.later) return stopped(file);
  if (error.outOf !== undefined) {
    return tooLarge(file, `to decode it takes more than ${error.outOf / 2 ** 20} MiB`, place);
  }
  return corrupt(file, "its pages are corrupt, or claim what no memory holds", place, error);
}

function malformed(file: string, { message, place, trouble }: Malformed): DataError {
  if (trouble === "corrupt") return corrupt(file, message, place);
  if (trouble === "too-large") return tooLarge(file, message, place);
  return new DataError({
    code: "data.checksum",
    cannot: `read ${file}`,
    found: placed(message, place),
    todo: "Its bytes have changed since it was written: copy or write it again",
    place: { file, ...place },
  });
}

function tooLarge(file: string, found: string, place: PagePlace): DataError {
  return new DataError({
    code: "data.too-large",
    cannot: `read ${file}`,
    found: placed(found, place),
    todo: "Write smaller row groups and pages, shorter values, or read fewer columns",
    place: { file, ...place },
  });
}

function stopped(file: string): DataError {
  return new DataError({
    code: "data.decoder-stopped",
    cannot: `read ${file}`,
    found: "a corrupt file has stopped the parquet decoder while this one was open too",
    todo: "Take the corrupt file away and start again",
    place: { file },
  });
}

function unreadable(file: string, cause: unknown): DataError {
  return new DataError({
    code: "data.unreadable",
    cannot: `read ${file}`,
    found: messageOf(cause),
    todo: "Check the file and the disk",
    place: { file },
    cause,
  });
}

function placed(found: string, { rowGroup, column }: PagePlace): string {
  const where = [
    ...rowGroup === undefined ? [] : [`row group ${rowGroup}`],
    ...column === undefined ? [] : [`column ${column}`],
  ];
  return where.length === 0 ? found : `${where.join(", ")}: ${found}`;
}
