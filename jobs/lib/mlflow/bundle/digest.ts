/**
 * The identity of a model: what its version is tagged with, and what a scorer verifies.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** SHA-256 of `model.onnx` in hexadecimal. */
export function modelDigest(onnx: Uint8Array): string {
  return createHash("sha256").update(onnx).digest("hex");
}
