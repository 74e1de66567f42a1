/**
 * `feature_schema.json`: the feature schema as it lies in the bundle.
 *
 * @module
 */
import { z } from "zod";
import { DataError, issuesOf } from "../../errors.ts";
import type { FeatureSchema } from "./schema.ts";

const name = z.string().max(1000);
const type = z.string().max(200);
const base = { name, type };

const field = z.enum(["month", "day", "day_of_week", "hour", "minute_of_day"]);
const part = z.union([field, z.templateLiteral([field, "_", z.enum(["sin", "cos"])])]);

const feature = z.discriminatedUnion("kind", [
  z.strictObject({ ...base, kind: z.literal("number") }),
  z.strictObject({ ...base, kind: z.literal("boolean") }),
  z.strictObject({ ...base, kind: z.literal("categorical") }),
  z.strictObject({
    ...base,
    kind: z.literal("timestamp"),
    parts: z.array(part).min(1).max(15),
  }),
]);

const classes = <T extends z.ZodType<boolean | number | string>>(value: T) =>
  z.array(value).min(2).max(1000).refine((all) => new Set(all).size === all.length, "not distinct");

const classification = { objective: z.literal("classification"), label: name };

const target = z.union([
  z.strictObject({ ...classification, kind: z.literal("boolean"), classes: classes(z.boolean()) }),
  z.strictObject({ ...classification, kind: z.literal("integer"), classes: classes(z.int()) }),
  z.strictObject({ ...classification, kind: z.literal("string"), classes: classes(z.string()) }),
  z.strictObject({ objective: z.literal("regression"), label: name }),
]);

const schema = z.strictObject({
  version: z.literal(1),
  target,
  key: name.exactOptional(),
  time: name.exactOptional(),
  features: z.array(feature).min(1).max(10_000)
    .refine((all) => new Set(all.map((each) => each.name)).size === all.length, "names repeat"),
  dropped: z.array(z.strictObject({ name, reason: z.string().max(1000) })).max(10_000),
});

/**
 * Reads a feature schema from parsed JSON; to write one, stringify it.
 *
 * @throws {DataError} `data.schema-invalid`
 */
export function parseFeatureSchema(json: unknown): FeatureSchema {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DataError({
    code: "data.schema-invalid",
    cannot: "read the feature schema",
    found: issuesOf(parsed.error),
    todo: "Use the feature_schema.json that training wrote",
  });
}
