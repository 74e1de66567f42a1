/**
 * The ways to name a model.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { findStage, type Stage } from "./names.ts";

/** What a model URI means. */
export type ModelUri =
  | { readonly kind: "alias"; readonly name: string; readonly alias: string }
  | { readonly kind: "stage"; readonly name: string; readonly stage: Stage }
  | { readonly kind: "version"; readonly name: string; readonly version: string }
  | { readonly kind: "latest"; readonly name: string }
  | { readonly kind: "run"; readonly runId: string; readonly path: string }
  /** A bundle's folder or archive on S3. */
  | { readonly kind: "s3"; readonly uri: string }
  /** A bundle's folder or archive on this machine. */
  | { readonly kind: "path"; readonly path: string };

/**
 * Reads a model URI. Anything without a scheme is a path.
 *
 * @throws {UsageError} `model.uri-invalid`
 */
export function parseModelUri(uri: string): ModelUri {
  if (uri.startsWith("models:")) return parseModels(uri);
  if (uri.startsWith("runs:")) return parseRuns(uri);
  if (uri.startsWith("file://")) return { kind: "path", path: filePath(uri) };
  if (/^s3:\/\/[^/]+\/./.test(uri)) return { kind: "s3", uri };
  if (uri.trim() === "") throw invalid(uri, "it is empty");
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1];
  if (scheme !== undefined) throw invalid(uri, `the scheme "${scheme}" is not supported`);
  return { kind: "path", path: uri };
}

function parseModels(uri: string): ModelUri {
  const rest = /^models:\/([^/].*)$/.exec(uri)?.[1];
  if (rest === undefined) throw invalid(uri, "models: is followed by one slash");
  const [, aliased, alias] = /^([^/@]+)@([^/@]+)$/.exec(rest) ?? [];
  if (aliased !== undefined && alias !== undefined) return { kind: "alias", name: aliased, alias };
  const [, name, suffix] = /^([^/@]+)\/([^/@]+)$/.exec(rest) ?? [];
  if (name === undefined || suffix === undefined) {
    throw invalid(uri, "after the name comes @ALIAS, /VERSION or /STAGE");
  }
  if (/^\d+$/.test(suffix)) return { kind: "version", name, version: suffix };
  if (suffix.toLowerCase() === "latest") return { kind: "latest", name };
  const stage = findStage(suffix);
  if (stage !== undefined) return { kind: "stage", name, stage };
  throw invalid(uri, `"${suffix}" is neither a version nor a stage`);
}

function parseRuns(uri: string): ModelUri {
  const [, runId, path] = /^runs:\/([^/]+)\/([^/].*?)\/*$/.exec(uri) ?? [];
  if (runId === undefined || path === undefined) {
    throw invalid(uri, "runs: is followed by /RUN and /MODEL");
  }
  return { kind: "run", runId, path };
}

function filePath(uri: string): string {
  const path = /^file:\/\/(\/.*)$/.exec(uri)?.[1];
  if (path === undefined) throw invalid(uri, "file:// is followed by an absolute path");
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalid(uri, "it is not properly encoded");
  }
}

function invalid(uri: string, found: string): UsageError {
  return new UsageError({
    code: "model.uri-invalid",
    cannot: `use "${uri}" as a model`,
    found,
    todo:
      "Write models:/NAME@ALIAS, models:/NAME/VERSION, models:/NAME/latest, models:/NAME/STAGE " +
      "(None, Staging, Production, Archived), runs:/RUN/model, a folder, FILE.tar.gz, or " +
      "s3://BUCKET/ of either",
    place: { option: "model-uri" },
  });
}
