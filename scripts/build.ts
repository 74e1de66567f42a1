/**
 * `deno task build [training|inference] [--target TARGET]`: the jobs as single binaries in dist/.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { messageOf, PlatformError, UsageError } from "../jobs/lib/errors.ts";
import { build, type BuildOptions, PROGRAMS, TARGETS } from "./build/mod.ts";
import { print, say } from "./services/output.ts";

const USAGE = `usage: deno task build [training|inference] [options]

  --target TARGET      ${TARGETS.join(" or ")};
                       this machine's own unless given
  --output DIR         where to; dist unless given
  --commit SHA         what it is built from, where there is no git (with --commit-time)
  --commit-time TIME   when that commit was made

DENORT_BIN names a runtime that is already here; DENO_COMPILE the Deno that it belongs to.
The last line of stdout is JSON: path, size and SHA-256 of each binary.`;

function parse(args: readonly string[]): BuildOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "target": { type: "string" },
      "output": { type: "string", default: "dist" },
      "commit": { type: "string" },
      "commit-time": { type: "string" },
      "help": { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const programs = positionals.map((word) => oneOf(word, PROGRAMS, "a job"));
  // A container's builder that was told nothing passes empty ones on.
  const commit = values.commit || undefined;
  const committedAt = values["commit-time"] || undefined;
  if ((commit === undefined) !== (committedAt === undefined)) {
    throw new Error("--commit and --commit-time go together");
  }
  if (commit !== undefined && !/^[0-9a-f]{40}$/.test(commit)) {
    throw new Error(`--commit is '${commit}', not the 40 digits of a commit`);
  }
  if (committedAt !== undefined && Number.isNaN(Date.parse(committedAt))) {
    throw new Error(`--commit-time is '${committedAt}', not a time`);
  }
  return {
    programs: programs.length > 0 ? programs : PROGRAMS,
    output: values.output,
    say,
    ...(values.target === undefined ? {} : { target: oneOf(values.target, TARGETS, "a target") }),
    ...(commit === undefined || committedAt === undefined ? {} : { told: { commit, committedAt } }),
  };
}

function oneOf<T extends string>(word: string, known: readonly T[], what: string): T {
  const found = known.find((one) => one === word);
  if (found === undefined) throw new Error(`'${word}' is not ${what}`);
  return found;
}

function read(args: readonly string[]): BuildOptions | undefined {
  try {
    return parse(args);
  } catch (error) {
    throw new UsageError({
      code: "usage.build",
      cannot: "build",
      found: messageOf(error),
      todo: `Give nothing or ${PROGRAMS.join(" or ")}; --help lists the options`,
    });
  }
}

if (import.meta.main) {
  try {
    const options = read(Deno.args);
    if (options === undefined) print(USAGE);
    else {
      const binaries = await build(options);
      for (const { path, bytes } of binaries) say(`${path} ${(bytes / 1e6).toFixed(1)} MB`);
      print(JSON.stringify({ binaries }));
    }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    say(error.message);
    Deno.exit(error.exitCode);
  }
}
