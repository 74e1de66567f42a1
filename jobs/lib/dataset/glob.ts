/**
 * Paths with wildcards: `*` and `?` within a name, `**` for any folders.
 *
 * @module
 */

/** A path with wildcards, in parts. */
export interface Glob {
  /** The folders before the first wildcard, with a slash at the end unless there are none. */
  readonly root: string;
  /** What every name at the first wildcard begins with. */
  readonly start: string;
  /** Whether a file, or a folder that it is in, is meant. */
  readonly matches: (below: string) => boolean;
  /** Whether something in a folder may be meant. */
  readonly mayHold: (below: string) => boolean;
}

/**
 * Reads a path with wildcards.
 *
 * @returns undefined where there is none; paths that are asked for begin after the root
 */
export function parseGlob(path: string): Glob | undefined {
  const scheme = /^[a-z0-9]+:\/\/[^/]*\//i.exec(path)?.[0] ?? "";
  const names = path.slice(scheme.length).split("/");
  const first = names.findIndex((name) => /[*?]/.test(name));
  if (first < 0) return undefined;
  const pattern = names.slice(first).filter((name) => name !== "")
    .map((name) => name === "**" ? undefined : nameMatcher(name));
  return {
    root: scheme + names.slice(0, first).map((name) => `${name}/`).join(""),
    start: names[first]?.split(/[*?]/, 1)[0] ?? "",
    matches: (below) => follows(pattern, below.split("/"), false),
    mayHold: (below) => follows(pattern, below.split("/"), true),
  };
}

function nameMatcher(name: string): RegExp {
  const escaped = name.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
}

/** @param partly whether names may end before the pattern does */
function follows(
  pattern: readonly (RegExp | undefined)[],
  names: readonly string[],
  partly: boolean,
): boolean {
  if (pattern.length === 0) return true;
  const [first, ...rest] = pattern;
  const [name, ...others] = names;
  if (first === undefined) {
    return follows(rest, names, partly) ||
      name !== undefined && follows(pattern, others, partly);
  }
  if (name === undefined) return partly;
  return first.test(name) && follows(rest, others, partly);
}
