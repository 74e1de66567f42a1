/**
 * The parquet decoder (parquet-wasm), loaded once, and what keeps its traps from ending the process.
 *
 * @module
 */
import { restoreFinalizers } from "./without_finalizers.ts";
import start, { ParquetFile, wasmMemory } from "parquet-wasm/esm";
import bytes from "parquet-wasm/esm/parquet_wasm_bg.wasm" with { type: "bytes" };
import type { SourceBlob } from "./blob.ts";
import { WASM_PAGE, withMemoryLimit } from "./memory_limit.ts";

export { type ParquetFile, RecordBatch } from "parquet-wasm/esm";

restoreFinalizers();

/** The decoder met bytes that it cannot survive, or its memory is used up. */
export class DecoderTrap extends Error {
  override readonly name = "DecoderTrap";
  /** True for a file that was open when another one trapped. */
  readonly later: boolean;
  /** Bytes the decoder may have, if that is what stopped it. */
  readonly outOf: number | undefined;

  constructor(later: boolean, cause: unknown, outOf?: number) {
    super(later ? "the decoder has trapped with another file" : "the decoder trapped", { cause });
    this.later = later;
    this.outOf = outOf;
  }
}

/** Bytes of memory that a file may take; if its pages alone are a quarter of it, more. */
const DECODER_MEMORY = 512 * 2 ** 20;
/** All that 32 bits can address. */
const MOST_MEMORY = 2 ** 32;
/**
 * How often the decoder can be replaced in one process. Its module starts one instance only, unless
 * several were asked for before there was any: these wait for that.
 */
const SPARES = 64;

let spares: { instantiate(module: WebAssembly.Module): Promise<unknown> }[] | undefined;
/** What the memory of the current instance may grow to; 0 if there is none that works. */
let limit = 0;
let compiled: { readonly limit: number; readonly module: WebAssembly.Module } | undefined;
let generation = 0;
let open = 0;
let queue: Promise<unknown> = Promise.resolve();

/** A file that is open in the decoder. */
export class DecodedFile implements Disposable {
  readonly #file: ParquetFile;
  readonly #blob: SourceBlob;
  readonly #generation = generation;

  constructor(file: ParquetFile, blob: SourceBlob) {
    this.#file = file;
    this.#blob = blob;
    open++;
  }

  /** Runs one call into the decoder; all that it gives is to be freed in such a call. @throws {DecoderTrap} */
  run<T>(call: (file: ParquetFile) => Promise<T> | T): Promise<T> {
    return queued(() => {
      if (limit === 0 || this.#generation !== generation) throw new DecoderTrap(true, undefined);
      return guarded(this.#blob, () => call(this.#file));
    });
  }

  [Symbol.dispose](): void {
    if (this.#generation !== generation || limit === 0) return;
    open--;
    this.#file.free();
  }
}

/**
 * Opens a parquet file; the caller disposes it.
 *
 * @param needs Bytes of its pages that are in memory at a time.
 * @throws {DecoderTrap}
 */
export function openParquet(blob: SourceBlob, needs = 0): Promise<DecodedFile> {
  return queued(async () => {
    const wanted = memoryFor(needs);
    // Files that are open keep the instance that they are open in.
    if (limit === 0 || limit < wanted && open === 0) await instantiate(wanted);
    return await guarded(blob, async () => new DecodedFile(await ParquetFile.fromFile(blob), blob));
  });
}

/** The decoder's memory as it is now: a later call into the decoder may detach it. */
export function decoderMemory(): ArrayBuffer {
  const { buffer } = wasmMemory();
  if (buffer instanceof ArrayBuffer) return buffer;
  throw new TypeError("the decoder's memory is shared");
}

function memoryFor(needs: number): number {
  const steps = Math.ceil(needs / (DECODER_MEMORY / 4)) - 1;
  return Math.min(MOST_MEMORY, DECODER_MEMORY * Math.max(1, 1 + steps / 2));
}

/** Calls run one after the other, so that a trap has one culprit. */
function queued<T>(call: () => Promise<T>): Promise<T> {
  const result = queue.then(call);
  queue = result.catch(() => {});
  return result;
}

async function instantiate(wanted: number): Promise<void> {
  spares ??= Array.from({ length: SPARES }, () => {
    const module = Promise.withResolvers<WebAssembly.Module>();
    const ready = start({ module_or_path: module.promise });
    return { instantiate: (compiled) => (module.resolve(compiled), ready) };
  });
  const spare = spares.pop();
  if (spare === undefined) throw new DecoderTrap(true, undefined);
  if (compiled?.limit !== wanted) {
    const module = new WebAssembly.Module(withMemoryLimit(bytes, wanted / WASM_PAGE));
    compiled = { limit: wanted, module };
  }
  await spare.instantiate(compiled.module);
  limit = wanted;
  generation++;
  open = 0;
}

/**
 * Corrupt pages make the decoder panic inside a microtask, so that its promise never settles and the
 * trap surfaces as an uncaught error of the process: both are turned into a rejection here.
 */
async function guarded<T>(blob: SourceBlob, call: () => Promise<T> | T): Promise<T> {
  const trap = Promise.withResolvers<never>();
  trap.promise.catch(() => {});
  const onError = (event: ErrorEvent) => {
    if (!isTrap(event.error)) return;
    event.preventDefault();
    trap.reject(event.error);
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    if (!isTrap(event.reason)) return;
    event.preventDefault();
    trap.reject(event.reason);
  };
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    return await Promise.race([call(), trap.promise]);
  } catch (error) {
    if (!isTrap(error)) throw error;
    const used = decoderMemory().byteLength;
    const trapped = new DecoderTrap(false, error, used > 0.8 * limit ? limit : undefined);
    limit = 0;
    blob.abandon();
    // What the trapped instance has already scheduled must not meet the next one.
    await new Promise((resolve) => setTimeout(resolve, 0));
    throw trapped;
  } finally {
    globalThis.removeEventListener("error", onError);
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
}

function isTrap(error: unknown): boolean {
  if (error instanceof SuppressedError) return isTrap(error.error) || isTrap(error.suppressed);
  return error instanceof WebAssembly.RuntimeError;
}
