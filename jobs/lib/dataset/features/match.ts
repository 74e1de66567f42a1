/**
 * Matches data to score against what the model takes.
 *
 * @module
 */
import { DataError } from "../../errors.ts";
import type { Field, UnsupportedField } from "../column.ts";
import type { Feature, FeatureSchema } from "./schema.ts";

/** The columns of a dataset, seen from the model. */
export interface ColumnMatch {
  /** To read: the features in the model's order, then the key. */
  readonly columns: readonly string[];
  /** In the data, but not used. */
  readonly extra: readonly string[];
}

const KIND = {
  number: "number",
  boolean: "boolean",
  categorical: "string",
  timestamp: "timestamp",
} as const satisfies Record<Feature["kind"], Field["kind"]>;

/**
 * Checks that the data has the model's columns. A number may have another width than in training, and
 * a column of nulls only stands for any kind; columns that the model does not take are ignored.
 *
 * @param key The column that names a row; the schema's unless told, `null` for none.
 * @param unsupported Columns of the data that cannot be read.
 * @throws {DataError} `data.column-missing` or `data.column-type`, naming all of them
 */
export function matchColumns(
  schema: FeatureSchema,
  fields: readonly Field[],
  key: string | null = schema.key ?? null,
  unsupported: readonly UnsupportedField[] = [],
): ColumnMatch {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const required = new Set(schema.features.map((feature) => feature.name));
  if (key !== null) required.add(key);
  const unread = unsupported.filter(({ name }) => required.has(name))
    .map(({ name, type }) => ({ name, text: `${name} is ${type}, which is not read` }));
  const missing = [...required].filter((name) =>
    !byName.has(name) && unread.every((each) => each.name !== name)
  );
  const wrong = [
    ...unread,
    ...schema.features.flatMap((feature) => {
      const field = byName.get(feature.name);
      if (!field || field.type === "null" || field.kind === KIND[feature.kind]) return [];
      return [{
        name: feature.name,
        text: `${feature.name} is ${field.type}, not ${feature.type}`,
      }];
    }),
  ];
  if (missing.length > 0 || wrong.length > 0) throw mismatch(missing, wrong);
  return {
    columns: [...required],
    extra: fields.map((field) => field.name).filter((name) => !required.has(name)),
  };
}

function mismatch(
  missing: readonly string[],
  wrong: readonly { name: string; text: string }[],
): DataError {
  const found = [
    ...(missing.length > 0 ? [`it has no ${missing.join(", ")}`] : []),
    ...wrong.map(({ text }) => text),
  ];
  const column = missing[0] ?? wrong[0]?.name;
  return new DataError({
    code: missing.length > 0 ? "data.column-missing" : "data.column-type",
    cannot: "use this data with this model",
    found: found.join("; "),
    todo: "Give the columns that the model was trained on, with their types",
    place: column === undefined ? {} : { column },
  });
}
