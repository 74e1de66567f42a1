/**
 * Marks what the fast form cannot hold.
 *
 * @module
 */

/** A graph, or part of one, that is left to onnxruntime. Never reaches a user. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
