/**
 * The YAML files of MLflow. Python reads them with PyYAML (YAML 1.1) and we with YAML 1.2, which
 * disagree on what an unquoted `1e5`, `no` or `12:30` is; so every string is written in quotes, and
 * read as the text it is, whatever it looks like.
 *
 * @module
 */

import { dump, FAILSAFE_SCHEMA, load } from "js-yaml";
import { z } from "zod";

/** What a YAML file may hold. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** The entries of a file. */
export type Meta = Readonly<Record<string, YamlValue>>;

/** A new file, keys sorted as Python does. */
export function renderMeta(meta: Meta): string {
  return dump(meta, { sortKeys: true, forceQuotes: true, lineWidth: -1 });
}

/** The file with some entries replaced; the others keep their spelling, known to us or not. */
export function updateMeta(text: string, changes: Meta): string {
  let result = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  for (const [key, value] of Object.entries(changes)) {
    const entry = renderMeta({ [key]: value });
    // An entry ends before the next line that is neither indented nor an item of a list.
    const known = new RegExp(`^${key}:.*\\n(?:(?:[ -].*)?\\n)*`, "m");
    result = known.test(result) ? result.replace(known, () => entry) : result + entry;
  }
  return result;
}

/** The entries that are scalars, as text; `null` is undefined. A damaged file has none. */
export function readMeta(text: string): Readonly<Record<string, string | undefined>> {
  const entries = z.record(z.string(), z.unknown()).safeParse(parse(text));
  if (!entries.success) return {};
  return Object.fromEntries(
    Object.entries(entries.data)
      .map(([key, value]) => [key, typeof value === "string" ? unlessNull(value) : undefined]),
  );
}

function parse(text: string): unknown {
  try {
    return load(text, { schema: FAILSAFE_SCHEMA });
  } catch {
    return undefined;
  }
}

function unlessNull(value: string): string | undefined {
  return value === "null" || value === "~" || value === "" ? undefined : value;
}
