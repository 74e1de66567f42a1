import type { Values } from "../lib/config.ts";
import type { Dataset } from "../lib/dataset/mod.ts";
import { DataError, UsageError } from "../lib/errors.ts";
import type { ResolvedModel } from "../lib/mlflow/mod.ts";
import type { scoreOptions } from "./options.ts";
import type { Manifest } from "./run_state.ts";

/** The manifest of a run's first attempt. */
export function firstManifest(
  values: Values<typeof scoreOptions>,
  run: { id: string; scoredAt: Date; sink: string },
  model: ResolvedModel,
  dataset: Dataset,
): Manifest {
  return {
    version: 1,
    run_id: run.id,
    ...(values.supersedes === undefined ? {} : { supersedes: values.supersedes }),
    scored_at: run.scoredAt.toISOString(),
    environment: values.environment,
    pipeline: values.pipeline,
    sink: run.sink,
    ...(values.keyColumn === undefined ? {} : { key_column: values.keyColumn }),
    model: {
      uri: values.modelUri,
      resolved: values.modelUri.startsWith("models:/")
        ? `models:/${model.name}/${model.version}`
        : values.modelUri,
      name: model.name,
      version: model.version,
      digest: model.digest,
    },
    data: values.data,
    inputs: dataset.files.map(({ path, bytes, rows }) => ({ path, bytes, rows })),
  };
}

/**
 * Refuses to go on with a run under other conditions than it was begun with.
 *
 * @throws {UsageError} `run.contradiction` when an option contradicts the manifest
 */
export function checkOptions(
  manifest: Manifest,
  values: Values<typeof scoreOptions>,
  sink: string,
): void {
  const given: [option: string, now: string | undefined, then: string | undefined][] = [
    ["--model-uri", values.modelUri, manifest.model.uri],
    ["--data", values.data, manifest.data],
    ["--key-column", values.keyColumn ?? manifest.key_column, manifest.key_column],
    ["--supersedes", values.supersedes ?? manifest.supersedes, manifest.supersedes],
    ["--environment", values.environment, manifest.environment],
    ["--pipeline", values.pipeline, manifest.pipeline],
    ["the destination", sink, manifest.sink],
    [
      "--scheduled-time",
      values.scheduledTime?.toISOString() ?? manifest.scored_at,
      manifest.scored_at,
    ],
  ];
  const differing = given.filter(([, now, then]) => now !== then);
  if (differing.length === 0) return;
  throw new UsageError({
    code: "run.contradiction",
    cannot: `resume run ${manifest.run_id}`,
    found: differing
      .map(([option, now, then]) =>
        `${option} is ${now ?? "not set"}, but the run was begun with ${then ?? "none"}`
      )
      .join("; "),
    todo: "Use the same options, or start a new run with another --run-id (and --supersedes)",
  });
}

/**
 * Compares the inputs with those the run was begun with; new files are left for a new run.
 *
 * @returns paths of files that are new since
 * @throws {DataError} `run.input-changed` when one changed or is gone
 */
export function checkInputs(manifest: Manifest, dataset: Dataset): string[] {
  const now = new Map(dataset.files.map((file) => [file.path, file]));
  for (const input of manifest.inputs) {
    const file = now.get(input.path);
    if (file?.bytes === input.bytes && file.rows === input.rows) continue;
    throw new DataError({
      code: "run.input-changed",
      cannot: `resume run ${manifest.run_id}`,
      found: file === undefined
        ? `${input.path} is gone`
        : `${input.path} has changed: ${file.bytes} bytes and ${file.rows} rows instead of ` +
          `${input.bytes} and ${input.rows}`,
      todo: "Restore the file, or score the new data as a new run with another --run-id",
      place: { file: input.path },
    });
  }
  const known = new Set(manifest.inputs.map((input) => input.path));
  return dataset.files.map((file) => file.path).filter((path) => !known.has(path));
}
