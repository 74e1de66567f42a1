/**
 * Experiments of the file store: `<id>/meta.yaml`, deleted ones below `.trash`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { checkExperimentName } from "../names.ts";
import { experimentDeleted } from "../store_errors.ts";
import { fromFileUri, toFileUri } from "./artifacts.ts";
import { createFolder, exists, listNames, readText } from "./disk.ts";
import { readMeta, renderMeta } from "../yaml.ts";

/** An experiment as its `meta.yaml` has it. */
export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly deleted: boolean;
  readonly artifactLocation: string;
}

const TRASH = ".trash";
const REGISTRY = "models";

/** Id of the experiment of that name, made if need be. See {@linkcode TrackingStore.experiment}. */
export async function getOrCreateExperiment(root: string, name: string): Promise<string> {
  checkExperimentName(name);
  await createExperiment(root, "0", "Default");
  for (let attempt = 0;; attempt++) {
    const known = (await listExperiments(root)).find((experiment) => experiment.name === name);
    if (known?.deleted) throw experimentDeleted(name, known.id, root);
    if (known) return known.id;
    await createExperiment(root, idOf(name, attempt), name);
  }
}

/** All experiments, deleted ones too. */
export async function listExperiments(root: string): Promise<Experiment[]> {
  const experiments: Experiment[] = [];
  for (const parent of [root, join(root, TRASH)]) {
    for (const id of await listNames(parent, "folders")) {
      if (id === REGISTRY || id.endsWith(TRASH)) continue;
      const folder = join(parent, id);
      const text = await readText(join(folder, "meta.yaml"));
      if (text === undefined) continue;
      const meta = readMeta(text);
      experiments.push({
        id,
        name: meta["name"] ?? "",
        folder,
        deleted: parent !== root || meta["lifecycle_stage"] === "deleted",
        artifactLocation: meta["artifact_location"] ?? toFileUri(folder),
      });
    }
  }
  return experiments;
}

/**
 * Where the artifacts of an experiment go. The location in its file is the folder's own, unless the
 * store has been moved: then the folder is where it is now.
 */
export async function artifactHome(experiment: Experiment): Promise<string> {
  const path = fromFileUri(experiment.artifactLocation);
  return await exists(path) ? path : experiment.folder;
}

async function createExperiment(root: string, id: string, name: string): Promise<void> {
  const folder = join(root, id);
  if (await exists(folder)) return;
  const now = Date.now();
  const meta = renderMeta({
    artifact_location: toFileUri(folder),
    creation_time: now,
    experiment_id: id,
    last_update_time: now,
    lifecycle_stage: "active",
    name,
  });
  await createFolder(root, folder, [{ path: "meta.yaml", content: meta }]);
}

/**
 * An 18-digit id as Python draws, but made of the name: two writers that make the same experiment at
 * once aim at the same folder, and one of them wins.
 */
function idOf(name: string, attempt: number): string {
  const hash = createHash("sha256").update(`${attempt}:${name}`).digest("hex");
  return String(10n ** 17n + BigInt(`0x${hash}`) % (9n * 10n ** 17n));
}
