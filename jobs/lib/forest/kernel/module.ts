/**
 * The kernel's module, made from assembly/ by build.ts. Workers are sent it.
 *
 * @module
 */

import bytes from "./kernel.wasm" with { type: "bytes" };

/** Name and kind of the import that is the memory, shared, and its least and greatest size. */
const IMPORT = [..."memory"].map((letter) => letter.charCodeAt(0)).concat(2, 3);
const MEMORY = [...IMPORT, 0x80, 0x80, 4, 0x80, 0x80, 4];

let compiled: { readonly pages: number; readonly module: WebAssembly.Module } | undefined;

/** The module's bytes, which tell one version of the kernel from another. */
export const kernelBytes: Uint8Array = bytes;

/**
 * The module for a memory; the last one is kept. V8 checks every access against the size of the
 * memory: if that can never change it stays in a register, otherwise it is read each time, which takes
 * a twentieth of a training.
 */
export function kernelModule({ buffer }: WebAssembly.Memory): WebAssembly.Module {
  const pages = buffer.byteLength / 65_536;
  if (compiled?.pages !== pages) {
    compiled = { pages, module: new WebAssembly.Module(fixed(pages)) };
  }
  return compiled.module;
}

/** The module's bytes, for a memory of exactly so many pages. */
function fixed(pages: number): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((_, i) => MEMORY.every((byte, k) => bytes[i + k] === byte));
  const patched = bytes.slice();
  // Seven bits a byte, of all bytes but the last the eighth is set.
  const size = [(pages & 127) | 128, ((pages >> 7) & 127) | 128, pages >> 14];
  patched.set([...size, ...size], at + IMPORT.length);
  return patched;
}
