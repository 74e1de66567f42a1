/** Model Monitor's six kinds of check, and ours of values. */
export type CheckType =
  | "data_type_check"
  | "completeness_check"
  | "baseline_drift_check"
  | "missing_column_check"
  | "extra_column_check"
  | "categorical_values_check"
  | "value_range_check"
  | "pattern_check"
  | "uniqueness_check"
  | "order_check"
  | "row_count_check"
  | "duplicate_rows_check"
  | "class_balance_check"
  | "label_leakage_check";

/** One entry of `constraint_violations.json`, with what Model Monitor's has not: all after the description. */
export interface Violation {
  /** Column; empty for the dataset. */
  readonly feature_name: string;
  /** Which rule. */
  readonly constraint_check_type: CheckType;
  /** For people, with what was found. */
  readonly description: string;
  /** A warning never stops a run. */
  readonly severity: "error" | "warning";
  /** Rows it concerns, where that can be said. */
  readonly count?: number;
  /** A few of the values that were found. */
  readonly examples?: readonly string[];
  /** True where every row is judged by itself, so that the bad ones can be put aside. */
  readonly by_row?: boolean;
}
