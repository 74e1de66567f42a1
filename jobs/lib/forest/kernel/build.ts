/**
 * Compiles the kernel: `deno run -A jobs/lib/forest/kernel/build.ts [FILE]`. The same sources give the
 * same bytes on every machine.
 *
 * @module
 */

import { main } from "assemblyscript/asc";

/** Everything that decides what comes out, besides the sources. */
const FLAGS = [
  "-O3",
  "--converge",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd,threads,bulk-memory",
  "--importMemory",
  "--sharedMemory",
  // What module.ts overwrites.
  "--initialMemory",
  "65536",
  "--maximumMemory",
  "65536",
  // Only concerns 64-bit memories.
  "--disableWarning",
  "201",
];

/**
 * Compiles the kernel.
 *
 * @returns The module's bytes.
 * @throws {Error} If the compiler refuses the sources; its messages are on stderr.
 */
export async function buildKernel(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await main(["assembly/index.ts", ...FLAGS, "-o", "kernel.wasm"], {
    readFile: async (name) => {
      try {
        return await Deno.readTextFile(new URL(name, import.meta.url));
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    listFiles: () => null,
  });
  if (error || binary === undefined) throw new Error(`asc: ${error?.message}\n${stderr}`);
  return binary;
}

if (import.meta.main) {
  const target = Deno.args[0] ?? new URL("kernel.wasm", import.meta.url);
  await Deno.writeFile(target, await buildKernel());
}
