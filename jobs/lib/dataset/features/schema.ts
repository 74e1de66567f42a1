/**
 * The feature schema: what the model takes from a row and what it predicts. It is inferred from the
 * training data, stored in the bundle as `feature_schema.json`, and matched against the data at
 * scoring. The learnt category codes are not in it: they live in the model's ONNX graph.
 *
 * @module
 */

/** Calendar fields of a timestamp; all UTC, `day_of_week` 0 is Monday. */
export type CalendarField = "month" | "day" | "day_of_week" | "hour" | "minute_of_day";

/** Coordinates of a point on the unit circle. */
export type Coordinate = "sin" | "cos";

/** What of a timestamp can be a feature: a field's value, or its place on the field's circle. */
export type TimestampPart = CalendarField | `${CalendarField}_${Coordinate}`;

/** Whether the fields of timestamps are features by their values or by their places on circles. */
export type TimestampEncoding = "ordinal" | "cyclic";

/** One raw column that the model takes. */
export type Feature =
  | { readonly name: string; readonly kind: "number"; readonly type: string }
  | { readonly name: string; readonly kind: "boolean"; readonly type: string }
  | { readonly name: string; readonly kind: "categorical"; readonly type: string }
  | {
    readonly name: string;
    readonly kind: "timestamp";
    readonly type: string;
    readonly parts: readonly TimestampPart[];
  };

/** What is predicted. */
export type Target =
  | {
    readonly objective: "classification";
    readonly label: string;
    readonly kind: "boolean" | "integer" | "string";
    /** In the order of the model's outputs: false before true, integers ascending, strings sorted. */
    readonly classes: readonly (boolean | number | string)[];
  }
  | { readonly objective: "regression"; readonly label: string };

/** What is predicted, without what a model has learnt. */
export type Objective = Target["objective"];

/** A column the model does not take, and why. */
export interface DroppedColumn {
  /** As in the data. */
  readonly name: string;
  /** For people: `the same in every row`. */
  readonly reason: string;
}

/** See the module's description. */
export interface FeatureSchema {
  /** Of this format. */
  readonly version: 1;
  /** What is predicted. */
  readonly target: Target;
  /** Column that names a row; becomes the message's key. */
  readonly key?: string;
  /** Column that orders the rows in time. */
  readonly time?: string;
  /** In the order of the training data's columns. */
  readonly features: readonly Feature[];
  /** What the model does not take; neither the label nor the key. */
  readonly dropped: readonly DroppedColumn[];
}

/**
 * A feature schema with the learnt categories: enough to turn raw columns into the forest's matrix.
 * Code 0 is missing, 1 is unseen in training, `2 + i` is `categories.get(feature)[i]`; the order is by
 * the mean label on the training rows, so that a threshold on the code splits like a subset.
 */
export interface Encoding {
  /** What it encodes. */
  readonly schema: FeatureSchema;
  /** For each categorical feature, by name. */
  readonly categories: ReadonlyMap<string, readonly string[]>;
}

/** One column of the forest's matrix: `origin`, `origin` as code, or `timestamp:part`. */
export interface MatrixColumn {
  /** `distance`, `carrier`, `time_hour:month`. */
  readonly name: string;
  /** The raw column it comes from. */
  readonly feature: Feature;
  /** Of a timestamp, which part. */
  readonly part?: TimestampPart;
}

/** The columns of the forest's matrix, in order. */
export function matrixColumns(schema: FeatureSchema): MatrixColumn[] {
  return schema.features.flatMap((feature): MatrixColumn[] =>
    feature.kind === "timestamp"
      ? feature.parts.map((part) => ({ name: `${feature.name}:${part}`, feature, part }))
      : [{ name: feature.name, feature }]
  );
}
