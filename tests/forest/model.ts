/**
 * Random models: a schema, what a model has learnt, and a forest for it.
 *
 * @module
 */

import fc from "fast-check";
import {
  type CalendarField,
  type Encoding,
  type Feature,
  type FeatureSchema,
  matrixColumns,
  type Target,
  type TimestampPart,
} from "../../jobs/lib/dataset/mod.ts";
import { type Forest, forestEngine, type Matrix } from "../../jobs/lib/forest/mod.ts";

const FIELDS: CalendarField[] = ["month", "day", "day_of_week", "hour", "minute_of_day"];
const PARTS = FIELDS.flatMap((field): TimestampPart[] => [field, `${field}_sin`, `${field}_cos`]);

/** Words that other tools take for missing, and some that are awkward. */
export const WORDS: readonly string[] = [
  "nan",
  "None",
  "NA",
  "null",
  "0",
  " ",
  "a b",
  "é😀",
  "probability_",
  "\u0000",
  "\ufeffmark",
];

/** A model without its forest. */
export function encoding(): fc.Arbitrary<Encoding> {
  return fc.record({ features: features(), target: target() }).map(({ features, target }) => {
    const schema: FeatureSchema = {
      version: 1,
      target,
      features: features.map(([f]) => f),
      dropped: [],
    };
    const categories = features.flatMap(([feature, words]) =>
      feature.kind === "categorical" ? [[feature.name, words] as const] : []
    );
    return { schema, categories: new Map(categories) };
  });
}

/** A matrix as an encoding gives it: codes for categories, small numbers for timestamp parts. */
export function encodedMatrix(model: Encoding, rows: number, seed: number): Matrix {
  const columns = matrixColumns(model.schema).map(({ feature }, c) => {
    const most = feature.kind === "categorical"
      ? 2 + (model.categories.get(feature.name)?.length ?? 0)
      : 7;
    return Float32Array.from({ length: rows }, (_, row) => {
      const draw = (row * 7919 + c * 104729 + seed * 31) % 1009;
      return feature.kind !== "categorical" && draw % 11 === 0 ? NaN : draw % most;
    });
  });
  return { rows, columns, names: matrixColumns(model.schema).map(({ name }) => name) };
}

/** A forest for an encoding, grown on noise. */
export async function noiseForest(model: Encoding, seed: number, trees = 4): Promise<Forest> {
  const rows = 60;
  const { target } = model.schema;
  const classes = target.objective === "classification" ? target.classes.length : 0;
  const noise = Float64Array.from({ length: rows }, (_, row) => (row * 7907 + seed) % 97);
  const { forest } = await forestEngine.train({
    matrix: encodedMatrix(model, rows, seed),
    labels: classes > 0 ? Int32Array.from(noise, (value) => value % classes) : noise,
    classes,
  }, {
    objective: target.objective,
    trees,
    maxDepth: seed % 3 === 0 ? 1 : 0,
    minSamplesLeaf: 1,
    maxFeatures: "all",
    classWeight: "none",
    seed,
    threads: 1,
  });
  return forest;
}

function features(): fc.Arbitrary<[Feature, readonly string[]][]> {
  const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ minLength: 1, unit: "binary" }));
  const words = fc.uniqueArray(word, { maxLength: 8 });
  const kind = fc.constantFrom("number", "boolean", "categorical", "timestamp");
  const parts = fc.subarray(PARTS, { minLength: 1 });
  const name = fc.string({ minLength: 1, unit: "grapheme" });
  const feature = fc.tuple(name, kind, parts, words).map(
    ([text, kind, parts, words]): [Feature, readonly string[]] => {
      // No output's name begins so.
      const name = `f_${text}`;
      if (kind === "timestamp") return [{ name, kind, type: "timestamp[us, tz=UTC]", parts }, []];
      if (kind === "categorical") return [{ name, kind, type: "string" }, words];
      if (kind === "boolean") return [{ name, kind, type: "bool" }, []];
      return [{ name, kind: "number", type: "double" }, []];
    },
  );
  return fc.uniqueArray(feature, { minLength: 1, maxLength: 6, selector: ([{ name }]) => name });
}

function target(): fc.Arbitrary<Target> {
  const label = "y";
  const strings = fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 });
  const integers = fc.uniqueArray(fc.maxSafeInteger(), { minLength: 1, maxLength: 5 });
  return fc.oneof(
    fc.constant<Target>({ objective: "regression", label }),
    fc.constant<Target>({
      objective: "classification",
      label,
      kind: "boolean",
      classes: [false, true],
    }),
    strings.map((classes): Target => ({
      objective: "classification",
      label,
      kind: "string",
      classes: classes.toSorted(),
    })),
    integers.map((classes): Target => ({
      objective: "classification",
      label,
      kind: "integer",
      classes: classes.toSorted((a, b) => a - b),
    })),
  );
}
