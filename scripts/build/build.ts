import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { DependencyError } from "../../jobs/lib/errors.ts";
import type { Build } from "../../jobs/lib/version.ts";
import { bundleProgram } from "./bundle.ts";
import { compileProgram } from "./compile.ts";
import { denoForCompiling } from "./deno.ts";
import { buildFacts, type ToldCommit } from "./facts.ts";
import type { Program, Target } from "./programs.ts";

/** A binary that was made. */
export interface Binary {
  readonly program: Program;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly build: Build;
}

/** What to build. */
export interface BuildOptions {
  readonly programs: readonly Program[];
  /** The machine's own unless told. */
  readonly target?: Target;
  /** Folder. */
  readonly output: string;
  /** Where there is no git. */
  readonly told?: ToldCommit;
  readonly say: (line: string) => void;
}

/**
 * Builds binaries, each with its checksum beside it in the form of sha256sum.
 *
 * @throws {DependencyError} `build.*`
 */
export async function build(options: BuildOptions): Promise<Binary[]> {
  const { programs, target, told, say } = options;
  const output = resolve(options.output);
  await Deno.mkdir(output, { recursive: true });
  const facts = await buildFacts(told);
  const deno = denoForCompiling();
  const binaries: Binary[] = [];
  for (const program of programs) {
    say(`building ${program}`);
    const work = await Deno.makeTempDir();
    const path = `${output}/${program}`;
    try {
      const bundle = await bundleProgram(program, facts, { deno, folder: `${work}/${program}` });
      const fresh = `${work}/binary/${program}`;
      await Deno.mkdir(`${work}/binary`);
      await compileProgram(program, bundle, { deno, target, output: fresh });
      if (target === undefined || target === Deno.build.target) await tryOut(fresh, program);
      await moveInto(fresh, path);
    } finally {
      await Deno.remove(work, { recursive: true });
    }
    const content = await Deno.readFile(path);
    const sha256 = createHash("sha256").update(content).digest("hex");
    await Deno.writeTextFile(`${path}.sha256`, `${sha256}  ${program}\n`);
    binaries.push({ program, path, bytes: content.length, sha256, build: facts });
  }
  return binaries;
}

/** A runtime of another version compiles without complaint, and the binary does not start. */
async function tryOut(path: string, program: Program): Promise<void> {
  const { success, stderr } = await new Deno.Command(path, {
    args: ["--version"],
    stdin: "null",
  }).output();
  if (success) return;
  throw new DependencyError({
    code: "build.does-not-start",
    cannot: `build ${program}`,
    found: `the binary does not start: ${new TextDecoder().decode(stderr).split("\n")[0]}`,
    todo: "If DENORT_BIN is set, let DENO_COMPILE name the Deno that its runtime belongs to",
  });
}

/** So that a binary that is running can be replaced, and none is ever half written. */
async function moveInto(from: string, to: string): Promise<void> {
  await Deno.copyFile(from, `${to}.new`);
  await Deno.chmod(`${to}.new`, 0o755);
  await Deno.rename(`${to}.new`, to);
}
