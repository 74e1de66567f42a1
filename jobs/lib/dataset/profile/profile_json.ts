/**
 * A whole profile as JSON, so that those of parts, made by other processes, can be merged. Unlike
 * `statistics.json`, which is for people and for comparing, nothing is left out.
 *
 * @module
 */
import { z } from "zod";
import { DistinctSketch } from "./distinct.ts";
import { FrequentValues } from "./frequent.ts";
import { type Moments, NO_MOMENTS } from "./moments.ts";
import { NumericProfile } from "./numeric.ts";
import { type ColumnProfile, DatasetProfile } from "./profile.ts";
import { levelsSchema, QuantileSketch } from "./quantiles.ts";
import { TextualProfile } from "./textual.ts";

const count = z.int().nonnegative();
/** A number that may not be finite, which JSON writes as null. */
const number = z.number().nullable().transform((value) => value ?? Infinity);
const moments = z.object({
  count,
  mean: number,
  squares: number,
  min: z.number(),
  max: z.number(),
}).nullable();
const registers = z.string().max(8_192).transform((text) =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
);
const named = { name: z.string(), type: z.string(), present: count, missing: count };

const columnSchema = z.discriminatedUnion("kind", [
  z.object({
    ...named,
    kind: z.enum(["number", "boolean", "timestamp"]),
    infinite: count,
    fractional: count,
    moments,
    quantiles: levelsSchema,
    distinct: registers,
  }),
  z.object({
    ...named,
    kind: z.literal("string"),
    lengths: moments,
    frequent: z.array(z.tuple([z.string(), count])).max(20_000),
    error: count,
    distinct: registers,
  }),
]);

const profileSchema = z.object({ rows: count, columns: z.array(columnSchema).max(100_000) });

/** A profile as something that `JSON.stringify` takes and {@linkcode parseProfile} reads. */
export function profileJson(profile: DatasetProfile): Record<string, unknown> {
  return { rows: profile.rows, columns: [...profile.columns.values()].map(columnJson) };
}

/**
 * The profile that {@linkcode profileJson} wrote.
 *
 * @throws {z.ZodError | RangeError} if it is none
 */
export function parseProfile(json: unknown): DatasetProfile {
  const { rows, columns } = profileSchema.parse(json);
  const profile = new DatasetProfile();
  profile.rows = rows;
  for (const column of columns) profile.columns.set(column.name, columnOf(column));
  return profile;
}

function columnJson(column: ColumnProfile): Record<string, unknown> {
  const { name, kind, type, values: { present, missing } } = column;
  const common = { name, kind, type, present, missing };
  const distinct = btoa(String.fromCharCode(...column.values.distinct.toBytes()));
  if (column.kind === "string") {
    const { lengths, frequent } = column.values;
    const { error } = frequent;
    return { ...common, lengths: known(lengths), frequent: frequent.entries(), error, distinct };
  }
  const { infinite, fractional, moments, quantiles } = column.values;
  return {
    ...common,
    infinite,
    fractional,
    moments: known(moments),
    quantiles: quantiles.toLevels(),
    distinct,
  };
}

function known(moments: Moments): Moments | null {
  return moments.count === 0 ? null : moments;
}

function columnOf(column: z.infer<typeof columnSchema>): ColumnProfile {
  const { name, type, present, missing } = column;
  const distinct = new DistinctSketch(column.distinct);
  if (column.kind === "string") {
    const values = new TextualProfile(new FrequentValues(column.frequent, column.error), distinct);
    Object.assign(values, { present, missing, lengths: column.lengths ?? NO_MOMENTS });
    return { name, kind: "string", type, values };
  }
  const values = new NumericProfile(QuantileSketch.fromLevels(column.quantiles), distinct);
  const { infinite, fractional } = column;
  const moments = column.moments ?? NO_MOMENTS;
  Object.assign(values, { present, missing, infinite, fractional, moments });
  return { name, kind: column.kind, type, values };
}
