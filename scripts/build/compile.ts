import { DependencyError } from "../../jobs/lib/errors.ts";
import type { Bundle } from "./bundle.ts";
import { runDeno } from "./deno.ts";
import { engineFlagsOf, permissionsOf, type Program, type Target } from "./programs.ts";

/** Numbers of processors in the header of a Linux program (ELF's e_machine). */
const MACHINES: Readonly<Record<number, Target>> = {
  0x3e: "x86_64-unknown-linux-gnu",
  0xb7: "aarch64-unknown-linux-gnu",
};

/**
 * Makes a binary of a bundle.
 *
 * @param target the host's own unless told
 * @throws {DependencyError} `build.no-runtime`, `build.runtime-mismatch`, `build.failed`
 */
export async function compileProgram(
  program: Program,
  { folder, entry, included }: Bundle,
  { deno, target, output }: { deno: string; target: Target | undefined; output: string },
): Promise<void> {
  const doing = `compile ${program}`;
  const given = Deno.env.get("DENORT_BIN");
  if (given && target !== undefined) {
    const found = await machineOf(given);
    if (found !== undefined && found !== target) {
      throw new DependencyError({
        code: "build.runtime-mismatch",
        cannot: doing,
        found: `DENORT_BIN names a runtime for ${found}, and the target is ${target}`,
        todo: "Let DENORT_BIN name the runtime of the target, or unset it to download that",
      });
    }
  }
  await runDeno(deno, [
    "compile",
    "--quiet",
    "--no-check",
    "--no-lock",
    // It would be a file in /tmp that anybody may have put there, and is written only once all chunks
    // have been loaded, which is never.
    "--no-code-cache",
    ...permissionsOf(program),
    ...engineFlagsOf(program),
    ...included.flatMap((name) => ["--include", name]),
    ...(target === undefined ? [] : [`--target=${target}`]),
    `--output=${output}`,
    entry,
  ], { cwd: folder, doing });
}

/** What a Linux program runs on; undefined for what is none or is not there. */
async function machineOf(path: string): Promise<Target | undefined> {
  try {
    using file = await Deno.open(path);
    const header = new Uint8Array(20);
    await file.read(header);
    const view = new DataView(header.buffer);
    return view.getUint32(0) === 0x7f454c46 ? MACHINES[view.getUint16(18, true)] : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // Deno itself says so.
    throw error;
  }
}
