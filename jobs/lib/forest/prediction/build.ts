/**
 * Compiles the kernel: `deno run -A jobs/lib/forest/prediction/build.ts`. The same sources give the
 * same bytes on every machine.
 *
 * @module
 */

import { main } from "assemblyscript/asc";

/** Everything that decides what comes out, besides the sources. */
const FLAGS = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--importMemory",
  "--initialMemory",
  "1",
  "--maximumMemory",
  "65536",
];

/**
 * Compiles the kernel.
 *
 * @returns The module's bytes.
 * @throws {Error} If the compiler refuses the sources; its messages are in the error.
 */
export async function buildPredictionKernel(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await main(["assembly/kernel.ts", ...FLAGS, "-o", "kernel.wasm"], {
    readFile: (name) =>
      Deno.readTextFile(new URL(name, import.meta.url)).catch((error) => {
        // The compiler tries several names.
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }),
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
    listFiles: () => null,
  });
  if (error || binary === undefined) throw new Error(`asc: ${error?.message}\n${stderr}`);
  return binary;
}

if (import.meta.main) {
  const bytes = await buildPredictionKernel();
  await Deno.writeFile(new URL("kernel.wasm", import.meta.url), bytes);
}
