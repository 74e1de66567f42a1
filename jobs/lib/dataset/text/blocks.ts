/**
 * The text of a file in blocks, unpacked if it is packed.
 *
 * @module
 */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf } from "../../errors.ts";
import type { Source } from "../source.ts";
import { TextError } from "./rows.ts";

/** Bytes asked for at a time, and bytes of text given at a time. */
const BLOCK = 4 * 2 ** 20;
/** Text is a convenience for small data. */
const MOST: number = 4 * 2 ** 30;
/** How much more than its file a packed text may be, once it is not small. */
const RATIO = 250;
const SMALL = 64 * 2 ** 20;

/**
 * The bytes of a text file, a few megabytes at a time.
 *
 * @param packed whether the file is gzip
 * @throws {TextError} `data.too-large`, `data.corrupt`
 */
export async function* blocksOf(source: Source, packed: boolean): AsyncGenerator<Uint8Array> {
  const most = packed ? Math.min(MOST, Math.max(SMALL, source.bytes * RATIO)) : MOST;
  let bytes = 0;
  for await (const block of packed ? unpacked(source) : rawBlocks(source)) {
    bytes += block.length;
    if (bytes > most) throw tooLarge(most, packed && most < MOST);
    yield block;
    // Local files are read without waiting: signals and timers get their turn here.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** While one block is worked on, the next one is fetched. */
async function* rawBlocks(source: Source): AsyncGenerator<Uint8Array> {
  const ask = (from: number) => {
    if (from >= source.bytes) return undefined;
    const asked = source.read(from, Math.min(from + BLOCK, source.bytes));
    asked.catch(() => {}); // thrown where it is awaited
    return asked;
  };
  let next = ask(0);
  for (let from = BLOCK; next !== undefined; from += BLOCK) {
    const block = await next;
    next = ask(from);
    yield new Uint8Array(block);
  }
}

async function* unpacked(source: Source): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  let failure: unknown;
  const input = Readable.from((async function* () {
    try {
      yield* rawBlocks(source);
    } catch (error) {
      failure = error;
      throw error;
    }
  })());
  input.on("error", (error) => gunzip.destroy(error));
  input.pipe(gunzip);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of gunzip) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= BLOCK) {
        yield joined(pieces, bytes);
        pieces.length = bytes = 0;
      }
    }
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw new TextError(
      "data.corrupt",
      `it is not whole gzip: ${messageOf(error)}`,
      "Write or copy the file again",
    );
  } finally {
    input.destroy();
    gunzip.destroy();
  }
  if (bytes > 0) yield joined(pieces, bytes);
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function tooLarge(most: number, bomb: boolean): TextError {
  const size = `${Math.round(most / 2 ** 20)} MiB`;
  return new TextError(
    "data.too-large",
    bomb ? `unpacked it is more than ${size}, ${RATIO} times its size` : `it is more than ${size}`,
    bomb ? "Check where it comes from; give it unpacked if it is right" : "Write it as parquet",
  );
}
