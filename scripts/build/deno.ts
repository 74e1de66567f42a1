import { DependencyError } from "../../jobs/lib/errors.ts";

/**
 * The Deno that bundles and compiles: this one, or `DENO_COMPILE`, for a runtime in `DENORT_BIN` works
 * with the very version that it belongs to only.
 */
export function denoForCompiling(): string {
  return Deno.env.get("DENO_COMPILE") || Deno.execPath();
}

/** Version of the runtime that goes into the binaries. */
export async function denoVersion(): Promise<string> {
  const text = await runDeno(denoForCompiling(), ["--version"], { cwd: ".", doing: "build" });
  return /^deno (\S+)/.exec(text)?.[1] ?? "unknown";
}

/**
 * Runs Deno and shows nothing unless it fails.
 *
 * @returns what it wrote to stdout
 * @throws {DependencyError} `build.no-runtime` when the runtime cannot be had, `build.failed`
 */
export async function runDeno(
  deno: string,
  args: readonly string[],
  { cwd, doing }: { cwd: string; doing: string },
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(deno, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output().catch((error) => {
    throw new DependencyError({
      code: "build.no-deno",
      cannot: doing,
      found: `${deno} cannot be run`,
      todo: "Unset DENO_COMPILE, or let it name a Deno 2.6.10 or newer",
      cause: error,
    });
  });
  if (success) return new TextDecoder().decode(stdout);
  throw explainFailure(new TextDecoder().decode(stderr), doing);
}

/** What Deno's complaint means for whoever builds. */
export function explainFailure(stderr: string, doing: string): DependencyError {
  const [, missing] = /Could not find denort at '(.*)'/.exec(stderr) ?? [];
  const [, url] = /sending request for url \((\S*denort\S*)\)/.exec(stderr) ?? [];
  const noRuntime = missing !== undefined || url !== undefined;
  return new DependencyError({
    code: noRuntime ? "build.no-runtime" : "build.failed",
    cannot: doing,
    found: missing !== undefined
      ? `DENORT_BIN names ${JSON.stringify(missing)}, which is not there`
      : url !== undefined
      ? `Deno's runtime cannot be downloaded from ${url}`
      : stderr.split("\nStack backtrace")[0]?.trim().slice(-2000) ?? "",
    todo: noRuntime
      ? "Allow that host, or download the file elsewhere, unpack it and let DENORT_BIN name it"
      : "Look at what Deno says; deno check jobs says more",
    ...(url === undefined ? {} : { place: { url } }),
  });
}
