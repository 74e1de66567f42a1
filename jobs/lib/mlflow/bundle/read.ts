/**
 * Reads a model bundle from a folder or an archive.
 *
 * @module
 */

import { join } from "node:path";
import { z } from "zod";
import { DataError, isNotFound, issuesOf, messageOf, UsageError } from "../../errors.ts";
import { readWholeFile } from "../../storage/mod.ts";
import { isPlainPath } from "../names.ts";
import type { Artifact } from "../store.ts";
import { modelDigest } from "./digest.ts";
import type { BundleRun } from "./files.ts";
import { findGraph } from "./flavors.ts";
import { BUNDLE_LIMITS, type BundleLimits, untar } from "./tar.ts";

/** A model bundle in memory. */
export interface Bundle {
  /** `model.onnx`. */
  readonly onnx: Uint8Array;
  /** SHA-256 of {@linkcode Bundle.onnx}. */
  readonly digest: string;
  /** `feature_schema.json`, as JSON; undefined in a model that the platform did not make. */
  readonly schema: unknown;
  /** `run.json`; undefined in a model that the platform did not make. */
  readonly run: BundleRun | undefined;
  /** All files, {@linkcode Bundle.onnx} too. */
  readonly files: readonly Artifact[];
}

/**
 * Reads a bundle from a folder, from an archive, or from a folder that holds nothing but a
 * `model.tar.gz` (as SageMaker's model channel does).
 *
 * @throws {UsageError} `model.not-found`
 * @throws {DataError} `model.not-a-bundle`, `model.archive-unsafe`, `model.digest-mismatch`
 */
export async function readBundle(path: string, limits = BUNDLE_LIMITS): Promise<Bundle> {
  const info = await Deno.stat(path).catch((error) => {
    throw isNotFound(error) ? notFound(path) : unreadable(path, error);
  });
  if (!info.isDirectory) return toBundle(await readArchive(path, limits), path);
  const entries = await Array.fromAsync(Deno.readDir(path));
  const [only] = entries;
  if (entries.length === 1 && only?.name === "model.tar.gz") {
    const archive = join(path, only.name);
    return toBundle(await readArchive(archive, limits), archive);
  }
  return toBundle(await readFolder(path, limits), path);
}

/**
 * A bundle from its files; they may all be below one folder, as in an archive of a folder.
 *
 * @param source Names the model in messages.
 * @throws {DataError} `model.not-a-bundle`, `model.flavor-unsupported`, `model.digest-mismatch`
 */
export function toBundle(found: readonly Artifact[], source: string): Bundle {
  const files = withoutCommonFolder(found);
  const graph = findGraph(files);
  if ("flavors" in graph) throw otherFlavor(source, graph.flavors);
  const onnx = files.find((file) => file.path === graph.path)?.bytes;
  if (onnx === undefined) {
    throw notABundle(source, `there is no ${graph.path} in ${source}${hint(found)}`);
  }
  const digest = modelDigest(onnx);
  const run = parse(files, "run.json", RUN, source);
  if (run !== undefined && run.model_digest !== digest) {
    throw digestMismatch(source, run.model_digest, digest, "run.json");
  }
  return {
    onnx,
    digest,
    schema: parse(files, "feature_schema.json", z.unknown(), source),
    run,
    files,
  };
}

function otherFlavor(source: string, flavors: readonly string[]): DataError {
  return new DataError({
    code: "model.flavor-unsupported",
    cannot: "use the model",
    found: `${source} was logged as ${flavors.join(" and ") || "python_function"}, not as onnx`,
    todo: "Log it with mlflow.onnx (skl2onnx and onnxmltools convert models of scikit-learn, " +
      "LightGBM and XGBoost)",
    place: { file: source },
  });
}

/** What is said where a model's bytes are not those that were registered. */
export function digestMismatch(
  source: string,
  expected: string,
  actual: string,
  where: string,
): DataError {
  return new DataError({
    code: "model.digest-mismatch",
    cannot: "use the model",
    found: `the SHA-256 of model.onnx in ${source} is ${actual}, but ${where} says ${expected}`,
    todo: "Its files were changed after training: register the model again",
  });
}

const digest = z.string().max(200);
const RUN: z.ZodType<BundleRun> = z.object({
  run_id: z.string(),
  model_digest: z.string(),
  model_name: z.string().exactOptional(),
  held_out: z.discriminatedUnion("from", [
    z.object({
      from: z.literal("train"),
      digest,
      fraction: z.number().min(0).lt(1),
      seed: z.int(),
      by: z.enum(["stratified", "random", "group", "time"]).exactOptional(),
      column: z.string().exactOptional(),
      quarantined: z.boolean().exactOptional(),
    }),
    z.object({ from: z.literal("test"), digest }),
  ]).exactOptional(),
});

const decoder = new TextDecoder();

function parse<T>(
  files: readonly Artifact[],
  path: string,
  shape: z.ZodType<T>,
  source: string,
): T | undefined {
  const file = files.find((each) => each.path === path);
  if (file === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(decoder.decode(file.bytes)));
  } catch (error) {
    const what = error instanceof z.ZodError ? issuesOf(error) : messageOf(error);
    throw notABundle(source, `${path} in ${source} is damaged: ${what}`);
  }
}

function withoutCommonFolder(files: readonly Artifact[]): readonly Artifact[] {
  if (files.some(({ path }) => path === "model.onnx" || path === "MLmodel")) return files;
  const folders = new Set(files.map(({ path }) => path.split("/")[0]));
  const [folder] = folders;
  if (folders.size !== 1 || folder === undefined) return files;
  return files.map(({ path, bytes }) => ({ path: path.slice(folder.length + 1), bytes }));
}

function hint(files: readonly Artifact[]): string {
  const inner = files.find(({ path }) => path.endsWith("/model.onnx"))?.path;
  if (inner !== undefined) return `, but in its folder ${inner.slice(0, -"/model.onnx".length)}`;
  return files.length === 0 ? ", which is empty" : "";
}

async function readArchive(path: string, limits: BundleLimits): Promise<Artifact[]> {
  using file = await Deno.open(path).catch((error) => {
    throw unreadable(path, error);
  });
  return await untar(file.readable, path, limits);
}

async function readFolder(root: string, limits: BundleLimits): Promise<Artifact[]> {
  const files: Artifact[] = [];
  let bytes = 0;
  const visit = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory) await visit(path);
      if (!entry.isFile || !isPlainPath(path)) continue;
      bytes += (await Deno.stat(join(root, path))).size;
      if (files.length >= limits.files || bytes > limits.bytes) {
        throw notABundle(
          root,
          `${root} has more than ${limits.files} files or ${limits.bytes} bytes`,
        );
      }
      files.push({ path, bytes: await readWholeFile(join(root, path)) });
    }
  };
  try {
    await visit("");
  } catch (error) {
    throw error instanceof DataError ? error : unreadable(root, error);
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

function notABundle(source: string, found: string): DataError {
  return new DataError({
    code: "model.not-a-bundle",
    cannot: "read the model",
    found,
    todo: "Give the folder or model.tar.gz that a training made",
    place: { file: source },
  });
}

function notFound(path: string): UsageError {
  return new UsageError({
    code: "model.not-found",
    cannot: "read the model",
    found: `there is no file or folder ${path}`,
    todo: "Check --model-uri",
    place: { file: path },
  });
}

function unreadable(path: string, error: unknown): DataError {
  return new DataError({
    code: "model.unreadable",
    cannot: "read the model",
    found: `${path}: ${messageOf(error)}`,
    todo: "Check its permissions",
    place: { file: path },
    cause: error,
  });
}
