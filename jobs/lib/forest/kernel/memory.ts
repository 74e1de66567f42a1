/**
 * The memory that the threads of one training share, and what stands where in it.
 *
 * @module
 */

import { DataError } from "../../errors.ts";
import * as at from "./layout.ts";

/** What decides how much memory a training takes. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
  /** 0 for regression. */
  readonly classes: number;
  /** BINARY, CLASSES or REGRESSION, see layout.ts. */
  readonly kind: number;
  /** Values of a leaf. */
  readonly targets: number;
  /** 0 means no limit. */
  readonly maxDepth: number;
  /** How often a tree draws a row on average. */
  readonly draws: number;
  /** Trees of the forest. */
  readonly trees: number;
}

/** Addresses of what all threads read. */
export interface SharedPlaces {
  readonly plan: number;
  readonly bins: number;
  readonly bounded: number;
  readonly limits: number;
  /** Two words, then the numbers of the trees to grow. */
  readonly control: number;
  /** 256 float32 a column. */
  readonly edges: number;
  /** Room for {@linkcode BLOCK_ROWS} values. */
  readonly block: number;
  readonly records: number;
  /** Bytes of a record. */
  readonly stride: number;
}

/** What each thread has of its own. */
export interface OwnPlaces {
  /** Where the addresses of the others are. */
  readonly own: number;
  readonly nodes: number;
  readonly values: number;
  readonly decrease: number;
}

/** Memory, laid out. */
export interface TrainingMemory {
  readonly memory: WebAssembly.Memory;
  readonly shared: SharedPlaces;
  /** One a thread: as many as asked for, or as fit. */
  readonly threads: readonly OwnPlaces[];
}

/** Rows that are quantised at a time: their records stay in the cache. */
export const BLOCK_ROWS = 4096;

const PAGE = 65_536;
/** All that 32-bit addresses reach. */
const MOST_BYTES = 2 ** 32 - PAGE;
/** Room for the values of one tree's nodes, at most. */
const MOST_VALUE_BYTES = 2 ** 28;

/**
 * Makes the memory for a training. What is not touched costs nothing but addresses.
 *
 * @throws {DataError} `forest.too-large` if not even one thread fits.
 */
export function layOut(shape: Shape, threads: number): TrainingMemory {
  const arena = new Arena();
  const shared = placeShared(arena, shape);
  const before = arena.size;
  const tables = [placeOwn(arena, shape)];
  const each = arena.size - before;
  if (arena.size > MOST_BYTES) throw tooLarge(arena.size);
  while (tables.length < threads && arena.size + each <= MOST_BYTES) {
    tables.push(placeOwn(arena, shape));
  }
  const pages = Math.ceil(arena.size / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return { memory, shared, threads: tables.map((table) => writeOwn(table, memory)) };
}

function placeShared(arena: Arena, { rows, columns, kind, trees }: Shape): SharedPlaces {
  const stride = strideOf(columns, kind);
  return {
    stride,
    plan: arena.place(at.PLAN_BYTES),
    bins: arena.place(columns),
    bounded: arena.place(columns),
    limits: arena.place(13 * 4),
    control: arena.place(8 + 4 * trees),
    edges: arena.place(columns * 1024),
    block: arena.place(BLOCK_ROWS * 4),
    // Rows are drawn four at a time.
    records: arena.place((rows + 4) * stride),
  };
}

/** A thread's addresses by their offset, and where they will be. */
interface OwnTable {
  readonly own: number;
  readonly words: ReadonlyMap<number, number>;
}

function placeOwn(arena: Arena, shape: Shape): OwnTable {
  const { columns, classes, kind, targets, maxDepth } = shape;
  const stride = strideOf(columns, kind);
  const capacity = mostDrawn(shape);
  const leaves = maxDepth > 0 && maxDepth < 30 ? Math.min(capacity, 2 ** maxDepth) : capacity;
  const nodes = Math.min(2 * leaves, Math.floor(MOST_VALUE_BYTES / (4 * targets))) + 2;
  const depth = maxDepth > 0 ? Math.min(maxDepth, capacity) : capacity;
  const cells = kind === at.BINARY
    ? at.MOST_COLUMNS * at.CODES
    : at.CODES * (kind === at.REGRESSION ? 2 : classes);
  const own = arena.place(at.OWN_BYTES);
  // The kernel writes a few records further than it keeps, and reads 15 behind any.
  const buffers = [0, 1].map(() => arena.place((capacity + 20) * stride));
  const words = new Map([
    [at.OWN_BUFFER_A, buffers[0] as number],
    [at.OWN_BUFFER_B, buffers[1] as number],
    [at.OWN_CAPACITY, capacity],
    [at.OWN_NODES, arena.place(nodes * at.NODE_BYTES)],
    [at.OWN_VALUES, arena.place(nodes * targets * 4)],
    [at.OWN_NODE_CAPACITY, nodes],
    [at.OWN_PENDING, arena.place((depth + 2) * at.PENDING_BYTES)],
    [at.OWN_HISTOGRAMS, arena.place(cells * 8 + 16)],
    [at.OWN_COUNTS, arena.place(at.CODES * 4 + 16)],
    [at.OWN_ORDER, arena.place(columns * 8)],
    [at.OWN_DECREASE, arena.place(columns * 8)],
    [at.OWN_SUMMARIES, arena.place(16 * Math.max(2, classes))],
  ]);
  return { own, words };
}

function writeOwn({ own, words }: OwnTable, { buffer }: WebAssembly.Memory): OwnPlaces {
  const view = new DataView(buffer);
  for (const [offset, address] of words) view.setUint32(own + offset, address, true);
  return {
    own,
    nodes: words.get(at.OWN_NODES) as number,
    values: words.get(at.OWN_VALUES) as number,
    decrease: words.get(at.OWN_DECREASE) as number,
  };
}

function strideOf(columns: number, kind: number): number {
  const end = kind === at.BINARY
    ? at.BINARY_BYTES
    : kind === at.CLASSES
    ? at.CLASSES_BYTES
    : at.REGRESSION_BYTES;
  return roundUp(columns + end, 16);
}

/** More rows than a tree draws in practice: eight standard deviations above the mean. */
function mostDrawn({ rows, draws }: Shape): number {
  const drawn = 1 - Math.exp(-draws);
  const deviation = Math.sqrt(rows * drawn * (1 - drawn));
  return Math.min(rows, Math.ceil(rows * drawn + 8 * deviation + 64));
}

/** Hands out addresses, one after the other. */
class Arena {
  /** Nothing is placed at 0. */
  size = 64;

  place(bytes: number): number {
    const address = this.size;
    this.size = roundUp(address + bytes, 64);
    return address;
  }
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

function tooLarge(bytes: number): DataError {
  return new DataError({
    code: "forest.too-large",
    cannot: "train the forest",
    found: `it takes ${(bytes / 2 ** 30).toFixed(1)} GiB of memory at 4 GiB that can be addressed`,
    todo: "Use fewer rows or columns, or set --max-samples or --max-depth",
  });
}
