/**
 * One schema for the files of a dataset.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import type { Field, UnsupportedField } from "./column.ts";
import { fieldOf } from "./field.ts";
import type { ParquetInfo } from "./parquet.ts";

type AnyField = ReturnType<typeof fieldOf>;

/**
 * The columns of all files, in the order of the first. Numbers may differ in width, and a column may
 * be all null in some files; anything else has to be the same.
 *
 * @throws {DataError} `data.schema-differs`, `data.duplicate-column`
 */
export function mergeSchemas(
  files: readonly Pick<ParquetInfo, "path" | "fields">[],
): { fields: Field[]; unsupported: UnsupportedField[] } {
  const [first, ...rest] = files;
  if (!first) return { fields: [], unsupported: [] };
  const merged = columnsOf(first);
  for (const file of rest) {
    const own = columnsOf(file);
    for (const [name, field] of own) {
      const known = merged.get(name);
      if (!known) {
        throw differs(file.path, name, `it has a column ${name}, which ${first.path} has not`);
      }
      const both = merge(known, field);
      if (!both) {
        const found = `column ${name} is ${field.type}, but ${known.type} in ${first.path}`;
        throw differs(file.path, name, found);
      }
      merged.set(name, both);
    }
    for (const name of merged.keys()) {
      if (!own.has(name)) {
        throw differs(file.path, name, `it has no column ${name}, which ${first.path} has`);
      }
    }
  }
  const all = [...merged.values()];
  return {
    fields: all.filter((field) => field.kind !== undefined),
    unsupported: all.filter((field) => field.kind === undefined),
  };
}

function columnsOf({ path, fields }: Pick<ParquetInfo, "path" | "fields">): Map<string, AnyField> {
  const columns = new Map<string, AnyField>();
  for (const field of fields) {
    if (columns.has(field.name)) {
      throw new DataError({
        code: "data.duplicate-column",
        cannot: `read ${path}`,
        found: `it has two columns ${field.name}`,
        todo: "Rename one of them",
        place: { file: path, column: field.name },
      });
    }
    columns.set(field.name, fieldOf(field));
  }
  return columns;
}

/** The field for both; undefined if there is none. */
function merge(a: AnyField, b: AnyField): AnyField | undefined {
  if (a.type === b.type || b.type === "null") return a;
  if (a.type === "null") return b;
  if (a.kind !== b.kind) return undefined;
  if (a.kind !== "number") return a;
  const type = wider(a.type, b.type);
  return type === undefined ? undefined : { ...a, type };
}

function wider(a: string, b: string): string | undefined {
  const x = integer(a), y = integer(b);
  if (!x || !y) return "double";
  if (x.signed === y.signed) return x.bits > y.bits ? a : b;
  const unsigned = x.signed ? y : x;
  return unsigned.bits === 64 ? undefined : "int64";
}

function integer(type: string): { signed: boolean; bits: number } | undefined {
  const match = /^(u?)int(\d+)$/.exec(type);
  return match ? { signed: match[1] === "", bits: Number(match[2]) } : undefined;
}

function differs(file: string, column: string, found: string): DataError {
  return new DataError({
    code: "data.schema-differs",
    cannot: `read ${file} with the other files`,
    found,
    todo: "Give files with the same columns, or one folder for each kind of file",
    place: { file, column },
  });
}
