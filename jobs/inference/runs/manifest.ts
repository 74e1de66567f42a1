/**
 * What a run is begun with, and whether an attempt goes on under the same conditions.
 *
 * @module
 */
import { DataError, DependencyError, UsageError } from "../../lib/errors.ts";
import type { ResolvedModel } from "../../lib/mlflow/mod.ts";
import type { Destination } from "../../lib/publishing/mod.ts";
import { assignInputs } from "./assignment.ts";
import type { RunIdentity } from "./identity.ts";
import type { Input, Manifest } from "./schema.ts";

/** What an attempt was told. */
export interface Conditions {
  readonly run: RunIdentity;
  readonly supersedes: string | undefined;
  readonly scheduledTime: Date | undefined;
  readonly environment: string;
  readonly pipeline: string;
  readonly keyColumn: string | undefined;
  /** What rows do that break a rule; undefined where nothing was said. */
  readonly onViolation: "fail" | "warn" | "quarantine" | undefined;
  readonly modelUri: string;
  /** Of a partition, at a slot. */
  readonly dataAt: (slot: Date) => string;
}

/** The manifest of a run's first attempt. */
export function firstManifest(
  { run, supersedes, environment, pipeline, keyColumn, onViolation, modelUri, dataAt }: Conditions,
  model: ResolvedModel,
  inputs: readonly Input[],
  destination: Destination,
): Manifest {
  return {
    version: 1,
    run_id: run.id,
    ...(supersedes === undefined ? {} : { supersedes }),
    scored_at: run.slot.toISOString(),
    environment,
    pipeline,
    sink: {
      uri: destination.uri,
      ...(destination.partitions === undefined ? {} : { partitions: destination.partitions }),
    },
    ...(keyColumn === undefined ? {} : { key_column: keyColumn }),
    ...(onViolation === "quarantine" ? { on_violation: onViolation } : {}),
    model: {
      uri: modelUri,
      resolved: modelUri.startsWith("models:/")
        ? `models:/${model.name}/${model.version}`
        : modelUri,
      name: model.name,
      version: model.version,
      digest: model.digest,
    },
    data: dataAt(run.slot),
    inputs: [...inputs],
    shards: assignInputs(inputs.map(({ rows }) => rows), run.shards.count),
  };
}

/**
 * Refuses to go on with a run under other conditions than it was begun with.
 *
 * @throws {UsageError} `run.contradiction` when an option contradicts the manifest
 */
export function checkConditions(manifest: Manifest, given: Conditions): void {
  const { run, supersedes, scheduledTime, keyColumn, modelUri, onViolation } = given;
  // Whether rows are put aside decides what is published; the rest is about when to stop.
  const aside = (policy: string | undefined) => policy === "quarantine" ? policy : "no quarantine";
  const slot = new Date(manifest.scored_at);
  const { resolved } = manifest.model;
  const compared: [option: string, now: string | undefined, then: string | undefined][] = [
    ["--model-uri", modelUri === resolved ? manifest.model.uri : modelUri, manifest.model.uri],
    ["--data", given.dataAt(slot), manifest.data],
    ["--key-column", keyColumn ?? manifest.key_column, manifest.key_column],
    [
      "--on-violation",
      onViolation === undefined ? aside(manifest.on_violation) : aside(onViolation),
      aside(manifest.on_violation),
    ],
    ["--supersedes", supersedes ?? manifest.supersedes, manifest.supersedes],
    ["--environment", given.environment, manifest.environment],
    ["--pipeline", given.pipeline, manifest.pipeline],
    ["--scheduled-time", (scheduledTime ?? slot).toISOString(), slot.toISOString()],
    ["the number of shards", `${run.shards.count}`, `${manifest.shards.length}`],
  ];
  refuse(manifest, compared, "Use the same options, or start a new run with another --run-id");
}

/**
 * Refuses to go on where the predictions would go elsewhere, or keys to other partitions.
 *
 * @throws {UsageError} `run.contradiction` when it is another destination
 * @throws {DependencyError} `run.partitions-changed`
 */
export function checkDestination(manifest: Manifest, { uri, partitions = {} }: Destination): void {
  const { sink, run_id } = manifest;
  refuse(manifest, [["the destination", uri, sink.uri]], ELSEWHERE);
  for (const [topic, then] of Object.entries(sink.partitions ?? {})) {
    const now = partitions[topic];
    if (now === then) continue;
    throw new DependencyError({
      code: "run.partitions-changed",
      cannot: `go on with run ${run_id}`,
      found: `topic ${topic} has ${now ?? "no"} partitions, but had ${then} when the run was ` +
        "begun, so that keys would go on in other partitions",
      todo: "Score as a new run: deno task inference runs abandon, then runs replay",
      place: { topic },
    });
  }
}

const ELSEWHERE =
  "Give the same --output or brokers and topic, or start a new run with another --run-id";

/**
 * The same without asking the brokers, who alone know which cluster it is: a run that is complete
 * needs none.
 *
 * @param uri of a sink that is not connected
 * @throws {UsageError} `run.contradiction`
 */
export function checkSink(manifest: Manifest, uri: string): void {
  const known = (uri: string) =>
    uri.startsWith("kafka:") ? `the topic ${uri.split("/").at(-1)}` : uri;
  refuse(manifest, [["the destination", known(uri), known(manifest.sink.uri)]], ELSEWHERE);
}

/**
 * Refuses to replace a run elsewhere than where its consumers are.
 *
 * @throws {UsageError} `run.contradiction`
 */
export function checkReplayed(replayed: Manifest, { uri }: Destination): void {
  if (uri === replayed.sink.uri) return;
  throw new UsageError({
    code: "run.contradiction",
    cannot: `replay run ${replayed.run_id}`,
    found: `the predictions would go to ${uri}, but those of the run went to ${replayed.sink.uri}`,
    todo: "Give the same --output, or brokers and topic; for another destination, use score",
  });
}

/** Refuses to go on with another model. @throws {DataError} `run.model-changed` */
export function checkModel(manifest: Manifest, model: ResolvedModel): void {
  if (model.digest === manifest.model.digest) return;
  throw new DataError({
    code: "run.model-changed",
    cannot: `go on with run ${manifest.run_id}`,
    found: `${manifest.model.resolved} has the digest ${model.digest} now, and had ` +
      `${manifest.model.digest} when the run was begun`,
    todo: "Restore the model, or score as a new run with another --run-id",
    place: { file: manifest.model.resolved },
  });
}

function refuse(
  { run_id }: Manifest,
  compared: readonly [option: string, now: string | undefined, then: string | undefined][],
  todo: string,
): void {
  const differing = compared.filter(([, now, then]) => now !== then);
  if (differing.length === 0) return;
  throw new UsageError({
    code: "run.contradiction",
    cannot: `go on with run ${run_id}`,
    found: differing.map(([option, now, then]) =>
      `${option} is ${now ?? "not set"}, but the run was begun with ${then ?? "none"}`
    ).join("; "),
    todo,
  });
}
