/**
 * Stages of registered models in the file store, an entry of each version's `meta.yaml`.
 *
 * @module
 */

import { join } from "node:path";
import { checkStage, type Stage } from "../names.ts";
import { stageEmpty } from "../store_errors.ts";
import type { ModelVersion } from "../store.ts";
import { locked } from "./disk.ts";
import { changeMeta } from "./meta.ts";
import { getVersion, listVersions, touchModel, versionFolder } from "./versions.ts";

/** See {@linkcode ModelRegistry.versionByStage}. */
export async function versionByStage(
  root: string,
  name: string,
  stage: string,
): Promise<ModelVersion> {
  const wanted = checkStage(stage);
  const all = await listVersions(root, name);
  const found = all.findLast((each) => each.stage === wanted);
  if (found !== undefined) return found;
  throw stageEmpty(name, wanted, all.map((each) => `${each.version} ${each.stage}`));
}

/** See {@linkcode ModelRegistry.setStage}. */
export async function setStage(
  root: string,
  name: string,
  number: string,
  stage: string,
): Promise<void> {
  const wanted = checkStage(stage);
  const moved = await getVersion(root, name, number);
  const move = (version: ModelVersion, to: Stage) =>
    changeMeta(root, join(versionFolder(root, name, version.version), "meta.yaml"), {
      current_stage: to,
      last_updated_timestamp: Date.now(),
    });
  await locked(root, async () => {
    if (wanted === "Staging" || wanted === "Production") {
      for (const other of await listVersions(root, name)) {
        const leaves = other.version !== moved.version && other.stage === wanted;
        if (leaves) await move(other, "Archived");
      }
    }
    await move(moved, wanted);
  });
  await touchModel(root, name);
}
