import { brotliCompressSync, constants } from "node:zlib";
import onnxruntime from "onnxruntime-web/ort-wasm-simd-threaded.wasm" with { type: "bytes" };
import parquet from "parquet-wasm/esm/parquet_wasm_bg.wasm" with { type: "bytes" };

/** WebAssembly that stays a file in the bundle: as text it would be larger, and parsed each time. */
export interface WasmFile {
  /** As the sources import it. */
  readonly specifier: string;
  /** Its name in the bundle. */
  readonly name: string;
  readonly bytes: () => Uint8Array;
}

/** All there are. */
export const WASM_FILES: readonly WasmFile[] = [
  {
    specifier: "parquet-wasm/esm/parquet_wasm_bg.wasm",
    name: "parquet.wasm",
    bytes: () => parquet,
  },
  {
    specifier: "onnxruntime-web/ort-wasm-simd-threaded.wasm",
    name: "onnxruntime.wasm.br",
    // Few models need it, and its reader unpacks it.
    bytes: () =>
      brotliCompressSync(onnxruntime, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  },
];
