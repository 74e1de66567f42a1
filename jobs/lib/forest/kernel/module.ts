/**
 * The kernel's module, made from assembly/ by build.ts. Workers are sent it.
 *
 * @module
 */

import bytes from "./kernel.wasm" with { type: "bytes" };

let compiled: WebAssembly.Module | undefined;

/** The module's bytes, which tell one version of the kernel from another. */
export const kernelBytes: Uint8Array = bytes;

/** The module, compiled once a process. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(bytes);
  return compiled;
}
