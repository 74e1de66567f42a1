/**
 * Has the decoder give strings as indices into the dictionaries that are in the file, instead of
 * writing each value out: it does so for columns of which the footer's Arrow schema says that the
 * writer had them as dictionaries, so the decoder is shown a footer with such a schema.
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html#schema-message
 * @see https://github.com/apache/arrow/blob/main/format/Schema.fbs
 * @see https://github.com/apache/arrow/blob/main/format/Message.fbs
 * @module
 */
import { Builder } from "flatbuffers";
import type { ArrowField } from "./arrow.ts";

const TEXT = ["u", "U", "vu"];

/** Whether a column's values can be read as indices. */
export function isText({ format, dictionary }: ArrowField): boolean {
  return dictionary === undefined && TEXT.includes(format);
}

/**
 * A footer whose Arrow schema has the named columns as dictionaries of strings. Of the others it says
 * nothing but the zone of timestamps, so that they are read as parquet's own types have them.
 *
 * @param footer A `FileMetaData` of Thrift's compact protocol, without padding.
 * @param fields All columns of the file, none of them nested.
 */
export function keepDictionaries(
  footer: Uint8Array,
  fields: readonly ArrowField[],
  named: ReadonlySet<string>,
): Uint8Array {
  const schema = new TextEncoder().encode(arrowSchema(fields, named).toBase64());
  const key = new TextEncoder().encode("ARROW:schema");
  // What is told last counts: field 5, a list of one struct that has a key and a value.
  const told = [
    ...[0x09, 0x0a, 0x1c],
    ...[0x18, ...varint(key.length), ...key],
    ...[0x18, ...varint(schema.length)],
  ];
  const size = footer.length - 1;
  const bytes = new Uint8Array(size + told.length + schema.length + 2); // ends with two stops
  bytes.set(footer.subarray(0, size));
  bytes.set(told, size);
  bytes.set(schema, size + told.length);
  return bytes;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...varint(value >>> 7)];
}

/** Of Schema.fbs and Message.fbs. */
const VERSION_5 = 4, SCHEMA = 1;
const NULL = 1, UTF8 = 5, TIMESTAMP = 10;
const UNITS = ["s", "m", "u", "n"];

function arrowSchema(fields: readonly ArrowField[], named: ReadonlySet<string>): Uint8Array {
  const builder = new Builder(1024);
  const children = fields.map((field, id) => arrowField(builder, field, id, named.has(field.name)));
  builder.startVector(4, children.length, 4);
  for (const child of children.toReversed()) builder.addOffset(child);
  const list = builder.endVector();
  const schema = table(builder, 4, () => builder.addFieldOffset(1, list, 0));
  const message = table(builder, 5, () => {
    builder.addFieldInt16(0, VERSION_5, 0);
    builder.addFieldInt8(1, SCHEMA, 0);
    builder.addFieldOffset(2, schema, 0);
  });
  builder.finish(message);
  return builder.asUint8Array();
}

function arrowField(builder: Builder, field: ArrowField, id: number, named: boolean): number {
  const name = builder.createString(field.name);
  const [tag, type] = named
    ? [UTF8, table(builder, 0, () => {})]
    : field.format.startsWith("ts")
    ? [TIMESTAMP, timestamp(builder, field.format)]
    : [NULL, table(builder, 0, () => {})];
  const dictionary = named ? dictionaryOf(builder, id) : undefined;
  return table(builder, 7, () => {
    builder.addFieldOffset(0, name, 0);
    builder.addFieldInt8(1, 1, 0); // nullable
    builder.addFieldInt8(2, tag, 0);
    builder.addFieldOffset(3, type, 0);
    if (dictionary !== undefined) builder.addFieldOffset(4, dictionary, 0);
  });
}

/** From Arrow's format, `tsu:Europe/Berlin`. */
function timestamp(builder: Builder, format: string): number {
  const zone = format.slice(4);
  const text = zone === "" ? undefined : builder.createString(zone);
  return table(builder, 2, () => {
    builder.addFieldInt16(0, UNITS.indexOf(format[2] ?? ""), 0);
    if (text !== undefined) builder.addFieldOffset(1, text, 0);
  });
}

/** With indices of 32 bits. */
function dictionaryOf(builder: Builder, id: number): number {
  const index = table(builder, 2, () => {
    builder.addFieldInt32(0, 32, 0);
    builder.addFieldInt8(1, 1, 0); // signed
  });
  return table(builder, 4, () => {
    builder.addFieldInt64(0, BigInt(id), 0n);
    builder.addFieldOffset(1, index, 0);
  });
}

function table(builder: Builder, fields: number, add: () => void): number {
  builder.startObject(fields);
  add();
  return builder.endObject();
}
