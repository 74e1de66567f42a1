/**
 * Ways to break a parquet file, chosen by a seed.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { chunksOf, type Layout, layoutOf, withFooter, withPage } from "./layout.ts";
import { field, type Node, nodesOf, writeTree } from "./thrift_tree.ts";

/** Numbers below a bound, the same for the same seed (mulberry32). */
export type Random = (bound: number) => number;

/** See {@linkcode Random}. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) % bound;
  };
}

type Mutation = (layout: Layout, random: Random) => Uint8Array;

/** By name, with how often each is chosen. */
const MUTATIONS: readonly [name: string, weight: number, Mutation][] = [
  ["flip", 6, flip],
  ["page-bytes", 24, pageBytes],
  ["page-header", 24, pageHeader],
  ["footer-value", 24, footerValue],
  ["footer-shape", 12, footerShape],
  ["schema", 6, schema],
  ["truncate", 4, truncate],
  ["swap", 4, swap],
  ["duplicate-names", 2, duplicateNames],
  ["deep-schema", 1, deepSchema],
  ["deep-thrift", 1, deepThrift],
  ["encoding", 6, encoding],
  ["bomb", 1, bomb],
];
const WEIGHTS = MUTATIONS.reduce((sum, [, weight]) => sum + weight, 0);

/** Breaks a file in one way. */
export function mutate(seed: Uint8Array, random: Random): { name: string; bytes: Uint8Array } {
  const [name, mutation] = pick(random);
  return { name, bytes: mutation(layoutOf(seed.slice()), random) };
}

function pick(random: Random): [string, Mutation] {
  let left = random(WEIGHTS);
  for (const [name, weight, mutation] of MUTATIONS) {
    if (left < weight) return [name, mutation];
    left -= weight;
  }
  throw new RangeError("the weights are not those of the mutations");
}

/** Bytes anywhere. */
function flip({ bytes }: Layout, random: Random): Uint8Array {
  for (let i = 0; i <= random(4); i++) change(bytes, 0, bytes.length, random);
  return bytes;
}

/** Bytes of a page, its header aside. */
function pageBytes({ bytes, pages }: Layout, random: Random): Uint8Array {
  const { body, end } = one(pages, random);
  // Levels and widths, which steer the decoder, come first.
  const to = random(2) === 0 ? Math.min(end, body + 16) : end;
  for (let i = 0; i <= random(5); i++) change(bytes, body, to, random);
  return bytes;
}

function change(bytes: Uint8Array, from: number, to: number, random: Random): void {
  if (to <= from) return;
  const at = from + random(to - from);
  const old = bytes[at] ?? 0;
  bytes[at] = [old ^ 1 << random(8), 0, 0xff, 0x7f, 0x80, random(256)][random(6)] ?? 0;
}

/** A number of a page's header, or its shape. */
function pageHeader(layout: Layout, random: Random): Uint8Array {
  const page = one(layout.pages, random);
  if (random(4) === 0) distort(page.header, random);
  else disturb(page.header, random);
  const body = layout.bytes.slice(page.body, page.end);
  return withPage(layout, page, writeTree(page.header), body);
}

function footerValue(layout: Layout, random: Random): Uint8Array {
  for (let i = 0; i <= random(3); i++) disturb(layout.footer, random);
  return rebuilt(layout);
}

function footerShape(layout: Layout, random: Random): Uint8Array {
  distort(layout.footer, random);
  return rebuilt(layout);
}

/** Types, lengths, children and repetitions of the schema's elements. */
function schema(layout: Layout, random: Random): Uint8Array {
  const elements = field(layout.footer, 2);
  if (elements?.kind !== "list") return layout.bytes;
  const element = one(elements.items, random);
  if (element.kind !== "struct") return layout.bytes;
  const id = one([1, 2, 3, 5, 6], random);
  const value = BigInt(one([0, 1, 2, 3, 4, 5, 6, 7, 8, 20, 300, 100_000, -1], random));
  element.fields = [
    ...element.fields.filter((each) => each.id !== id),
    { id, node: { type: 5, kind: "number" as const, value } },
  ].sort((a, b) => a.id - b.id);
  if (random(3) === 0) {
    elements.items.splice(random(elements.items.length), 0, one(elements.items, random));
  }
  return rebuilt(layout);
}

function truncate({ bytes, start }: Layout, random: Random): Uint8Array {
  if (random(2) === 0) return bytes.slice(0, random(bytes.length));
  // The footer is whole, and some of the pages are gone.
  const from = 4 + random(start - 4), to = from + random(start - from);
  const left = new Uint8Array(bytes.length - (to - from));
  left.set(bytes.subarray(0, from));
  left.set(bytes.subarray(to), from);
  return left;
}

/** Row groups, or the columns of one, in another order. */
function swap(layout: Layout, random: Random): Uint8Array {
  const groups = field(layout.footer, 4);
  const list = random(2) === 0 ? groups : field(groups, 0, 1);
  if (list?.kind !== "list" || list.items.length < 2) return layout.bytes;
  const from = random(list.items.length), to = random(list.items.length);
  const a = list.items[from], b = list.items[to];
  if (a && b) [list.items[from], list.items[to]] = [b, a];
  if (random(3) === 0) list.items.push(one(list.items, random));
  return rebuilt(layout);
}

