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
  ints(): Cursor<number> {
    return this.#cursor(FIELD.ints, WIRE.varint, (reader) => reader.varint());
  }

  /** The list as floats. */
  floats(): Cursor<number> {
    return this.#cursor(FIELD.floats, WIRE.fixed32, (reader) => reader.float());
  }

  /** The list as strings, in UTF-8. */
  strings(): Cursor<Uint8Array> {
    return this.#cursor(FIELD.strings, WIRE.bytes, (reader) => reader.bytes());
  }

  #cursor<T>(field: number, wire: number, read: (reader: WireReader) => T): Cursor<T> {
    const open = () => new Cursor(this.#bytes, this.#start, this.#end, field, wire, read);
    const counting = open();
    let length = 0;
    while (counting.pass()) length++;
    const cursor = open();
    cursor.length = length;
    return cursor;
  }
}

/** Goes through a list. */
export class Cursor<T> {
  /** Entries of the list. */
  length = 0;
  readonly #reader: WireReader;
  readonly #field: number;
  readonly #wire: number;
  readonly #read: (reader: WireReader) => T;
  /** Numbers may also stand side by side under one tag. */
  #packed: WireReader | undefined;

  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    field: number,
    wire: number,
    read: (reader: WireReader) => T,
  ) {
    this.#reader = new WireReader(bytes, start, end);
    this.#field = field;
    this.#wire = wire;
    this.#read = read;
  }

  /** The next entry. @throws {WireError} After the last one. */
  next(): T {
    const reader = this.#find();
    if (reader === undefined) throw new WireError("a list ends too early");
    return this.#read(reader);
  }

  /** Goes past the next entry. @returns False after the last one. */
  pass(): boolean {
    const reader = this.#find();
    reader?.skip(this.#wire);
    return reader !== undefined;
  }

  /** Whoever stands before the next entry. */
  #find(): WireReader | undefined {
    if (this.#packed?.done === false) return this.#packed;
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
