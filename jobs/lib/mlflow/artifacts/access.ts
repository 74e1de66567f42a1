/**
 * What every place that keeps artifacts can do.
 *
 * @module
 */

import type { Artifact, LocalFile } from "../store.ts";

/** A bundle has a dozen files; a run that someone else filled may have more. */
export const MAX_FILES = 10_000;

/** Reads and writes below artifact URIs. */
export interface ArtifactAccess {
  /** Writes files below the URI. */
  upload(uri: string, artifacts: readonly (Artifact | LocalFile)[]): Promise<void>;
  /** All files below the URI. @throws {DataError} `mlflow.artifacts-missing` */
  download(uri: string): Promise<Artifact[]>;
  /** True if there is at least one file. */
  has(uri: string): Promise<boolean>;
}
