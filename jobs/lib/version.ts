/**
 * The version of this project, from deno.json, and what it was built from.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import build from "./build.json" with { type: "json" };

/** Semantic version, without a `v`. */
export const VERSION: string = config.version;

/** What a binary was built from; run from source, nothing is known. */
export interface Build {
  /** Git commit. */
  readonly commit: string | null;
  /** When that commit was made (never when it was built, so that builds can be compared). */
  readonly committed_at: string | null;
  /** Whether files differed from the commit. */
  readonly dirty: boolean | null;
}

/** `deno task build` puts another build.json into its binaries. */
export const BUILD: Build = build;

/** What `--version` prints: a line, or all that is known as JSON. */
export function versionText(program: string, json: boolean): string {
  if (json) {
    const { version: { deno }, build: { target } } = Deno;
    return JSON.stringify({ program, version: VERSION, ...BUILD, deno, target });
  }
  const { commit, committed_at, dirty } = BUILD;
  const origin = commit === null
    ? "from source"
    : `commit ${commit.slice(0, 12)}${dirty ? " with changes" : ""} of ${committed_at}`;
  return `${program} ${VERSION} (${origin})`;
}
