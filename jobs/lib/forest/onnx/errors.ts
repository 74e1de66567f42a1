/**
 * What is wrong with a model file.
 *
 * @module
 */

import { DataError } from "../../errors.ts";

/** The file is not what it claims to be. `found` says where. */
export function invalidModel(found: string, cause?: unknown): DataError {
  return new DataError({
    code: "model.onnx-invalid",
    cannot: "load the model",
    found: `model.onnx is damaged or was changed: ${found}`,
    todo: "Take the bundle from the registry again, or train the model again",
    cause,
  });
}

/** The file is a model, but not one that this project wrote. `found` says how that shows. */
export function foreignModel(found: string): DataError {
  return new DataError({
    code: "model.onnx-foreign",
    cannot: "load the model",
    found: `model.onnx was not written by this version of the project: ${found}`,
    todo: "Score it with the release that wrote it, or train the model with this one",
  });
}
