/**
 * The rules that a row keeps or breaks by itself, whatever the other rows are.
 *
 * @module
 */
import {
  type Batch,
  type Column,
  MISSING_BOOLEAN,
  MISSING_STRING,
  MISSING_TIMESTAMP,
} from "../column.ts";
import { numbersOf } from "../profile/mod.ts";
import type { Constraints, FeatureConstraints } from "./constraints.ts";
import type { CheckType } from "./violation.ts";

/** One rule about the values of one column. */
export interface RowRule {
  /** Of the data. */
  readonly column: string;
  /** Which kind. */
  readonly check: CheckType;
  /** What it asks for, following the value: `but at least 0 is allowed`. */
  readonly asks: string;
  /**
   * Whether a single row that breaks it is a violation, so that the row can be put aside. Of the other
   * rules a share of the rows may be broken: these are about the data as a whole.
   */
  readonly strict: boolean;
}

/** Which rows of a batch break rules. */
export interface BrokenRows {
  /** For each rule, how many rows break it. */
  readonly counts: readonly number[];
  /** For each rule, a few of the values. */
  readonly examples: readonly (readonly string[])[];
  /** Reason by row of the batch, of those that break a strict rule. */
  readonly rejected: ReadonlyMap<number, string>;
}

/** Values that are kept of a rule. */
export const EXAMPLES = 3;
/** Longer strings are cut in reasons. */
const LONGEST = 80;

/** Calls back with each row that breaks the rule. */
type Scan = (column: Column, broke: (row: number) => void) => void;

/** The rules of constraints that rows are judged by one by one. */
export class RowRules {
  /** In the order of the constraints. */
  readonly rules: readonly RowRule[];
  readonly #scans: readonly Scan[];

  /** Takes the rules out of constraints. @param columns only rules about these; all unless told */
  constructor(constraints: Constraints, columns?: readonly string[]) {
    const named = columns === undefined ? undefined : new Set(columns);
    const off = constraints.monitoring_config?.evaluate_constraints === "Disabled";
    const known = constraints.monitoring_config?.domain_content_threshold ?? 1;
    const all = off ? [] : constraints.features
      .filter(({ name }) => named === undefined || named.has(name))
      .flatMap((rules) => rulesOf(rules, known));
    this.rules = all.map(({ rule }) => rule);
    this.#scans = all.map(({ scan }) => scan);
  }

  /** Judges the rows of a batch. */
  check(batch: Batch): BrokenRows {
    const counts: number[] = [];
    const examples: string[][] = [];
    const rejected = new Map<number, string>();
    for (const [index, rule] of this.rules.entries()) {
      const column = batch.columns.find(({ name }) => name === rule.column);
      const found = new Set<string>();
      const shown = rule.check === "completeness_check" ? 0 : EXAMPLES;
      let count = 0;
      if (column !== undefined) {
        this.#scans[index]?.(column, (row) => {
          count++;
          if (rule.strict) {
            const earlier = rejected.get(row);
            const reason = reasonOf(rule, column, row);
            rejected.set(row, earlier === undefined ? reason : `${earlier}; ${reason}`);
          }
          if (found.size < shown) found.add(valueAt(column, row));
        });
      }
      counts.push(count);
      examples.push([...found]);
    }
    return { counts, examples, rejected };
  }
}

