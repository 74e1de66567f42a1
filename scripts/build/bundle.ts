import { DependencyError } from "../../jobs/lib/errors.ts";
import type { Build } from "../../jobs/lib/version.ts";
import { settleChunks } from "./chunks.ts";
import { runDeno } from "./deno.ts";
import { type Program, ROOT } from "./programs.ts";
import { WASM_FILES } from "./wasm_files.ts";

/** A job as a few JavaScript files, ready for `deno compile`. */
export interface Bundle {
  /** Where they are; its last name goes into the binary, so it must not vary. */
  readonly folder: string;
  /** The file to start. */
  readonly entry: string;
  /** Files that are not found by following imports. */
  readonly included: readonly string[];
}

const WORKER = "jobs/lib/forest/kernel/worker.ts";
/** How the bundled code names it. */
const WORKER_REFERENCE = /(["'])\.\/worker\.ts\1/g;

/**
 * Bundles a job: only what it reaches of its npm packages, in chunks that are loaded when they are
 * imported. It is minified not for size but because comments hold the paths of this machine, and two
 * builds of a commit have to be identical.
 *
 * @param folder where to; it must not exist
 */
export async function bundleProgram(
  program: Program,
  facts: Build,
  { deno, folder }: { deno: string; folder: string },
): Promise<Bundle> {
  await Deno.mkdir(folder, { recursive: true });
  const chunks = settleChunks(await bundleChunks(deno, `jobs/${program}/binary.ts`), "binary.js");
  const text = [...chunks.values()].join("\n");
  const included: string[] = [];
  const workers = text.match(WORKER_REFERENCE)?.length ?? 0;
  if (workers > 1 || (workers === 0 && program === "training")) {
    throw new DependencyError({
      code: "build.worker",
      cannot: `bundle ${program}`,
      found: `the bundle names ./worker.ts ${workers} times`,
      todo: 'Start workers in one place, by new URL("./worker.ts", import.meta.url)',
    });
  }
  if (workers === 1) {
    const worker = await bundleChunks(deno, WORKER);
    await Deno.writeTextFile(`${folder}/worker.js`, worker.get("worker.js") ?? "");
    included.push("worker.js");
  }
  for (const [name, chunk] of chunks) {
    await Deno.writeTextFile(
      `${folder}/${name}`,
      chunk.replace(WORKER_REFERENCE, '"./worker.js"'),
    );
  }
  const wasm = WASM_FILES.filter(({ specifier }) => text.includes(specifier));
  for (const { name, bytes } of wasm) await Deno.writeFile(`${folder}/${name}`, bytes());
  await Deno.writeTextFile(`${folder}/build.json`, JSON.stringify(facts));
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify({
      nodeModulesDir: "none",
      unstable: ["raw-imports"],
      imports: Object.fromEntries(wasm.map(({ specifier, name }) => [specifier, `./${name}`])),
    }),
  );
  // The binary keeps them.
  const time = new Date(facts.committed_at ?? 0);
  for (const { name } of Deno.readDirSync(folder)) {
    await Deno.utime(`${folder}/${name}`, time, time);
  }
  return { folder, entry: "binary.js", included };
}

/** What `deno bundle` makes of a module, by name; with comments that name the files if not minified. */
export async function bundleChunks(
  deno: string,
  module: string,
  { minify = true }: { minify?: boolean } = {},
): Promise<Map<string, string>> {
  const out = await Deno.makeTempDir();
  try {
    const external = ["./build.json", ...WASM_FILES.map(({ specifier }) => specifier)];
    await runDeno(deno, [
      "bundle",
      "--quiet",
      "--frozen",
      "--platform=deno",
      "--code-splitting",
      ...(minify ? ["--minify"] : []),
      ...external.flatMap((name) => ["--external", name]),
      `--outdir=${out}`,
      module,
    ], { cwd: ROOT, doing: `bundle ${module}` });
    const chunks = new Map<string, string>();
    for await (const { name } of Deno.readDir(out)) {
      chunks.set(name, await Deno.readTextFile(`${out}/${name}`));
    }
    return chunks;
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}
