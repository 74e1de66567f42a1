/**
 * Which file of a logged model is the ONNX graph, whoever logged it.
 *
 * @module
 */

import { FAILSAFE_SCHEMA, load } from "js-yaml";
import { z } from "zod";
import type { Artifact } from "../store.ts";

const MLMODEL = z.object({
  flavors: z.record(z.string(), z.object({ data: z.string().optional().catch(undefined) })),
});

/**
 * Path of the graph: what the flavour `onnx` of `MLmodel` names, `model.onnx` where there is no
 * `MLmodel`.
 *
 * @returns the names of the flavours instead, if `onnx` is not among them
 */
export function findGraph(
  files: readonly Artifact[],
): { readonly path: string } | { readonly flavors: readonly string[] } {
  const flavors = flavorsOf(files.find(({ path }) => path === "MLmodel")?.bytes);
  if (flavors === undefined) return { path: "model.onnx" };
  const { onnx } = flavors;
  if (onnx !== undefined) return { path: onnx.data ?? "model.onnx" };
  return { flavors: Object.keys(flavors).filter((name) => name !== "python_function") };
}

function flavorsOf(mlmodel: Uint8Array | undefined) {
  if (mlmodel === undefined) return undefined;
  try {
    const text = new TextDecoder().decode(mlmodel);
    return MLMODEL.parse(load(text, { schema: FAILSAFE_SCHEMA })).flavors;
  } catch {
    // A damaged MLmodel beside a model.onnx does not make that worse.
    return undefined;
  }
}
