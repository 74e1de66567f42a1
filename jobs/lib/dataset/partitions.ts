/**
 * Columns that are written in the names of folders, as Hive does: `day=2013-10-01/`.
 *
 * @module
 */
import type { Column, Field } from "./column.ts";
import type { FileContent, FileField } from "./data_file.ts";
import { packColumn } from "./keys.ts";
import { columnOf, type Seen, Sights, type TextRows, typeOfSeen } from "./text/mod.ts";

/** What Hive, Spark and pyarrow call a partition without a value. */
const MISSING = "__HIVE_DEFAULT_PARTITION__";

/**
 * What the folders of a path say: name and value of each `name=value`, percent-decoded; `""` is
 * missing.
 *
 * @param path a path, `s3://…` or `https://…`
 */
export function partitionsOf(path: string): Map<string, string> {
  const names = path.startsWith("https://")
    ? new URL(path).pathname
    : path.replace(/^s3:\/\/[^/]*/, "");
  const folders = names.split("/").slice(0, -1);
  const values = new Map<string, string>();
  for (const folder of folders) {
    const [, name, value = ""] = /^([^=]+)=(.*)$/.exec(folder) ?? [];
    if (name === undefined) continue;
    values.set(percentDecoded(name), value === MISSING ? "" : percentDecoded(value));
  }
  return values;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A file with the columns that its folders name; what the file has itself counts more. */
export function withPartitions(file: FileContent): FileContent {
  const own = new Set(file.fields.map(({ name }) => name));
  const added = [...partitionsOf(file.path)].filter(([name]) => !own.has(name));
  if (added.length === 0) return file;
  const values = new Map(added);
  return {
    ...file,
    fields: [...file.fields, ...added.map(([name, value]) => fieldOf(file.path, name, value))],
    read: async function* ({ fields, key, ...part }) {
      const read = fields.filter(({ name }) => !values.has(name));
      const readKey = key === undefined || values.has(key.name) ? {} : { key };
      // To be told of rows, something has to be read.
      const some = file.fields.find((field) => field.kind !== undefined);
      const nothing = read.length === 0 && readKey.key === undefined && some?.kind !== undefined;
      const options = { ...part, ...readKey, fields: nothing ? [some] : read };
      for await (const batch of file.read(options)) {
        const columns = fields.map((field) => {
          const value = values.get(field.name);
          return value === undefined
            ? batch.columns.find(({ name }) => name === field.name)
            : constantColumn(field, value, batch.rows);
        }).filter((column) => column !== undefined);
        const value = key && values.get(key.name);
        const keys = key === undefined || value === undefined ? {} : {
          keys: packColumn(
            constantColumn({ ...key, kind: "string" }, value, batch.rows),
            batch.rows,
          ),
        };
        yield { ...batch, columns, ...keys };
      }
    },
  };
}

function fieldOf(file: string, name: string, value: string): FileField {
  const sights = new Sights(file);
  sights.add(constantCells(name, value, 1));
  const seen: Seen = new Map(
    [...sights.columns.get(name) ?? []].map(([look, { text }]) => [
      // Months and hours are numbers, though written with two digits.
      look === "padded" ? "integer" : look,
      { file, where: `a folder of ${file}`, text, count: 1 },
    ]),
  );
  return { name, ...typeOfSeen(seen), seen };
}

function constantColumn(field: Field, value: string, rows: number): Column {
  const { columns: [cells], bytes } = constantCells(field.name, value, rows);
  if (cells === undefined) throw new TypeError("there is one column");
  return columnOf(field, cells, bytes);
}

function constantCells(name: string, value: string, rows: number): TextRows & {
  readonly columns: readonly [TextRows["columns"][number]];
} {
  const bytes = new TextEncoder().encode(value);
  return {
    rows,
    bytes,
    columns: [{
      name,
      starts: new Uint32Array(rows),
      sizes: new Uint32Array(rows).fill(bytes.length),
    }],
    lines: new Uint32Array(rows),
  };
}
