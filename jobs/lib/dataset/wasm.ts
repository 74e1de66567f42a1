/**
 * The parquet decoder (parquet-wasm), loaded once, and what keeps its traps from ending the process.
 *
 * @module
 */
import { initSync, ParquetFile, wasmMemory } from "parquet-wasm/esm";
import bytes from "parquet-wasm/esm/parquet_wasm_bg.wasm" with { type: "bytes" };

export { type ParquetFile, RecordBatch } from "parquet-wasm/esm";

/**
 * The decoder met bytes that it cannot survive. Its memory is in an unknown state from then on, and a
 * module has only one instance, so that every later call of the process is refused.
 */
export class DecoderTrap extends Error {
  override readonly name = "DecoderTrap";
  /** True for the calls after the one that trapped. */
  readonly later: boolean;

  constructor(later: boolean, cause: unknown) {
    super(later ? "the decoder has trapped earlier" : "the decoder trapped", { cause });
    this.later = later;
  }
}

let loaded = false;
let trapped: DecoderTrap | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** Opens a parquet file; the caller frees it. */
export function openParquet(blob: Blob): Promise<ParquetFile> {
  return guarded(() => ParquetFile.fromFile(blob));
}

/** The decoder's memory as it is now: a later call into the decoder may detach it. */
export function decoderMemory(): ArrayBuffer {
  const { buffer } = wasmMemory();
  if (buffer instanceof ArrayBuffer) return buffer;
  throw new TypeError("the decoder's memory is shared");
}

/**
 * Runs one call into the decoder. Corrupt pages make it panic inside a microtask, so that its promise
 * never settles and the trap surfaces as an uncaught error of the process: both are turned into a
 * rejection here. Calls run one after the other, so that a trap has one culprit.
 *
 * @throws {DecoderTrap}
 */
export function guarded<T>(call: () => Promise<T>): Promise<T> {
  const result = queue.then(() => run(call));
  queue = result.catch(() => {});
  return result;
}

async function run<T>(call: () => Promise<T>): Promise<T> {
  if (trapped) throw new DecoderTrap(true, trapped.cause);
  if (!loaded) initSync({ module: bytes });
  loaded = true;
  const trap = Promise.withResolvers<never>();
  const caught = (error: unknown) => {
    trapped = new DecoderTrap(false, error);
    trap.reject(trapped);
  };
  const onError = (event: ErrorEvent) => {
    if (!isTrap(event.error)) return;
    event.preventDefault();
    caught(event.error);
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    if (!isTrap(event.reason)) return;
    event.preventDefault();
    caught(event.reason);
  };
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    return await Promise.race([call(), trap.promise]);
  } catch (error) {
    if (isTrap(error)) caught(error);
    throw trapped ?? error;
  } finally {
    globalThis.removeEventListener("error", onError);
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
}

function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}
