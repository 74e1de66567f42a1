import { bundleChunks } from "./bundle.ts";
import { settleChunks } from "./chunks.ts";
import { denoForCompiling } from "./deno.ts";
import { type Program, ROOT } from "./programs.ts";

/** A package of npm that is in a binary. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As the registry gives it: `sha512-` and base64; undefined if deno.lock does not know it. */
  readonly integrity: string | undefined;
}

/** Deno's cache has packages at `npm/<registry>/<name>/<version>/`. */
const FILE = /^\s*\/\/ .*\/npm\/[^/]+\/((?:@[^/\s]+\/)?[^/@\s]+)\/(\d[^/\s]*)\//gm;

/** Which packages of npm a binary holds any code of, told by what the bundler took in. */
export async function packagesIn(program: Program): Promise<NpmPackage[]> {
  const module = `jobs/${program}/binary.ts`;
  const chunks = settleChunks(
    await bundleChunks(denoForCompiling(), module, { minify: false }),
    "binary.js",
  );
  const lock = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.lock`));
  const found = new Map<string, NpmPackage>();
  for (const text of chunks.values()) {
    for (const [, name = "", version = ""] of text.matchAll(FILE)) {
      const id = `${name}@${version}`;
      found.set(id, { name, version, integrity: integrityOf(lock, id) });
    }
    // Files that are not code have no comment, only their import.
    for (const name of ["parquet-wasm", "onnxruntime-web"]) {
      if (!text.includes(`"${name}/`)) continue;
      const id = Object.keys(lock.npm).find((one) => one.startsWith(`${name}@`)) ?? name;
      const version = id.slice(name.length + 1);
      found.set(id, { name, version, integrity: integrityOf(lock, id) });
    }
  }
  return [...found.keys()].toSorted().flatMap((id) => found.get(id) ?? []);
}

function integrityOf(lock: { npm?: Record<string, { integrity?: string }> }, id: string) {
  // Copies that differ in their peers have these behind an underscore.
  const key = Object.keys(lock.npm ?? {}).find((one) => one === id || one.startsWith(`${id}_`));
  return key === undefined ? undefined : lock.npm?.[key]?.integrity;
}
