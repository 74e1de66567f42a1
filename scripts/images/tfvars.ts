/**
 * Single values of a Terraform variables file, replaced in place: not a character besides is touched.
 *
 * @module
 */
import { DependencyError, messageOf, UsageError } from "../../jobs/lib/errors.ts";

/** Where the text between a value's quotes is. */
interface Place {
  readonly from: number;
  readonly to: number;
}

/**
 * The text values at the file's top level. A value that holds an escape or a template is left out.
 *
 * @throws {UsageError} `tfvars.duplicate`
 */
export function readTfvars(text: string, file: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, { from, to }] of places(text, file)) values.set(name, text.slice(from, to));
  return values;
}

/**
 * Replaces values.
 *
 * @returns the new text
 * @throws {UsageError} `tfvars.missing` where a name has no text value at the top level
 */
export function replaceTfvars(
  text: string,
  values: Readonly<Record<string, string>>,
  file: string,
): string {
  const found = places(text, file);
  const edits = Object.entries(values).map(([name, value]) => {
    const place = found.get(name);
    if (place !== undefined) return { ...place, value };
    throw new UsageError({
      code: "tfvars.missing",
      cannot: `set ${name}`,
      found: `${file} gives it no text at the top level`,
      todo: `Add a line: ${name} = ""`,
      place: { file },
    });
  }).sort((a, b) => b.from - a.from);
  return edits.reduce(
    (all, { from, to, value }) => all.slice(0, from) + value + all.slice(to),
    text,
  );
}

/**
 * Replaces values of a file in one step: a reader sees the old file or the new one. A link stays one.
 *
 * @returns whether anything changed
 * @throws {UsageError} `tfvars.missing`, `tfvars.duplicate`
 * @throws {DependencyError} `tfvars.unwritable`
 */
export async function updateTfvars(
  file: string,
  values: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const path = await Deno.realPath(file);
    const bytes = await Deno.readFile(path);
    // A byte order mark is part of what must not be touched.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const changed = replaceTfvars(text, values, file);
    if (changed === text) return false;
    const { mode } = await Deno.stat(path);
    const fresh = `${path}.${crypto.randomUUID()}.tmp`;
    try {
      await Deno.writeTextFile(fresh, changed, { mode: (mode ?? 0o644) & 0o777 });
      await Deno.rename(fresh, path);
    } catch (error) {
      await Deno.remove(fresh).catch(() => {});
      throw error;
    }
    return true;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new DependencyError({
      code: "tfvars.unwritable",
      cannot: `rewrite ${file}`,
      found: messageOf(error),
      todo: "Check that it is there, is UTF-8, and that this user may write to its folder",
      place: { file },
      cause: error,
    });
  }
}

/** What can begin at a place of the file, longest first. */
const TOKENS =
  /(?<comment>#[^\n]*|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))|<<-?(?<tag>[A-Za-z_][\w-]*)[^\n]*\n|(?<string>"(?:\\.|\$\{(?:[^"{}]|"(?:\\.|[^"\\])*")*\}|[^"\\])*")|(?<open>[{[(])|(?<close>[}\])])|(?<name>[A-Za-z_][\w-]*)|(?<equals>=)|[^]/y;

function places(text: string, file: string): Map<string, Place> {
  const found = new Map<string, Place>();
  let depth = 0;
  let [name, assigned] = ["", false];
  for (let at = 0; at < text.length;) {
    TOKENS.lastIndex = at;
    const match = TOKENS.exec(text);
    const groups = match?.groups ?? {};
    const length = match?.[0].length ?? 1;
    if (groups["tag"] !== undefined) {
      at = endOfHeredoc(text, at + length, groups["tag"]);
      [name, assigned] = ["", false];
      continue;
    }
    if (groups["open"]) depth += 1;
    else if (groups["close"]) depth -= 1;
    else if (depth === 0 && groups["name"]) [name, assigned] = [groups["name"], false];
    else if (depth === 0 && groups["equals"]) assigned = true;
    else if (depth === 0 && groups["string"] && assigned && name !== "") {
      if (found.has(name)) throw duplicate(name, file);
      const value = groups["string"].slice(1, -1);
      if (!/[\\]|[$%]\{/.test(value)) found.set(name, { from: at + 1, to: at + length - 1 });
      [name, assigned] = ["", false];
    }
    at += length;
  }
  return found;
}

function endOfHeredoc(text: string, from: number, tag: string): number {
  const end = new RegExp(`^[ \\t]*${tag}[ \\t]*\\r?$`, "m");
  const match = end.exec(text.slice(from));
  return match === null ? text.length : from + match.index + match[0].length;
}

function duplicate(name: string, file: string): UsageError {
  return new UsageError({
    code: "tfvars.duplicate",
    cannot: `set ${name}`,
    found: `${file} sets it twice`,
    todo: "Keep one of the lines; Terraform refuses both",
    place: { file },
  });
}
