import { type Complaint, DataError } from "../../errors.ts";
import type { ColumnKind } from "../column.ts";
import type { Violation } from "../constraints/mod.ts";

/** What one column holds. */
export interface ColumnReport {
  /** As in the data. */
  readonly name: string;
  /** What it is read as. */
  readonly kind: ColumnKind;
  /** The type it has in the file. */
  readonly type: string;
  /** Rows without a value. */
  readonly missing: number;
  /** Different values, estimated beyond 4,096; not counted for numbers and timestamps. */
  readonly distinct?: number;
  /** Least and greatest: finite numbers, or times in ISO 8601; null without a value and for other kinds. */
  readonly min: number | string | null;
  /** Like `min`. */
  readonly max: number | string | null;
  /** Of finite numbers, and the share of true for booleans. */
  readonly mean: number | null;
}

/** One thing to know about the data. */
export interface Finding {
  /** With an error the data cannot be used. */
  readonly severity: "error" | "warning";
  /** The rule; stable: `data.constant`. */
  readonly code: string;
  /** Where it is, if in one column. */
  readonly column?: string;
  /** Where it is, if in one file. */
  readonly file?: string;
  /** For people. */
  readonly message: string;
  /** Rows it concerns. */
  readonly count: number;
  /** A few of the values. */
  readonly examples?: readonly string[];
}

/** Everything that was found at once. */
export interface DataReport {
  /** Rows looked at. */
  readonly rows: number;
  /** In the order of the table. */
  readonly columns: readonly ColumnReport[];
  /** Those about the label first. */
  readonly findings: readonly Finding[];
  /** Rows of each class, in the order of the model's outputs; without a classified label none. */
  readonly classes: readonly { readonly value: boolean | number | string; readonly rows: number }[];
}

/**
 * Refuses data with errors, naming all of them.
 *
 * @throws {DataError} with the code of the only error, or `data.invalid`
 */
export function requireUsable(report: DataReport): void {
  const errors = report.findings.filter((finding) => finding.severity === "error");
  const [first] = errors;
  if (!first) return;
  throw new DataError({
    code: errors.length === 1 ? first.code : "data.invalid",
    cannot: "use the data",
    found: errors.map((finding) => finding.message).join(" "),
    todo: "Correct the data or name other columns",
    place: first.column === undefined ? {} : { column: first.column },
  });
}

/** Makes a warning about a column; none where it concerns no row. */
export function warning(
  code: string,
  column: string | undefined,
  message: string,
  count: number,
): Finding[] {
  if (count === 0) return [];
  return [{
    severity: "warning",
    code,
    ...(column === undefined ? {} : { column }),
    message,
    count,
  }];
}

/** A complaint that makes the data unusable. */
export function refused({ code, found, todo }: Complaint, column: string, count: number): Finding {
  return { severity: "error", code, column, message: `${column}: ${found}. ${todo}`, count };
}

/** A broken constraint among the findings: `value_range_check` is `data.value-range`. */
export function findingOf(violation: Violation): Finding {
  const { feature_name, constraint_check_type, description, severity, count = 0, examples } =
    violation;
  return {
    severity,
    code: `data.${constraint_check_type.replace(/_check$/, "").replaceAll("_", "-")}`,
    ...(feature_name === "" ? {} : { column: feature_name }),
    message: description,
    count,
    ...(examples === undefined ? {} : { examples }),
  };
}
