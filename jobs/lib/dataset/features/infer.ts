/**
 * Infers the feature schema from the training data.
 *
 * @module
 */
import { columnMissing } from "../closest.ts";
import { minutesOf, monthNumber, timestampPart } from "./calendar.ts";
import type {
  Batch,
  Column,
  NumberColumn,
  StringColumn,
  TimestampColumn,
  UnsupportedField,
} from "../column.ts";
import { type Complaint, DataError } from "../../errors.ts";
import type {
  CalendarField,
  DroppedColumn,
  Feature,
  FeatureSchema,
  Objective,
  TimestampEncoding,
  TimestampPart,
} from "./schema.ts";
import { inferTarget } from "./infer_target.ts";
import { countStrings, varietyOf } from "./variety.ts";

/** What the user says about the columns. */
export interface InferOptions {
  /** Column to predict. */
  readonly label: string;
  /** Column that names a row. */
  readonly key?: string;
  /** Column that orders the rows in time. */
  readonly time?: string;
  /** Column of groups that stay together when rows are held out. */
  readonly group?: string;
  /** Categories with fewer rows are not told apart; 1 unless told. */
  readonly minCategoryRows?: number;
  /** What the fields of timestamps become; their values unless told. */
  readonly timestampEncoding?: TimestampEncoding;
  /** Columns that must not be features. */
  readonly drop?: readonly string[];
  /** Classification unless told. */
  readonly objective?: Objective;
  /** Columns that could not be read, to be reported with the dropped ones. */
  readonly unsupported?: readonly UnsupportedField[];
}

/** A string column with more values than this would be memorised, not learnt. */
const MOST_CATEGORIES = 10_000;
/** With fewer rows, mostly different values do not make an identifier. */
const IDENTIFIER_ROWS = 20;
/** What a column of whole numbers is called that names or counts the rows. */
const ID_NAME = /(^|_)(id|uid|key|index|row|rowid|row_number)$|[a-z]Id$|^Unnamed: 0$/;
/** Values with as many words are sentences, if there are more of them than anybody would list. */
const TEXT_WORDS = 5;
const TEXT_VALUES = 100;
/** A month that stands for a season needs at least half a year of them. */
const LEAST_MONTHS = 6;

/**
 * Decides which columns are features, and what is predicted. Left out, with the reason, are columns
 * as told, of unreadable types, without a value, with a single one, strings that name rows rather
 * than group them or are free text, whole numbers that are called an id and all differ, the column of
 * groups, and a time column that is a plain number.
 *
 * Of a timestamp these parts are taken, if they differ between rows: the day of the week; the minute
 * of the day, or the hour where all are full hours; the day of the month from two months of data on;
 * the month from six months on (in a shorter time it only says how early in the data a row is).
 * Encoded as `cyclic`, each is two: sine and cosine.
 *
 * @throws {DataError} `data.label-missing`, `data.column-missing`,
 * `data.no-features`, and for a label of no use those of `inferTarget`
 */
export function inferSchema(table: Batch, options: InferOptions): FeatureSchema {
  const { label, key, time, group, drop = [], objective, unsupported = [] } = options;
  const { minCategoryRows: leastRows = 1, timestampEncoding = "ordinal" } = options;
  const names = table.columns.map((column) => column.name);
  const all = [...names, ...unsupported.map((field) => field.name)];
  const unreadable = unsupported.find((field) => field.name === label);
  if (unreadable) throw new DataError(notReadable(unreadable));
  const column = table.columns.find((each) => each.name === label);
  if (!column) throw new DataError(columnMissing("data.label-missing", "label", label, names));
  requireColumn("key", key, names);
  requireColumn("time", time, names);
  requireColumn("group", group, names);
  for (const name of drop) requireColumn("dropped column", name, all);

  const target = inferTarget(column, objective);
  if ("code" in target) throw new DataError(target);
  const dropped: DroppedColumn[] = [];
  const features: Feature[] = [];
  for (const each of table.columns) {
    const { name } = each;
    if (name === label || name === key) continue;
    const feature = drop.includes(name)
      ? "dropped as told"
      : name === group
      ? "groups the rows"
      : name === time && each.kind !== "timestamp"
      ? "orders the rows in time"
      : featureOf(each, leastRows, timestampEncoding);
    if (typeof feature === "string") dropped.push({ name, reason: feature });
    else features.push(feature);
  }
  for (const { name, type } of unsupported) {
    dropped.push({ name, reason: drop.includes(name) ? "dropped as told" : `type ${type}` });
  }
  if (features.length === 0) throw noFeatures(dropped);
  return {
    version: 1,
    target,
    ...(key === undefined ? {} : { key }),
    ...(time === undefined ? {} : { time }),
    features,
    dropped,
  };
}