function rulesOf(
  rules: FeatureConstraints,
  known: number,
): { readonly rule: RowRule; readonly scan: Scan }[] {
  const { name: column, completeness, num_constraints: numbers, string_constraints } = rules;
  const least = numbers?.minimum ?? (numbers?.is_non_negative === true ? 0 : undefined);
  const most = numbers?.maximum;
  const { domains, pattern } = string_constraints ?? {};
  const [below, above] = numbersOutside(least ?? -Infinity, most ?? Infinity);
  const range = { column, check: "value_range_check", strict: true } as const;
  const expression = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, "u");
  const domain = domains === undefined ? undefined : new Set(domains);
  return [
    ...(completeness === undefined ? [] : [{
      rule: {
        column,
        check: "completeness_check" as const,
        asks: "but a value is required",
        strict: completeness === 1,
      },
      scan: missing,
    }]),
    ...(least === undefined ? [] : [{
      rule: { ...range, asks: `but at least ${least} is allowed` },
      scan: below,
    }]),
    ...(most === undefined ? [] : [{
      rule: { ...range, asks: `but at most ${most} is allowed` },
      scan: above,
    }]),
    ...(domain === undefined ? [] : [{
      rule: {
        column,
        check: "categorical_values_check" as const,
        asks: "which is none of the known values",
        strict: known === 1,
      },
      scan: stringsWhere((value) => !domain.has(value)),
    }]),
    ...(expression === undefined ? [] : [{
      rule: {
        column,
        check: "pattern_check" as const,
        asks: `which does not match ${pattern}`,
        strict: true,
      },
      scan: stringsWhere((value) => !expression.test(value)),
    }]),
  ];
}

/** Most batches miss nothing, which the arrays' own search says soonest. */
const missing: Scan = (column, broke) => {
  if (column.kind === "string") {
    const { codes } = column;
    if (!codes.includes(MISSING_STRING)) return;
    for (let row = 0; row < codes.length; row++) if (codes[row] === MISSING_STRING) broke(row);
  } else if (column.kind === "boolean") {
    const { values } = column;
    if (!values.includes(MISSING_BOOLEAN)) return;
    for (let row = 0; row < values.length; row++) if (values[row] === MISSING_BOOLEAN) broke(row);
  } else if (column.kind === "timestamp") {
    const { values } = column;
    if (!values.includes(MISSING_TIMESTAMP)) return;
    for (let row = 0; row < values.length; row++) if (values[row] === MISSING_TIMESTAMP) broke(row);
  } else {
    const { values } = column;
    if (!values.includes(NaN)) return;
    for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) broke(row);
  }
};

/** A missing value is NaN, for which no comparison holds. Most batches keep to both limits. */
function numbersOutside(least: number, most: number): [below: Scan, above: Scan] {
  let seen: Column | undefined, values: Float64Array = new Float64Array(0), isWithin = true;
  const look = (
    column: Column,
    breaks: (value: number) => boolean,
    broke: (row: number) => void,
  ) => {
    if (column.kind === "string") return;
    if (column !== seen) {
      seen = column;
      values = numbersOf(column);
      isWithin = areWithin(values, least, most);
    }
    if (isWithin) return;
    for (let row = 0; row < values.length; row++) if (breaks(values[row] ?? NaN)) broke(row);
  };
  return [
    (column, broke) => look(column, (value) => value < least, broke),
    (column, broke) => look(column, (value) => value > most, broke),
  ];
}

function areWithin(values: Float64Array, least: number, most: number): boolean {
  const rows = values.length;
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? NaN;
    if (value < least || value > most) return false;
  }
  return true;
}

/** Judges each entry of the dictionary once. */
function stringsWhere(breaks: (value: string) => boolean): Scan {
  return (column, broke) => {
    if (column.kind !== "string") return;
    const { codes, dictionary } = column;
    if (!dictionary.some((value) => breaks(value))) return;
    const broken = Uint8Array.from(dictionary, (value) => breaks(value) ? 1 : 0);
    for (let row = 0; row < codes.length; row++) if (broken[codes[row] ?? -1] === 1) broke(row);
  };
}

function reasonOf({ column, check, asks }: RowRule, values: Column, row: number): string {
  const value = check === "completeness_check" ? "missing" : valueAt(values, row);
  return `${column} is ${value}, ${asks}`;
}

function valueAt(column: Column, row: number): string {
  if (column.kind === "string") {
    const value = column.dictionary[column.codes[row] ?? MISSING_STRING] ?? "";
    return `'${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}'`;
  }
  if (column.kind === "number") return String(column.exact?.[row] ?? column.values[row]);
  return String(column.values[row]);
}
