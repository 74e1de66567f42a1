/**
 * The `meta.yaml` files. Python reads them with PyYAML (YAML 1.1) and we with YAML 1.2, which
 * disagree on what an unquoted `1e5`, `no` or `12:30` is; so every string is written in quotes, and
 * read as the text it is, whatever it looks like.
 *
 * @module
 */

import { Document, parse, parseDocument, Scalar } from "yaml";
import { z } from "zod";

/** A value of a `meta.yaml`. */
export type MetaValue =
  | string
  | number
  | null
  | readonly string[]
  | Readonly<Record<string, string>>;

/** The entries of a `meta.yaml`. */
export type Meta = Readonly<Record<string, MetaValue>>;

/** A new file, keys sorted as Python does. */
export function renderMeta(meta: Meta): string {
  const document = new Document({}, OPTIONS);
  for (const key of Object.keys(meta).sort()) document.set(key, node(document, meta[key] ?? null));
  return document.toString(FORMAT);
}

/** The file with some entries replaced; the others keep their spelling, known to us or not. */
export function updateMeta(text: string, changes: Meta): string {
  const document = parseDocument(text, OPTIONS);
  for (const [key, value] of Object.entries(changes)) document.set(key, node(document, value));
  return document.toString(FORMAT);
}

/** The entries that are scalars, as text; `null` is undefined. */
export function readMeta(text: string): Readonly<Record<string, string | undefined>> {
  const entries = z.record(z.string(), z.unknown()).safeParse(parse(text, OPTIONS));
  if (!entries.success) return {};
  return Object.fromEntries(
    Object.entries(entries.data)
      .map(([key, value]) => [key, typeof value === "string" ? unlessNull(value) : undefined]),
  );
}

const OPTIONS = { schema: "failsafe" } as const;
const FORMAT = { lineWidth: 0 } as const;

function unlessNull(value: string): string | undefined {
  return value === "null" || value === "~" || value === "" ? undefined : value;
}

function node(document: Document, value: MetaValue): unknown {
  if (typeof value === "string") return scalar(value, Scalar.QUOTE_SINGLE);
  if (value === null || typeof value === "number") return scalar(String(value), Scalar.PLAIN);
  if (Array.isArray(value)) {
    return document.createNode(value.map((item) => scalar(item, Scalar.QUOTE_SINGLE)), {
      flow: value.length === 0,
    });
  }
  const pairs = Object.entries(value).map((
    [key, item],
  ) => [key, scalar(item, Scalar.QUOTE_SINGLE)]);
  return document.createNode(Object.fromEntries(pairs), { flow: pairs.length === 0 });
}

function scalar(text: string, type: Scalar.Type): Scalar<string> {
  const result = new Scalar(text);
  result.type = type;
  return result;
}
