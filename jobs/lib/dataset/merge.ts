/**
 * One schema for the files of a dataset.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import type { ColumnKind, Field, UnsupportedField } from "./column.ts";
import type { FileContent, FileField } from "./data_file.ts";
import { Problems } from "./problems.ts";
import { mergeSeen, misfit, oddCell, type Seen, typeOfSeen } from "./text/mod.ts";

/** What a file says of its columns. */
export type FileFields = Pick<FileContent, "path" | "fields" | "sparse">;

/** Types by column that count where a file does not say them: in text, and in names of folders. */
export type GivenTypes = ReadonlyMap<string, { readonly kind: ColumnKind; readonly type: string }>;

/** The columns of a dataset. */
export interface MergedSchema {
  readonly fields: Field[];
  readonly unsupported: UnsupportedField[];
  /** What the user may want to know: `column temp is text: line 17 of a.csv has "n/a"`. */
  readonly notices: string[];
  /** What keeps the files from being one dataset, all of it: each has its file. */
  readonly problems: readonly DataError[];
}

/** A column of one file. */
interface OwnField {
  readonly path: string;
  readonly field: FileField;
}

/**
 * The columns of all files, in the order of the first. Numbers may differ in width, times in unit and
 * zone, and a column may be all null in some files; anything else has to be the same. A type that a
 * file states wins over one that is guessed from text, whose cells then have to be of that type; of
 * several guesses one is made that fits all.
 *
 * @returns with the problems `data.schema-differs`, `data.duplicate-column`, `data.cell-type`
 */
export function mergeSchemas(
  files: readonly FileFields[],
  given: GivenTypes = new Map(),
): MergedSchema {
  const notices: string[] = [];
  const problems = new Problems();
  const all = [...columnsOf(files, problems)].map(([name, own]) => {
    const stated = statedField(own, problems);
    const guesses = own.flatMap(({ field }) => field.seen ?? []);
    if (guesses.length === 0 && stated !== undefined) return stated;
    return guessedField(name, mergeSeen(guesses), stated ?? given.get(name), {
      notices,
      problems,
    });
  });
  return {
    fields: all.filter((field) => field.kind !== undefined),
    unsupported: all.filter((field) => field.kind === undefined),
    notices,
    problems: problems.found,
  };
}

/** The columns by name, of files that should have the same ones. */
function columnsOf(files: readonly FileFields[], problems: Problems): Map<string, OwnField[]> {
  const columns = new Map<string, OwnField[]>();
  const whole = files.find(({ sparse }) => !sparse);
  const expected = new Set(whole?.fields.map(({ name }) => name));
  for (const { path, fields, sparse } of files) {
    const names = new Set<string>();
    for (const field of fields) {
      const { name } = field;
      if (names.has(name)) problems.add(() => twice(path, name));
      names.add(name);
      if (whole !== undefined && !expected.has(name)) {
        const found = `it has a column ${name}, which ${whole.path} has not`;
        problems.add(() => differs(path, name, found));
      }
      const own = columns.get(name) ?? [];
      own.push({ path, field });
      columns.set(name, own);
    }
    for (const name of sparse ? [] : [...expected].filter((name) => !names.has(name))) {
      const found = `it has no column ${name}, which ${whole?.path} has`;
      problems.add(() => differs(path, name, found));
    }
  }
  return columns;
}

type AnyField = Field | (UnsupportedField & { readonly kind?: never });

/** The field of the files that state a type; undefined if none does. */
function statedField(own: readonly OwnField[], problems: Problems): AnyField | undefined {
  let known: AnyField | undefined, first = "";
  for (const { path, field: { seen, ...field } } of own) {
    if (seen !== undefined) continue;
    if (known === undefined) [known, first] = [field, path];
    const both = merge(known, field);
    if (both === undefined) {
      const { name, type } = field;
      const found = `column ${name} is ${type}, but ${known.type} in ${first}`;
      problems.add(() => differs(path, name, found));
    } else known = both;
  }
  return known;
}

/** The field of what was seen in text, which is to be of a type that is known elsewhere. */
function guessedField(
  name: string,
  seen: Seen,
  known: { readonly kind?: ColumnKind; readonly type: string } | undefined,
  { notices, problems }: { readonly notices: string[]; readonly problems: Problems },
): AnyField {
  const guess = typeOfSeen(seen);
  if (known === undefined || known.type === "null") {
    const odd = oddCell(seen);
    if (odd !== undefined) notices.push(`column ${name} is text: ${odd.where} has ${odd.text}`);
    return { name, ...guess };
  }
  if (known.kind === undefined) return { name, type: known.type };
  const wrong = misfit(seen, known.kind);
  if (wrong !== undefined) {
    const { file, where, text, line } = wrong;
    problems.add(() =>
      new DataError({
        code: "data.cell-type",
        cannot: `read ${file}`,
        found: `${where} has ${text} in column ${name}, which is ${known.type}`,
        todo: "Correct the cell, or leave it empty if there is no value",
        place: { file, column: name, ...(line === undefined ? {} : { line }) },
      })
    );
  }
  if (known.kind !== "number" || guess.type === "null") {
    return { name, kind: known.kind, type: known.type };
  }
  // Numbers of text may be of another width than those that are stated.
  const type = guess.kind === "number" ? wider(known.type, guess.type) ?? "double" : "double";
  return { name, kind: "number", type };
}

function twice(path: string, name: string): DataError {
  return new DataError({
    code: "data.duplicate-column",
    cannot: `read ${path}`,
    found: `it has two columns ${name}`,
    todo: "Rename one of them",
    place: { file: path, column: name },
  });
}

/** The field for both; undefined if there is none. */
function merge(a: AnyField, b: AnyField): AnyField | undefined {
  if (a.type === b.type || b.type === "null") return a;
  if (a.type === "null") return b;
  if (a.kind !== b.kind) return undefined;
  if (a.kind !== "number") return a;
  // Seconds are no mere numbers; in what unit they were written does not matter.
  const clocks = [a.type, b.type].filter((type) => type.startsWith("time[")).length;
  if (clocks > 0) return clocks === 2 ? a : undefined;
  const type = wider(a.type, b.type);
  return type === undefined ? undefined : { ...a, type };
}

function wider(a: string, b: string): string | undefined {
  if (a === b) return a;
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
