/**
 * The jobs as binaries, for the tests that run them so.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";

/** Folder of the binaries, as the tests know it; or why there are none. */
export type Binaries = { readonly ML_TEST_BINARIES: string } | { readonly why: string };

let built: Promise<Binaries> | undefined;

/** Builds both jobs once for all areas. Only a runtime that cannot be had excuses that there is none. */
export function buildBinaries(say: (line: string) => void): Promise<Binaries> {
  return built ??= tryToBuild(say);
}

async function tryToBuild(say: (line: string) => void): Promise<Binaries> {
  // Loaded here since it reads large files.
  const { build, PROGRAMS } = await import("../build/mod.ts");
  try {
    await build({ programs: PROGRAMS, output: FOLDER, say });
    return { ML_TEST_BINARIES: FOLDER };
  } catch (error) {
    if (error instanceof DependencyError && EXCUSES.has(error.code)) return { why: error.message };
    throw error;
  }
}

const FOLDER = "dist";
const EXCUSES = new Set(["build.no-runtime", "build.does-not-start"]);
