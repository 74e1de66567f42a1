/**
 * The rows that `data.py` wrote.
 *
 * @module
 */

import type { Matrix } from "../../jobs/lib/forest/mod.ts";

/** Reads a part; its features stand column by column. */
export async function readRows(
  folder: string,
  part: "train" | "test",
): Promise<{ matrix: Matrix; labels: Int32Array }> {
  const labels = Int32Array.from(await Deno.readFile(`${folder}/${part}.y`));
  const values = new Float32Array((await Deno.readFile(`${folder}/${part}.x`)).buffer);
  const rows = labels.length;
  const columns = Array.from(
    { length: values.length / rows },
    (_, c) => values.subarray(c * rows, (c + 1) * rows),
  );
  return { matrix: { rows, columns, names: columns.map((_, c) => `c${c}`) }, labels };
}
