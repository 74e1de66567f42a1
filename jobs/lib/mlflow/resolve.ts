/**
 * From a model URI to the model's files, verified.
 *
 * @module
 */

import { basename, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { readObject, s3Artifacts } from "./artifacts/s3.ts";
import { type Bundle, digestMismatch, readBundle, toBundle, untar } from "./bundle/mod.ts";
import type { ModelCache } from "./model_cache.ts";
import { type ModelUri, parseModelUri } from "./model_uri.ts";
import type { ModelVersion, Store } from "./store.ts";

/** Tag of a registered version that holds the SHA-256 of its `model.onnx`. */
export const DIGEST_TAG = "model_digest";

/** A model and where it came from. */
export interface ResolvedModel {
  /** Its files. */
  readonly bundle: Bundle;
  /**
   * Name of the registered model. For a folder or archive: the `model_name` of its `run.json`,
   * otherwise the name of the folder or archive.
   */
  readonly name: string;
  /**
   * The registered version. What is not registered (a run's model, a folder, an archive) has the first
   * 12 digits of its digest: different models never share a version.
   */
  readonly version: string;
  /** MLflow's id of the training run; undefined if the model does not say. */
  readonly runId: string | undefined;
  /** SHA-256 of `model.onnx`. */
  readonly digest: string;
  /** The URI that was asked for. */
  readonly source: string;
}

/** How to find it. */
export interface ResolveOptions {
  /** Where registered models are kept once they were downloaded; nowhere unless told. */
  readonly cache?: ModelCache | undefined;
}

/**
 * Finds a model, reads its files and checks its digest.
 *
 * @param open Opens the store; called only if the URI needs one.
 * @throws {UsageError} `model.uri-invalid`, `model.not-found`, `mlflow.model-unknown`,
 * `mlflow.version-unknown`, `mlflow.alias-unknown`, `mlflow.stage-empty`, `mlflow.run-unknown`,
 * `mlflow.model-unlogged`
 * @throws {DataError} `model.not-a-bundle`, `model.flavor-unsupported`, `model.archive-unsafe`, `model.digest-mismatch`,
 * `mlflow.artifacts-missing`
 * @throws {DependencyError} as the store does
 */
export async function resolveModel(
  uri: string,
  open: () => Promise<Store>,
  { cache }: ResolveOptions = {},
): Promise<ResolvedModel> {
  const parsed = parseModelUri(uri);
  if (parsed.kind === "s3") {
    const bundle = await readRemoteBundle(parsed.uri);
    return unregistered(uri, bundle, bundle.run?.run_id, nameOf(parsed.uri));
  }
  if (parsed.kind === "path") {
    const bundle = await readBundle(parsed.path);
    return unregistered(uri, bundle, bundle.run?.run_id, nameOf(parsed.path));
  }
  const store = await open();
  if (parsed.kind === "run") {
    const model = await store.loggedModel(parsed.runId, parsed.path);
    const bundle = toBundle(await store.downloadArtifacts(model.artifactUri), uri);
    return unregistered(uri, bundle, parsed.runId, model.name);
  }
  const version = await findVersion(parsed, store);
  const download = async () =>
    toBundle(await store.downloadArtifacts(await store.artifactUri(version)), uri);
  const expected = version.tags[DIGEST_TAG];
  const bundle = cache === undefined || expected === undefined
    ? await download()
    : await cache.get(expected, `${store.uri} ${version.source}`, download);
  if (expected !== undefined && expected !== bundle.digest) {
    const where = `the tag ${DIGEST_TAG} of version ${version.version}`;
    throw digestMismatch(uri, expected, bundle.digest, where);
  }
  const runId = version.runId === "" ? bundle.run?.run_id : version.runId;
  const { digest } = bundle;
  return { bundle, name: version.name, version: version.version, runId, digest, source: uri };
}

async function findVersion(
  uri: Exclude<ModelUri, { kind: "path" | "s3" | "run" }>,
  store: Store,
): Promise<ModelVersion> {
  switch (uri.kind) {
    case "alias":
      return await store.versionByAlias(uri.name, uri.alias);
    case "stage":
      return await store.versionByStage(uri.name, uri.stage);
    case "version":
      return await store.version(uri.name, uri.version);
    case "latest":
      return await store.latestVersion(uri.name);
  }
}

function unregistered(
  source: string,
  bundle: Bundle,
  runId: string | undefined,
  fallback: string,
): ResolvedModel {
  const { digest, run } = bundle;
  const name = run?.model_name ?? fallback;
  return { bundle, name, version: digest.slice(0, 12), runId, digest, source };
}

/** @throws {UsageError} `model.not-found` */
async function readRemoteBundle(uri: string): Promise<Bundle> {
  const isArchive = /\.(tar\.gz|tgz)$/i.test(uri);
  if (!isArchive) return toBundle(await s3Artifacts(NO_UPLOADS).download(uri), uri);
  const bytes = await readObject(uri);
  if (bytes !== undefined) return toBundle(await untar(new Blob([bytes]).stream(), uri), uri);
  throw new UsageError({
    code: "model.not-found",
    cannot: "read the model",
    found: `there is no object ${uri}`,
    todo: "Check --model-uri",
    place: { url: uri },
  });
}

const NO_UPLOADS = { multipartFrom: Infinity, partBytes: 0 };

function nameOf(path: string): string {
  return basename(resolve(path)).replace(/\.(tar\.gz|tgz)$/i, "") || "model";
}
