/**
 * The models that `export.py` makes.
 *
 * @module
 */

import { provided, python } from "../job/task.ts";

/** One of them, with rows and what onnxruntime makes of them. */
export interface ExportedModel {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly rows: number;
  /** What it is fed, column by column. */
  readonly columns: readonly Float64Array[];
  /** Row by row. */
  readonly output: Float32Array;
  /** The label of each row, if the model gives one. */
  readonly labels: readonly (number | string)[] | undefined;
}

/** Exports all models; the files go when it is disposed of. */
export async function exportModels(): Promise<
  AsyncDisposable & { readonly models: readonly ExportedModel[]; readonly folder: string }
> {
  const folder = await Deno.makeTempDir();
  const shapes = await python("tests/onnx/export.py", [folder], {
    interpreter: provided("ML_TEST_PYTHON_EXPORTERS"),
    // Threads wait for each other longer than they compute.
    env: { OMP_NUM_THREADS: "1" },
  }) as Record<string, number[]>;
  const models = Object.entries(shapes).map(([name, [rows = 0, width = 0]]) =>
    readModel(`${folder}/${name}`, name, rows, width)
  );
  return {
    folder,
    models: await Promise.all(models),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function readModel(
  path: string,
  name: string,
  rows: number,
  width: number,
): Promise<ExportedModel> {
  const input = await readFloats(`${path}/input`);
  const columns = Array.from(
    { length: width },
    (_, k) => Float64Array.from({ length: rows }, (_, row) => input[row * width + k]!),
  );
  const labels = await Deno.readTextFile(`${path}/label`).then(JSON.parse, () => undefined);
  const onnx = await Deno.readFile(`${path}/model.onnx`);
  return { name, onnx, rows, columns, output: await readFloats(`${path}/output`), labels };
}

async function readFloats(path: string): Promise<Float32Array> {
  return new Float32Array((await Deno.readFile(path)).buffer);
}
