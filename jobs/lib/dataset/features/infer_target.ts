/**
 * What a label column is good for.
 *
 * @module
 */
import type { Complaint } from "../../errors.ts";
import { classReader } from "./class_values.ts";
import type { Column } from "../column.ts";
import type { Objective, Target } from "./schema.ts";

/** More classes than this are taken for a mistake. */
const MOST_CLASSES = 1000;

/**
 * The target that a label column makes, or why it makes none: `data.label-type`,
 * `data.label-constant`, `data.label-classes`, `data.label-mostly-missing`, `data.label-infinite`.
 *
 * @param objective As told; without it classification.
 */
export function inferTarget(
  column: Column,
  objective: Objective = "classification",
): Target | Complaint {
  const scan = new TargetScan(column, objective);
  scan.add(column);
  return scan.target();
}

/** {@linkcode inferTarget} of a column that comes in parts. */
export class TargetScan {
  /** Rows without a label. */
  missing = 0;
  /** Rows of each class, as far as there are not too many. */
  readonly counts = new Map<boolean | number | string, number>();
  readonly #column: Pick<Column, "name" | "kind" | "type">;
  readonly #objective: Objective;
  #rows = 0;
  #infinite = 0;
  /** A number that is no class. */
  #odd: number | undefined;
  #first: unknown;
  #varies = false;

  /** Begins with no rows. @param column of all parts */
  constructor(column: Pick<Column, "name" | "kind" | "type">, objective: Objective) {
    this.#column = { name: column.name, kind: column.kind, type: column.type };
    this.#objective = objective;
  }

  /** Takes the rows of a part. */
  add(column: Column): void {
    const valueAt = classReader(column);
    const rows = rowsOf(column);
    this.#rows += rows;
    for (let row = 0; row < rows; row++) {
      const value = valueAt(row);
      if (value === undefined) this.missing++;
      else this.#take(value);
    }
  }

  /** What all parts make. */
  target(): Target | Complaint {
    const target = this.#objective === "regression" ? this.#regression() : this.#classification();
    if ("code" in target || this.missing * 2 <= this.#rows) return target;
    return refusal(
      this.#column,
      "data.label-mostly-missing",
      `${this.missing} of ${this.#rows} rows have none`,
      "Give data whose label is known",
    );
  }

  #take(value: boolean | number | string): void {
    if (this.#first === undefined) this.#first = value;
    else if (value !== this.#first) this.#varies = true;
    if (typeof value === "number") {
      if (!Number.isFinite(value)) this.#infinite++;
      if (!Number.isSafeInteger(value)) this.#odd ??= value;
    }
    const count = this.counts.get(value);
    if (count !== undefined) this.counts.set(value, count + 1);
    else if (this.counts.size <= MOST_CLASSES) this.counts.set(value, 1);
  }

  #regression(): Target | Complaint {
    const column = this.#column;
    if (column.kind !== "number") return notNumeric(column);
    if (this.#infinite > 0) {
      return refusal(
        column,
        "data.label-infinite",
        `${this.#infinite} rows are infinite`,
        "Take these rows out or limit their values",
      );
    }
    return this.#varies
      ? { objective: "regression", label: column.name }
      : constant(column, this.#first);
  }

  #classification(): Target | Complaint {
    const column = this.#column;
    const { kind } = column;
    if (kind === "timestamp") {
      return refusal(
        column,
        "data.label-type",
        `it is ${column.type}`,
        "Name the column to predict",
      );
    }
    if (this.#odd !== undefined) return notClasses(column, this.#odd);
    if (this.counts.size > MOST_CLASSES) return tooMany(column);
    if (this.counts.size < 2) return constant(column, this.#first);
    return {
      objective: "classification",
      label: column.name,
      kind: kind === "number" ? "integer" : kind,
      // Numbers by value and strings by code units, where the default order compares all as strings.
      classes: [...this.counts.keys()].sort((a, b) => a < b ? -1 : 1),
    };
  }
}

function rowsOf(column: Column): number {
  return column.kind === "string" ? column.codes.length : column.values.length;
}

/** What a message says of a label column. */
type Named = Pick<Column, "name" | "kind" | "type">;

/** The complaint about a label that is no number. */
export function notNumeric(column: Named): Complaint {
  return refusal(
    column,
    "data.label-type",
    `it is ${column.type}, and regression predicts a number`,
    "Use --objective classification or a column of numbers",
  );
}

function notClasses(column: Named, value: number): Complaint {
  return refusal(
    column,
    "data.label-type",
    `it is ${column.type} with values such as ${value}, which are no classes`,
    "Use --objective regression, or a label of whole numbers, strings or booleans",
  );
}

function tooMany(column: Named): Complaint {
  return refusal(
    column,
    "data.label-classes",
    `it has more than ${MOST_CLASSES} different values`,
    column.kind === "number"
      ? "Use --objective regression, or a label with fewer classes"
      : "Use a label with fewer classes",
  );
}

function constant(column: Named, value: unknown): Complaint {
  const found = value === undefined ? "it is missing in every row" : `every row has ${value}`;
  return refusal(column, "data.label-constant", found, "Give data with rows of other labels too");
}

function refusal({ name }: Named, code: string, found: string, todo: string): Complaint {
  return { code, cannot: `use column ${name} as the label`, found, todo, place: { column: name } };
}
