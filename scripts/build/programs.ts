import { fileURLToPath } from "node:url";
import { UsageError } from "../../jobs/lib/errors.ts";
import config from "../../deno.json" with { type: "json" };

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/** The jobs that become binaries. */
export const PROGRAMS = ["training", "inference"] as const;

/** One of them. */
export type Program = (typeof PROGRAMS)[number];

/** What `deno compile` can make here; SageMaker's instances are of these two kinds. */
export const TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] as const;

/** One of them. */
export type Target = (typeof TARGETS)[number];

/** Where the images have their binary; a binary may start itself there, to give up root. */
export const IMAGE_PATH = "/usr/local/bin";

/** What a binary may read and write. A dot is the folder it is started in. */
export const FOLDERS: readonly string[] = ["/opt/ml", "/tmp", "."];

/**
 * The permissions that are compiled in: variables and network as the job's task in deno.json has
 * them, files narrowed to {@linkcode FOLDERS}, and of programs only the binary itself.
 */
export function permissionsOf(program: Program): string[] {
  const flags = wordsOf(program).filter((word) => word.startsWith("--allow-"));
  const kept = flags.filter((flag) => /^--allow-(env=|net$|net=|sys=)/.test(flag));
  const narrowed = ["--allow-read", "--allow-write"];
  const strange = flags.filter((flag) => !kept.includes(flag) && !narrowed.includes(flag));
  if (strange.length > 0 || !kept.some((flag) => flag.startsWith("--allow-env="))) {
    throw new UsageError({
      code: "build.permissions",
      cannot: `build ${program}`,
      found: `its task in deno.json has ${strange.join(" ") || "no --allow-env=NAMES"}`,
      todo: "Name the variables there, and allow nothing but env, net, sys, read and write",
      place: { file: "deno.json" },
    });
  }
  return [
    "--no-prompt",
    ...kept.filter((flag) => !flag.startsWith("--allow-sys=")),
    sys(kept),
    ...narrowed.map((flag) => `${flag}=${FOLDERS.join(",")}`),
    `--allow-run=${IMAGE_PATH}/${program}`,
  ];
}

/** What the job's task tells V8, which is compiled in as well. */
export function engineFlagsOf(program: Program): string[] {
  return wordsOf(program).filter((word) => word.startsWith("--v8-flags="));
}

function wordsOf(program: Program): string[] {
  const words = config.tasks[program].command.match(/'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replaceAll("'", ""));
}

/**
 * A binary in an image gives up root; AWS's SDK asks for the home folder where HOME is not set, and
 * tells AWS the kernel's release when it assumes a role.
 */
function sys(flags: readonly string[]): string {
  const names = flags.filter((flag) => flag.startsWith("--allow-sys="))
    .flatMap((flag) => flag.slice("--allow-sys=".length).split(","));
  return `--allow-sys=${[...new Set([...names, "uid", "homedir", "osRelease"])].join(",")}`;
}
