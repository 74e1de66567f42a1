/**
 * The profile of a dataset: one pass over its batches, in memory that does not grow with the rows;
 * profiles of parts merge to that of the whole.
 *
 * @module
 */
import type { Batch, Column, ColumnKind } from "../column.ts";
import { NumericProfile } from "./numeric.ts";
import { TextualProfile } from "./textual.ts";

/** One column's profile. */
export type ColumnProfile =
  | {
    readonly name: string;
    readonly kind: Exclude<ColumnKind, "string">;
    readonly type: string;
    readonly values: NumericProfile;
  }
  | {
    readonly name: string;
    readonly kind: "string";
    readonly type: string;
    readonly values: TextualProfile;
  };

/** See the module. */
export class DatasetProfile {
  /** Rows seen. */
  rows = 0;
  /** By name, in the order of the first batch. */
  readonly columns = new Map<string, ColumnProfile>();

  /** Takes the rows of a batch. @throws {TypeError} if a column has another kind than before */
  add(batch: Batch): void {
    this.rows += batch.rows;
    for (const column of batch.columns) {
      const profile = this.columns.get(column.name) ?? this.#begin(column);
      addTo(profile, column);
    }
  }

  /** Takes all that another profile of the same columns has seen. */
  merge(other: DatasetProfile): void {
    this.rows += other.rows;
    for (const [name, theirs] of other.columns) {
      const ours = this.columns.get(name);
      if (ours === undefined) this.columns.set(name, theirs);
      else if (ours.kind === "string" && theirs.kind === "string") ours.values.merge(theirs.values);
      else if (ours.kind !== "string" && theirs.kind !== "string") {
        ours.values.merge(theirs.values);
      } else throw otherKind(name, ours.kind, theirs.kind);
    }
  }

  #begin({ name, kind, type }: Column): ColumnProfile {
    const profile: ColumnProfile = kind === "string"
      ? { name, kind, type, values: new TextualProfile() }
      : { name, kind, type, values: new NumericProfile() };
    this.columns.set(name, profile);
    return profile;
  }
}

/** The profile of batches. */
export async function profileOf(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
): Promise<DatasetProfile> {
  const profile = new DatasetProfile();
  for await (const batch of batches) profile.add(batch);
  return profile;
}

function addTo(profile: ColumnProfile, column: Column): void {
  if (profile.kind === "string" && column.kind === "string") profile.values.add(column);
  else if (profile.kind !== "string" && column.kind !== "string") profile.values.add(column);
  else throw otherKind(column.name, profile.kind, column.kind);
}

function otherKind(name: string, before: ColumnKind, now: ColumnKind): TypeError {
  return new TypeError(`column ${name} was ${before} and is ${now}`);
}
