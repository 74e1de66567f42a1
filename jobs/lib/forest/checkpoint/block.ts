/**
 * A block: finished trees in a file, with what tells whose they are and whether they are whole.
 *
 * All numbers are little-endian: `MLTREES1`, SHA-256 of what the trees depend on, SHA-256 of the rest,
 * then of each tree its number, the lengths of its three arrays in elements, and the arrays.
 *
 * @module
 */

import type { GrownTree } from "../kernel/grown_tree.ts";

const MAGIC = new TextEncoder().encode("MLTREES1");
const HEADER = MAGIC.length + 64;

/** Trees as bytes. @param fingerprint of what they depend on, 32 bytes */
export async function encodeBlock(
  trees: readonly GrownTree[],
  fingerprint: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const { number, nodes, values, decrease } of trees) {
    const head = Uint32Array.of(number, nodes.length, values.length, decrease.length);
    for (const part of [head, nodes, values, decrease]) {
      parts.push(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
  }
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const block = new Uint8Array(HEADER + size);
  let at = HEADER;
  for (const part of parts) {
    block.set(part, at);
    at += part.length;
  }
  block.set(MAGIC);
  block.set(fingerprint, MAGIC.length);
  block.set(await sha256(block.subarray(HEADER)), MAGIC.length + 32);
  return block;
}

/**
 * The trees of a block.
 *
 * @returns Why it cannot be used instead, if it cannot.
 */
export async function decodeBlock(
  block: Uint8Array<ArrayBuffer>,
  fingerprint: Uint8Array,
): Promise<GrownTree[] | "foreign" | "damaged"> {
  if (block.length < HEADER || !equal(block.subarray(0, MAGIC.length), MAGIC)) return "damaged";
  if (!equal(block.subarray(MAGIC.length, MAGIC.length + 32), fingerprint)) return "foreign";
  const payload = block.slice(HEADER);
  if (!equal(block.subarray(MAGIC.length + 32, HEADER), await sha256(payload))) return "damaged";
  const trees: GrownTree[] = [];
  for (let at = 0; at < payload.length;) {
    const [number = 0, nodes = 0, values = 0, decrease = 0] = new Uint32Array(
      payload.slice(at, at + 16).buffer,
    );
    const take = (bytes: number) => payload.slice(at, at += bytes).buffer;
    at += 16;
    trees.push({
      number,
      nodes: new Uint32Array(take(4 * nodes)),
      values: new Float32Array(take(4 * values)),
      decrease: new Float64Array(take(8 * decrease)),
    });
  }
  return trees;
}

/** SHA-256. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