function requireColumn(role: string, name: string | undefined, names: readonly string[]): void {
  if (name === undefined || names.includes(name)) return;
  throw new DataError(columnMissing("data.column-missing", role, name, names));
}

/** The feature, or why the column is none. */
function featureOf(
  column: Column,
  leastRows: number,
  timestampEncoding: TimestampEncoding,
): Feature | string {
  const { name, kind, type } = column;
  const variety = varietyOf(column);
  if (variety === "none") return "missing in every row";
  if (variety === "one") return "the same in every row";
  switch (kind) {
    case "number":
      return numberedRows(column) ?? { name, kind, type };
    case "boolean":
      return { name, kind, type };
    case "string": {
      const reason = identifier(column, leastRows);
      return reason ?? { name, kind: "categorical", type };
    }
    case "timestamp": {
      const parts = partsOf(column, timestampEncoding);
      return parts.length === 0
        ? "no part of the time is of use: it differs too little between rows"
        : { name, kind, type, parts };
    }
  }
}

function identifier(column: StringColumn, leastRows: number): string | undefined {
  const { present, distinct, frequent, words } = countStrings(column, leastRows);
  if (words >= TEXT_WORDS && distinct > TEXT_VALUES) {
    return `free text: ${words.toFixed(0)} words in a value on average`;
  }
  const namesRows = leastRows === 1 ? distinct * 2 > present : frequent === 0;
  if (present >= IDENTIFIER_ROWS && namesRows) {
    return `names rows: ${distinct} different values in ${present} rows`;
  }
  if (frequent > MOST_CATEGORIES) {
    return `${frequent} categories, more than ${MOST_CATEGORIES}: put the rare ones together with ` +
      "--min-category-rows, or give a coarser column";
  }
  return undefined;
}

/** Whole numbers that are called an id and all differ. */
function numberedRows({ name, type, values, exact }: NumberColumn): string | undefined {
  if (!/int/.test(type) || !ID_NAME.test(name) || values.length < IDENTIFIER_ROWS) return undefined;
  const distinct = new Set<number | bigint>(exact ?? values).size;
  return distinct === values.length
    ? `names rows: ${distinct} different values in ${values.length} rows`
    : undefined;
}

function partsOf({ values }: TimestampColumn, encoding: TimestampEncoding): TimestampPart[] {
  const minutes = minutesOf(values);
  const months = new Set<number>();
  for (const each of minutes) if (!Number.isNaN(each)) months.add(monthNumber(each));
  const differs = (part: TimestampPart) => {
    const own = timestampPart(minutes, part);
    const first = own.find((value) => !Number.isNaN(value));
    return own.some((value) => !Number.isNaN(value) && value !== first);
  };
  const fullHours = minutes.every((each) => Number.isNaN(each) || each % 60 === 0);
  const fields: CalendarField[] = [
    ...(months.size >= LEAST_MONTHS ? ["month" as const] : []),
    ...(months.size >= 2 ? ["day" as const] : []),
    "day_of_week",
    fullHours ? "hour" : "minute_of_day",
  ];
  if (encoding === "ordinal") return fields.filter(differs);
  return fields.flatMap((field) => [`${field}_sin` as const, `${field}_cos` as const])
    .filter(differs);
}

function notReadable({ name, type }: UnsupportedField): Complaint {
  return {
    code: "data.label-type",
    cannot: `use column ${name} as the label`,
    found: `it is ${type}`,
    todo: "Use a label of numbers, strings or booleans",
    place: { column: name },
  };
}

function noFeatures(dropped: readonly DroppedColumn[]): DataError {
  const reasons = dropped.map(({ name, reason }) => `${name} (${reason})`).join(", ");
  return new DataError({
    code: "data.no-features",
    cannot: "train",
    found: reasons === ""
      ? "the data has no column but the label and the key"
      : `no column is left as a feature: ${reasons}`,
    todo: "Give data with columns to learn from",
  });
}
