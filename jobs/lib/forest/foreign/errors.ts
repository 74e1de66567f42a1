/**
 * What is wrong with someone else's model.
 *
 * @module
 */

import { DataError } from "../../errors.ts";

/** The model is sound, but cannot be scored here. `found` says why. */
export function unusableModel(found: string, todo = EXPORT_IT, cause?: unknown): DataError {
  return new DataError({
    code: "model.onnx-unusable",
    cannot: "score with the model",
    found: `model.onnx is not one of this project's, and ${found}`,
    todo,
    cause,
  });
}

const EXPORT_IT =
  "Export it with tensors of [N] or [N, columns] as inputs and probabilities or a number " +
  "as output";

/** The file is no model. */
export function brokenModel(cause: unknown): DataError {
  return new DataError({
    code: "model.onnx-invalid",
    cannot: "load the model",
    found: "model.onnx is no ONNX file or a damaged one",
    todo: "Export or download it again",
    cause,
  });
}
