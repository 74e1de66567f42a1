/**
 * The files of a run.
 *
 * @module
 */
import {
  contentTag,
  type Dataset,
  folderOf,
  type GivenTypes,
  isThere,
  listFiles,
  openDataset,
} from "../../lib/dataset/mod.ts";
import { DataError } from "../../lib/errors.ts";
import type { Log } from "../../lib/log.ts";
import type { Input, Manifest } from "./schema.ts";

/** Where a new run's data is. */
export interface DataPlace {
  /** What is scored. */
  readonly data: string;
  /** The folder that a partition was looked for in, if there is one. */
  readonly above: string | undefined;
  /** Whether there may be nothing. */
  readonly allowEmpty: boolean;
}

/**
 * Lists the files of a new run.
 *
 * @param types what columns are that do not say it themselves
 * @throws {DataError} `data.empty` unless that is allowed, or what `openDataset` throws
 */
export async function listInputs(
  place: DataPlace,
  types: GivenTypes,
): Promise<{ dataset: Dataset; inputs: Input[] }> {
  const dataset = await openPlace(place, types);
  const inputs: Input[] = [];
  for (const { path, bytes, rows } of dataset.files) {
    const tag = await contentTag(path);
    if (tag === undefined) throw changed("score the data", path, "vanished while it was listed");
    inputs.push({ path, bytes, rows, tag });
  }
  return { dataset, inputs };
}

/**
 * Opens the files of a begun run, all of them: what a column is depends on all.
 *
 * @throws {DataError} `run.input-changed` when one has changed or is gone
 */
export async function openInputs(manifest: Manifest, types: GivenTypes): Promise<Dataset> {
  const { data, inputs, run_id } = manifest;
  for (const { path, tag } of inputs) {
    const now = await contentTag(path);
    if (now === tag) continue;
    throw changed(`go on with run ${run_id}`, path, now === undefined ? "is gone" : "has changed");
  }
  if (inputs.length === 0) return nothing(data);
  return await openDataset(data, { files: inputs.map(({ path }) => path), types });
}

/** Says which files are there by now that the run does not have; they are left for a new one. */
export async function reportNewFiles({ data, inputs }: Manifest, log: Log): Promise<void> {
  const known = new Set(inputs.map(({ path }) => path));
  let now: string[];
  try {
    now = await listFiles(data);
  } catch (error) {
    if (error instanceof DataError) return;
    throw error;
  }
  for (const file of now) {
    if (!known.has(file)) log.warn("a new file is left for a new run", { file });
  }
}

/**
 * Names an input wherever its folder is mounted: the path below the data's folder, of one file alone
 * its name; what is elsewhere, because a manifest lists it, has its whole URI.
 */
export function inputKey(data: string, file: string): string {
  const folder = folderOf(data);
  if (folder === `${file}/` || data === file) return file.split("/").at(-1) ?? file;
  return file.startsWith(folder) ? file.slice(folder.length) : file;
}

async function openPlace(place: DataPlace, types: GivenTypes): Promise<Dataset> {
  const { data, allowEmpty } = place;
  try {
    return await openDataset(data, { types });
  } catch (error) {
    if (!(error instanceof DataError) || !await isEmpty(error, place)) throw error;
    if (allowEmpty) return nothing(data);
    throw new DataError({
      code: "data.empty",
      cannot: `score ${data}`,
      found: "there is no row in it",
      todo: "Check the day and the path, or complete the run without rows by --allow-empty",
      place: { file: data },
      cause: error,
    });
  }
}

/** A partition that nobody wrote is as empty as one without rows; a wrong path is neither. */
async function isEmpty(error: DataError, { above }: DataPlace): Promise<boolean> {
  if (error.code === "data.empty") return true;
  if (error.code !== "data.not-found" || above === undefined) return false;
  return await isThere(above);
}

function nothing(data: string): Dataset {
  return { uri: data, files: [], rows: 0, fields: [], unsupported: [], async *batches() {} };
}

function changed(cannot: string, path: string, found: string): DataError {
  return new DataError({
    code: "run.input-changed",
    cannot,
    found: `${path} ${found}`,
    todo: "Restore the file, or score the new data as a new run: --run-id NEW --supersedes OLD",
    place: { file: path },
  });
}
