import type { Artifact } from "../lib/mlflow/mod.ts";

/** A file of text. */
export function textArtifact(path: string, text: string): Artifact {
  return { path, bytes: new TextEncoder().encode(text) };
}

/** A value as a file of JSON. */
export function jsonArtifact(path: string, value: unknown): Artifact {
  return textArtifact(path, JSON.stringify(value, null, 2) + "\n");
}
