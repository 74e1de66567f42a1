/**
 * What MLflow 2 wants to know of a model that was put into a run (`runs/log-model`).
 *
 * @module
 */

import { load } from "js-yaml";
import { z } from "zod";
import type { Artifact } from "../store.ts";

/** The `MLmodel` as JSON, with the path of the model in the run. */
export function modelJson(files: readonly Artifact[], artifactPath: string): string {
  const mlmodel = files.find(({ path }) => path === "MLmodel");
  const text = mlmodel === undefined ? "{}" : new TextDecoder().decode(mlmodel.bytes);
  const entries = z.record(z.string(), z.unknown()).parse(load(text));
  return JSON.stringify({ ...entries, artifact_path: artifactPath });
}
