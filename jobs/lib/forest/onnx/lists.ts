/**
 * The lists of a tree ensemble, where they stand in the file. A list is read from its beginning to its
 * end, without ever being an array: a forest has millions of nodes.
 *
 * @module
 */

import { WIRE, WireError, WireReader } from "./wire.ts";

/** Fields of AttributeProto. */
const FIELD = { name: 1, floats: 7, ints: 8, strings: 9 } as const;

/** Names of the attributes of tree ensembles that have an entry a node or a leaf. */
const LIST_NAMES: ReadonlySet<string> = new Set([
  "nodes_falsenodeids",
  "nodes_featureids",
  "nodes_hitrates",
  "nodes_missing_value_tracks_true",
  "nodes_modes",
  "nodes_nodeids",
  "nodes_treeids",
  "nodes_truenodeids",
  "nodes_values",
  ...["class", "target"].flatMap((of) =>
    ["ids", "nodeids", "treeids", "weights"].map((what) => `${of}_${what}`)
  ),
]);

/** One list; read it by one of its cursors. */
export class WireList {
  /** Of the attribute. */
  readonly name: string;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  private constructor(name: string, bytes: Uint8Array, start: number, end: number) {
    this.name = name;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  /** The list in an AttributeProto; undefined if the attribute is none of those lists. */
  static of(bytes: Uint8Array, start: number, end: number): WireList | undefined {
    const reader = new WireReader(bytes, start, end);
    while (!reader.done) {
      const { field, wire } = reader.tag();
      if (field !== FIELD.name || wire !== WIRE.bytes) {
        reader.skip(wire);
        continue;
      }
      const name = new TextDecoder().decode(reader.bytes());
      return LIST_NAMES.has(name) ? new WireList(name, bytes, start, end) : undefined;
    }
    return undefined;
  }

  /** The list as integers. */
  ints(): NumberCursor<Float64Array> {
    return this.#numbers(
      FIELD.ints,
      WIRE.varint,
      (reader) => reader.varint(),
      (reader, tag, out, from) => reader.varints(tag, out, from),
    );
  }

  /** The list as floats. */
  floats(): NumberCursor<Float32Array> {
    return this.#numbers(
      FIELD.floats,
      WIRE.fixed32,
      (reader) => reader.float(),
      (reader, tag, out, from) => reader.floats(tag, out, from),
    );
  }

  /** The list as strings, in UTF-8. */
  strings(): Cursor<Uint8Array> {
    const reader = new WireReader(this.#bytes, this.#start, this.#end);
    return new Cursor(this.name, reader, FIELD.strings, WIRE.bytes, (reader) => reader.bytes());
  }

  /** The list as strings of which few are known: indices of those, -1 for others. */
  choices(known: readonly Uint8Array[]): NumberCursor<Int8Array> {
    return this.#numbers(
      FIELD.strings,
      WIRE.bytes,
      (reader) => reader.oneOf(known),
      (reader, tag, out, from) => reader.choices(tag, known, out, from),
    );
  }

  #numbers<A extends Numbers>(
    field: number,
    wire: number,
    read: (reader: WireReader) => number,
    readMany: ReadMany<A>,
  ): NumberCursor<A> {
    const reader = new WireReader(this.#bytes, this.#start, this.#end);
    return new NumberCursor(this.name, reader, field, wire, read, readMany);
  }
}

/** What numbers are read into. */
type Numbers = Float64Array | Float32Array | Int8Array;

/** Reads entries that stand side by side into `out` from `from` on. @returns Where the next one goes. */
type ReadMany<A> = (reader: WireReader, tag: number, out: A, from: number) => number;

/** Goes through a list. */
export class Cursor<T> {
  /** Of the list. */
  readonly name: string;
  readonly #reader: WireReader;
  readonly #field: number;
  readonly #wire: number;
  readonly #read: (reader: WireReader) => T;
  /** Tag of an entry, which almost always comes next. */
  readonly #tag: number;
  /** Numbers may also stand side by side under one tag. */
  #packed: WireReader | undefined;
  /** Whoever stands before the next entry, if that was asked for. */
  #found: WireReader | undefined;

  constructor(
    name: string,
    reader: WireReader,
    field: number,
    wire: number,
    read: (reader: WireReader) => T,
  ) {
    this.name = name;
    this.#reader = reader;
    this.#field = field;
    this.#wire = wire;
    this.#read = read;
    this.#tag = field * 8 + wire;
  }

  /** Whether there is no further entry. */
  get done(): boolean {
    this.#found ??= this.#find();
    return this.#found === undefined;
  }

  /** The next entry. @throws {WireError} After the last one. */
  next(): T {
    const reader = this.#found ?? this.#find();
    if (reader === undefined) throw new WireError(`${this.name} ends too early`);
    this.#found = undefined;
    return this.#read(reader);
  }

  /** The reader, if it stands before a tag. */
  protected get beforeTag(): WireReader | undefined {
    return this.#found === undefined && this.#packed?.done !== false ? this.#reader : undefined;
  }

  #find(): WireReader | undefined {
    if (this.#packed?.done === false) return this.#packed;
    if (this.#reader.take(this.#tag)) return this.#reader;
    while (!this.#reader.done) {
      const { field, wire } = this.#reader.tag();
      if (field === this.#field && wire === this.#wire) return this.#reader;
      if (field !== this.#field || wire !== WIRE.bytes) {
        this.#reader.skip(wire);
        continue;
      }
      this.#packed = this.#reader.message();
      if (!this.#packed.done) return this.#packed;
    }
    return undefined;
  }
}

/** Goes through a list of numbers, many at a time. */
export class NumberCursor<A extends Numbers> extends Cursor<number> {
  readonly #readMany: ReadMany<A>;
  readonly #tag: number;

  constructor(
    name: string,
    reader: WireReader,
    field: number,
    wire: number,
    read: (reader: WireReader) => number,
    readMany: ReadMany<A>,
  ) {
    super(name, reader, field, wire, read);
    this.#readMany = readMany;
    this.#tag = field * 8 + wire;
  }

  /** The next entries, as many as there are and fit. @returns How many. */
  fill(out: A): number {
    let count = 0;
    while (count < out.length) {
      const reader = this.beforeTag;
      if (reader !== undefined) count = this.#readMany(reader, this.#tag, out, count);
      if (count === out.length || this.done) break;
      out[count++] = this.next();
    }
    return count;
  }

  /** The next entries, as many as fit. @throws {WireError} If there are fewer. */
  take(out: A): A {
    if (this.fill(out) < out.length) throw new WireError(`${this.name} ends too early`);
    return out;
  }
}
