/**
 * Thrift's compact protocol as a tree that can be changed and written again, wrong in any way one likes.
 *
 * @module
 */

/** A value; `type` is the one that is written, whether it fits or not. */
export type Node =
  & { type: number }
  & (
    | { kind: "nothing" }
    | { kind: "raw"; bytes: Uint8Array }
    | { kind: "number"; value: bigint }
    | { kind: "binary"; bytes: Uint8Array; claimed?: number }
    | { kind: "list"; of: number; items: Node[]; claimed?: number }
    | { kind: "struct"; fields: { id: number; node: Node }[] }
  );

const BINARY = 8, LIST = 9, SET = 10, STRUCT = 12;

/** Reads a struct that is well-formed; gives its end too. */
export function readTree(
  bytes: Uint8Array,
  start = 0,
): { readonly tree: Node; readonly end: number } {
  let at = start;
  const byte = () => bytes[at++] ?? 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const next = byte();
      value |= BigInt(next & 127) << shift;
      if (next < 128) return value;
    }
  };
  const raw = (count: number) => bytes.slice(at, at += count);
  const read = (type: number, element = false): Node => {
    if (type === 1 || type === 2) {
      return element ? { type, kind: "raw", bytes: raw(1) } : { type, kind: "nothing" };
    }
    if (type === 3) return { type, kind: "raw", bytes: raw(1) };
    if (type === 7) return { type, kind: "raw", bytes: raw(8) };
    if (type >= 4 && type <= 6) {
      const zigzag = varint();
      return { type, kind: "number", value: zigzag >> 1n ^ -(zigzag & 1n) };
    }
    if (type === BINARY) return { type, kind: "binary", bytes: raw(Number(varint())) };
    if (type === LIST || type === SET) {
      const head = byte(), of = head & 15;
      const size = head >> 4 === 15 ? Number(varint()) : head >> 4;
      return { type, kind: "list", of, items: Array.from({ length: size }, () => read(of, true)) };
    }
    if (type !== STRUCT) throw new Error(`no seed has the type ${type}`);
    const fields: { id: number; node: Node }[] = [];
    for (let id = 0;;) {
      const head = byte();
      if (head === 0) return { type, kind: "struct", fields };
      id = head >> 4 === 0 ? Number(varint() >> 1n) : id + (head >> 4);
      fields.push({ id, node: read(head & 15) });
    }
  };
  const tree = read(STRUCT);
  return { tree, end: at };
}

/** Writes a tree. */
export function writeTree(tree: Node): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  const varint = (value: bigint) => {
    for (value = BigInt.asUintN(64, value); value > 127n; value >>= 7n) {
      out.push(Number(value & 127n) | 128);
    }
    out.push(Number(value));
  };
  const push = (bytes: Uint8Array) => {
    for (const byte of bytes) out.push(byte);
  };
  const write = (node: Node): void => {
    switch (node.kind) {
      case "nothing":
        return;
      case "raw":
        return push(node.bytes);
      case "number":
        return varint(node.value << 1n ^ node.value >> 63n);
      case "binary":
        varint(BigInt(node.claimed ?? node.bytes.length));
        return push(node.bytes);
      case "list": {
        const size = node.claimed ?? node.items.length;
        out.push((size < 15 ? size << 4 : 0xf0) | node.of);
        if (size >= 15) varint(BigInt(size));
        return node.items.forEach(write);
      }
      case "struct": {
        let last = 0;
        for (const { id, node: field } of node.fields) {
          if (id > last && id - last < 16) out.push(id - last << 4 | field.type);
          else {
            out.push(field.type);
            varint(BigInt(id) << 1n);
          }
          last = id;
          write(field);
        }
        out.push(0);
      }
    }
  };
  write(tree);
  return Uint8Array.from(out);
}

/** A field of a struct, by its number. */
export function field(node: Node | undefined, ...path: number[]): Node | undefined {
  for (const id of path) {
    if (node?.kind === "struct") node = node.fields.find((each) => each.id === id)?.node;
    else if (node?.kind === "list") node = node.items[id];
    else return undefined;
  }
  return node;
}

/** The number at a path; undefined if there is none. */
export function numberAt(node: Node | undefined, ...path: number[]): number | undefined {
  const found = field(node, ...path);
  return found?.kind === "number" ? Number(found.value) : undefined;
}

/** All values of a tree, itself first. */
export function nodesOf(tree: Node): Node[] {
  const below = tree.kind === "struct"
    ? tree.fields.map(({ node }) => node)
    : tree.kind === "list"
    ? tree.items
    : [];
  return [tree, ...below.flatMap(nodesOf)];
}
