/**
 * What a model says of columns whose type the data does not say.
 *
 * @module
 */
import type { ColumnKind } from "../column.ts";
import type { GivenTypes } from "../merge.ts";
import type { Feature, FeatureSchema, Target } from "./schema.ts";

const KINDS = {
  number: "number",
  boolean: "boolean",
  categorical: "string",
  timestamp: "timestamp",
} as const satisfies Record<Feature["kind"], ColumnKind>;

/** The types of a model's features and label, by which text is read for it. */
export function typesOf({ features, target }: FeatureSchema): GivenTypes {
  return new Map([
    ...features.map(({ name, kind, type }) => [name, { kind: KINDS[kind], type }] as const),
    [target.label, labelType(target)],
  ]);
}

function labelType(target: Target): { readonly kind: ColumnKind; readonly type: string } {
  if (target.objective === "regression") return { kind: "number", type: "double" };
  switch (target.kind) {
    case "boolean":
      return { kind: "boolean", type: "bool" };
    case "integer":
      return { kind: "number", type: "int64" };
    case "string":
      return { kind: "string", type: "string" };
  }
}