function duplicateNames(layout: Layout, random: Random): Uint8Array {
  const elements = field(layout.footer, 2);
  if (elements?.kind !== "list") return layout.bytes;
  const name = field(one(elements.items, random), 4);
  const other = field(one(elements.items, random), 4);
  if (name?.kind === "binary" && other?.kind === "binary") name.bytes = other.bytes;
  return rebuilt(layout);
}

/** Groups within groups, as many as the decoder's stack may not hold. */
function deepSchema(layout: Layout, random: Random): Uint8Array {
  const elements = field(layout.footer, 2);
  if (elements?.kind !== "list") return layout.bytes;
  const number = (value: number): Node => ({ type: 5, kind: "number", value: BigInt(value) });
  const name: Node = { type: 8, kind: "binary", bytes: new TextEncoder().encode("g") };
  const group: Node = {
    type: 12,
    kind: "struct",
    fields: [{ id: 3, node: number(1) }, { id: 4, node: name }, { id: 5, node: number(1) }],
  };
  const depth = one([40, 63, 65, 1000, 50_000], random);
  elements.items.splice(1, 0, ...Array.from({ length: depth }, () => group));
  return rebuilt(layout);
}

/** A field that nobody knows, of structs within structs or lists within lists. */
function deepThrift(layout: Layout, random: Random): Uint8Array {
  const depth = one([20, 100, 10_000, 100_000], random);
  const opening = one([0x1c, 0x19], random);
  const bytes = new Uint8Array(depth).fill(opening === 0x19 ? 0x19 : 0x1c);
  if (layout.footer.kind !== "struct") return layout.bytes;
  const type = opening === 0x19 ? 9 : 12;
  layout.footer.fields.push({ id: 15, node: { type, kind: "raw", bytes } });
  return rebuilt(layout);
}

/** Another encoding or codec than the bytes have. */
function encoding(layout: Layout, random: Random): Uint8Array {
  if (random(2) === 0) {
    const codec = field(one(chunksOf(layout.footer), random), 4);
    if (codec?.kind === "number") codec.value = BigInt(random(9));
    return rebuilt(layout);
  }
  const page = one(layout.pages, random);
  for (const [struct, id] of [[5, 2], [7, 2], [8, 4]] as const) {
    const node = field(page.header, struct, id);
    if (node?.kind === "number") node.value = BigInt(random(11));
  }
  return withPage(layout, page, writeTree(page.header), layout.bytes.slice(page.body, page.end));
}

const MEBIBYTE = 2 ** 20;
const bombs = new Map<number, Uint8Array>();

/** A few kilobytes that decompress to very much, of which the header tells the truth or not. */
function bomb(layout: Layout, random: Random): Uint8Array {
  const page = one(layout.pages, random);
  const size = one([64, 120, 300], random) * MEBIBYTE;
  const body = bombs.get(size) ?? gzipSync(new Uint8Array(size), { level: 1 });
  bombs.set(size, body);
  const set = (node: Node | undefined, value: number) => {
    if (node?.kind === "number") node.value = BigInt(value);
  };
  set(field(page.chunk, 4), 2);
  set(field(page.header, 3), body.length);
  if (random(3) > 0) set(field(page.header, 2), one([size, 100, 2 ** 31 - 1], random));
  return withPage(layout, page, writeTree(page.header), body);
}

const EDGES = [0n, 1n, -1n, 255n, 65_536n, 2n ** 31n - 1n, -(2n ** 31n), 2n ** 31n, 2n ** 40n];
const EXTREMES = [...EDGES, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)];

/** Another number somewhere in a tree. */
function disturb(tree: Node, random: Random): void {
  const numbers = nodesOf(tree).filter((node) => node.kind === "number");
  const node = one(numbers, random);
  if (node.kind !== "number") return;
  const { value } = node;
  node.value = one(
    [value + 1n, value - 1n, value * 2n, -value, BigInt(random(1000)), one(EXTREMES, random)],
    random,
  );
}

/** Another shape: fields and elements gone, twice, of other types, or claimed and not there. */
function distort(tree: Node, random: Random): void {
  const node = one(nodesOf(tree), random);
  if (node.kind === "struct" && node.fields.length > 0) {
    const at = random(node.fields.length);
    const chosen = node.fields[at];
    if (random(2) === 0) node.fields.splice(at, 1);
    else if (chosen) node.fields.push({ ...chosen });
  } else if (node.kind === "list") {
    const choice = random(3);
    if (choice === 0) node.claimed = one([0, 1, 1000, 2 ** 24, 2 ** 31 - 1], random);
    else if (choice === 1) node.items.pop();
    else node.of = random(14);
  } else if (node.kind === "binary") {
    if (random(2) === 0) node.claimed = one([0, 1, 1000, 2 ** 31 - 1, 2 ** 32], random);
    else node.bytes = node.bytes.map(() => random(256));
  } else node.type = random(16);
}

function rebuilt({ bytes, start, footer }: Layout): Uint8Array {
  return withFooter(bytes.slice(0, start), footer);
}

function one<T>(items: readonly T[], random: Random): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new RangeError("there is nothing to choose from");
  return item;
}
