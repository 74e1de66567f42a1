/**
 * `delivery release`: the next version and its changelog, written into the checkout.
 *
 * @module
 */
import { type AnyCommand, command } from "../../jobs/lib/command.ts";
import { text } from "../../jobs/lib/config.ts";
import { DataError } from "../../jobs/lib/errors.ts";
import { changelogSection, type Commit, nextVersion, withSection } from "./changelog.ts";
import { runProgram } from "./program.ts";

/** See the module. */
export const releaseCommand: AnyCommand = command({
  usage: "delivery release",
  about: "Write the next version into deno.json, CHANGELOG.md and a file of release notes",
  options: {
    version: {
      about: "As 1.4.0; from the commits since the last tag unless told",
      hint: "VERSION",
      parse: version,
      fallback: " ",
    },
    notes: {
      about: "Where the release notes go",
      hint: "FILE",
      parse: text(),
      fallback: "notes.md",
    },
  },
  contract: "processing",
  channels: () => ({}),
  run: async ({ values }) => {
    const last = await lastVersion();
    const commits = await commitsSince(last);
    if (commits.length === 0) {
      throw new DataError({
        code: "delivery.nothing-to-release",
        cannot: "release",
        found: `nothing was committed since v${last}`,
        todo: "Release when something was",
      });
    }
    const next = values.version || nextVersion(last ?? "0.0.0", commits);
    if (last !== undefined && !isLater(next, last)) {
      throw new DataError({
        code: "delivery.version",
        cannot: `release ${next}`,
        found: `v${last} is out already`,
        todo: "Give a later version, or none: it is computed",
        place: { option: "--version" },
      });
    }
    const section = changelogSection(next, new Date().toISOString().slice(0, 10), commits);
    await Deno.writeTextFile(values.notes, section.split("\n").slice(2).join("\n"));
    await rewrite("CHANGELOG.md", (changelog) => withSection(changelog, section));
    await rewrite(
      "deno.json",
      (json) => json.replace(/^(\s*"version": )"[^"]*"/m, `$1"${next}"`),
    );
    return {
      summary: { status: "done", version: next, since: last ?? null, commits: commits.length },
    };
  },
});

async function lastVersion(): Promise<string | undefined> {
  const { stdout } = await git("find the last version", [
    "tag",
    "--list",
    "v*",
    "--merged",
    "HEAD",
  ]);
  return stdout.split("\n").map((tag) => tag.trim().slice(1)).filter((tag) => SEMVER.test(tag))
    .reduce<string | undefined>((a, b) => a === undefined || isLater(b, a) ? b : a, undefined);
}

async function commitsSince(last: string | undefined): Promise<Commit[]> {
  const range = last === undefined ? "HEAD" : `v${last}..HEAD`;
  const { stdout } = await git("read the commits", ["log", "--format=%h%x1f%B%x1e", range]);
  return stdout.split("\x1e").map((entry) => entry.trim()).filter((entry) => entry !== "")
    .map((entry) => {
      const [hash = "", message = ""] = entry.split("\x1f");
      return { hash, message };
    });
}

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  await Deno.writeTextFile(file, change(await Deno.readTextFile(file)));
}

function git(purpose: string, args: readonly string[]) {
  return runProgram("git", args, { purpose });
}

const SEMVER = /^\d{1,6}\.\d{1,6}\.\d{1,6}$/;

function isLater(a: string, b: string): boolean {
  const [left, right] = [a, b].map((one) => one.split(".").map(Number));
  const at = [0, 1, 2].find((i) => left?.[i] !== right?.[i]);
  return at !== undefined && (left?.[at] ?? 0) > (right?.[at] ?? 0);
}

/** A form's field: blank is not given. */
function version(text: string): string {
  const value = text.trim();
  if (value !== "" && !SEMVER.test(value)) throw new Error("three numbers are needed, as 1.4.0");
  return value;
}
