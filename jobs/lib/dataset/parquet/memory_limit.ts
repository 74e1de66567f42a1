/**
 * A limit for the memory of a WebAssembly module, which its compiler did not set.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#memory-section
 * @module
 */

/** Bytes of a page of WebAssembly's memory. */
export const WASM_PAGE = 65_536;
const HEADER = 8;
const MEMORY_SECTION = 5;

/**
 * The module with a memory of at most `pages`; beyond it an allocation fails, which traps.
 *
 * @param module With one memory, which has no limit.
 */
export function withMemoryLimit(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  for (let at = HEADER; at < module.length;) {
    const [size, body] = unsigned(module, at + 1);
    if (module[at] === MEMORY_SECTION) {
      const [least, end] = unsigned(module, body + 2);
      if (module[body] !== 1 || module[body + 1] !== 0 || end !== body + size) break;
      const section = [1, 1, ...encoded(least), ...encoded(pages)];
      const head = [MEMORY_SECTION, ...encoded(section.length), ...section];
      const limited = new Uint8Array(at + head.length + module.length - end);
      limited.set(module.subarray(0, at));
      limited.set(head, at);
      limited.set(module.subarray(end), at + head.length);
      return limited;
    }
    at = body + size;
  }
  throw new TypeError("the module has no memory without a limit");
}

/** A number in LEB128, and where it ends. */
function unsigned(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let factor = 1;; factor *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
  }
}

function encoded(value: number): number[] {
  return value < 128 ? [value] : [value % 128 + 128, ...encoded(Math.floor(value / 128))];
}
