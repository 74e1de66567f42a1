/**
 * Runs of the file store: `<experiment>/<run>/` with `meta.yaml` and a file per param, metric and tag.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { logBatches, wireTags } from "../log_batch.ts";
import { checkKey, checkRunId } from "../names.ts";
import type { DatasetInput, Metric, Run, RunData, RunStatus } from "../store.ts";
import { paramChanged, runUnknown } from "../store_errors.ts";
import { toFileUri } from "./artifacts.ts";
import { createFolder, exists, listNames, locked, readText, writeFile } from "./disk.ts";
import { artifactHome, type Experiment, listExperiments } from "./experiments.ts";
import { changeMeta } from "./meta.ts";
import { modelMetricLine, runMetricLine } from "./metric_line.ts";
import { readMeta, renderMeta } from "../yaml.ts";

/** A run and where it is. */
export interface StoredRun extends Run {
  readonly folder: string;
  readonly experiment: Experiment;
}

/** `RunStatus` of `mlflow/protos/service.proto`. */
const STATUS = { RUNNING: 1, FINISHED: 3, FAILED: 4, KILLED: 5 } as const;
/** `SourceType.LOCAL` of the same file. */
const SOURCE_LOCAL = 4;
const RUN_NAME = "mlflow.runName";

/** See {@linkcode TrackingStore.startRun}. */
export async function createRun(
  root: string,
  run: { experimentId: string; name: string; tags: Readonly<Record<string, string>> },
): Promise<Run> {
  const experiment = (await listExperiments(root)).find(({ id }) => id === run.experimentId);
  if (experiment === undefined || experiment.deleted) throw unknownExperiment(run.experimentId);
  const tags = wireTags({ ...run.tags, [RUN_NAME]: run.name });
  const id = crypto.randomUUID().replaceAll("-", "");
  const folder = join(experiment.folder, id);
  const artifactUri = toFileUri(join(await artifactHome(experiment), id, "artifacts"));
  const meta = renderMeta({
    artifact_uri: artifactUri,
    deleted_time: null,
    end_time: null,
    entry_point_name: "",
    experiment_id: experiment.id,
    lifecycle_stage: "active",
    run_id: id,
    run_name: run.name,
    source_name: "",
    source_type: SOURCE_LOCAL,
    source_version: "",
    start_time: Date.now(),
    status: STATUS.RUNNING,
    tags: [],
    user_id: run.tags["mlflow.user"] ?? "",
  });
  await createFolder(root, folder, [
    { path: "meta.yaml", content: meta },
    ...tags.map(({ key, value }) => ({ path: `tags/${key}`, content: value })),
  ], ["metrics", "params", "artifacts"]);
  return { id, experimentId: experiment.id, name: run.name, artifactUri, status: "RUNNING" };
}

/** See {@linkcode TrackingStore.run}. */
export async function findRun(root: string, id: string): Promise<StoredRun> {
  checkRunId(id);
  for (const experiment of await listExperiments(root)) {
    const folder = join(experiment.folder, id);
    const text = await readText(join(folder, "meta.yaml"));
    if (text === undefined) continue;
    const meta = readMeta(text);
    return {
      id,
      experimentId: experiment.id,
      name: meta["run_name"] ?? "",
      artifactUri: meta["artifact_uri"] ?? toFileUri(join(folder, "artifacts")),
      status: statusOf(meta["status"]),
      folder,
      experiment,
    };
  }
  throw runUnknown(id, root);
}

/** See {@linkcode TrackingStore.runsTagged}. */
export async function findTagged(
  root: string,
  experimentId: string,
  key: string,
  value: string,
): Promise<Run[]> {
  checkKey("tag", key);
  const experiment = (await listExperiments(root)).find(({ id }) => id === experimentId);
  const found: { readonly run: Run; readonly started: number }[] = [];
  for (const id of experiment === undefined ? [] : await listNames(experiment.folder, "folders")) {
    const folder = join(experiment?.folder ?? "", id);
    if (await readText(join(folder, "tags", key)) !== value) continue;
    const meta = readMeta(await readText(join(folder, "meta.yaml")) ?? "{}");
    if (meta["run_id"] !== id || meta["lifecycle_stage"] === "deleted") continue;
    found.push({ run: plainRun(await findRun(root, id)), started: Number(meta["start_time"]) });
  }
  return found.sort((a, b) => b.started - a.started).map(({ run }) => run);
}

/** See {@linkcode TrackingStore.resumeRun}. */
export async function reopenRun(root: string, id: string): Promise<Run> {
  return await locked(root, async () => {
    const run = await findRun(root, id);
    await changeMeta(root, metaFile(run), { status: STATUS.RUNNING, end_time: null });
    return { ...plainRun(run), status: "RUNNING" };
  });
}

/** The run without where it is. */
export function plainRun({ id, experimentId, name, artifactUri, status }: Run): Run {
  return { id, experimentId, name, artifactUri, status };
}

/** See {@linkcode TrackingStore.log}. */
export async function logToRun(root: string, id: string, data: RunData): Promise<void> {
  await locked(root, () => logLocked(root, id, data));
}

async function logLocked(root: string, id: string, data: RunData): Promise<void> {
  const run = await findRun(root, id);
  for (const batch of logBatches({ ...data, metrics: [] })) {
    for (const { key, value } of batch.params) await writeParam(root, run, key, value);
    for (const { key, value } of batch.tags) {
      await writeFile(root, join(run.folder, "tags", key), value);
    }
  }
  const name = data.tags?.[RUN_NAME];
  if (name !== undefined) await changeMeta(root, metaFile(run), { run_name: name });
  await addMetrics(root, run, data.metrics ?? []);
}

/** See {@linkcode TrackingStore.endRun}. */
export async function finishRun(
  root: string,
  id: string,
  status: Exclude<RunStatus, "RUNNING">,
): Promise<void> {
  await locked(root, async () => {
    const run = await findRun(root, id);
    await changeMeta(root, metaFile(run), { status: STATUS[status], end_time: Date.now() });
  });
}

/** See {@linkcode TrackingStore.logInput}. */
export async function addInput(root: string, id: string, input: DatasetInput): Promise<void> {
  const run = await findRun(root, id);
  const dataset = md5(input.name + input.digest);
  await createFolder(root, join(run.experiment.folder, "datasets", dataset), [{
    path: "meta.yaml",
    content: renderMeta({
      digest: input.digest,
      name: input.name,
      profile: input.profile === undefined ? null : JSON.stringify(input.profile),
      schema: input.schema === undefined ? null : JSON.stringify(input.schema),
      source: JSON.stringify(input.source),
      source_type: input.sourceType,
    }),
  }]);
  await createFolder(root, join(run.folder, "inputs", md5(dataset + id)), [{
    path: "meta.yaml",
    content: renderMeta({
      destination_id: dataset,
      destination_type: "RUN",
      source_id: dataset,
      source_type: "DATASET",
      tags: { "mlflow.data.context": input.context },
    }),
  }]);
}

async function writeParam(root: string, run: Run & StoredRun, key: string, value: string) {
  const path = join(run.folder, "params", key);
  const known = await readText(path);
  if (known === value) return;
  if (known === undefined) return await writeFile(root, path, value);
  const [is, wanted] = [known.slice(0, 80), value.slice(0, 80)];
  throw paramChanged(run.id, `the param "${key}" is "${is}" already, not "${wanted}"`);
}

/**
 * The same point again is left out, as a server does. The file is replaced as a whole: what dies while
 * it appends may leave half a line, at which Python would give up.
 */
async function addMetrics(root: string, run: StoredRun, metrics: readonly Metric[]): Promise<void> {
  for (const { key } of metrics) checkKey("metric", key);
  const lines = new Map<string, Set<string>>();
  const add = (path: string, line: string) => {
    const known = lines.get(path) ?? new Set();
    lines.set(path, known.add(line));
  };
  for (const metric of metrics) {
    add(join(run.folder, "metrics", metric.key), runMetricLine(metric));
    if (metric.modelId === undefined) continue;
    const model = join(run.experiment.folder, "models", metric.modelId);
    if (!(await exists(model))) throw unknownModel(metric.modelId);
    add(join(model, "metrics", metric.key), modelMetricLine(metric, run.id));
  }
  for (const [path, added] of lines) {
    const before = await readText(path) ?? "";
    const known = new Set(before.split(/(?<=\n)/));
    const text = [...added].filter((line) => !known.has(line)).join("");
    if (text !== "") await writeFile(root, path, before + text);
  }
}

function metaFile({ folder }: StoredRun): string {
  return join(folder, "meta.yaml");
}

function statusOf(code: string | undefined): RunStatus {
  const known = Object.entries(STATUS).find(([, value]) => String(value) === code)?.[0];
  return known === "FINISHED" || known === "FAILED" || known === "KILLED" ? known : "RUNNING";
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function unknownExperiment(id: string): UsageError {
  return new UsageError({
    code: "mlflow.experiment-unknown",
    cannot: "start a run",
    found: `there is no active experiment with the id "${id}"`,
    todo: "Use an id that the store gave",
  });
}

function unknownModel(id: string): UsageError {
  return new UsageError({
    code: "mlflow.model-unlogged",
    cannot: "log a metric of a logged model",
    found: `the run's experiment has no model "${id}"`,
    todo: "Log the model first",
  });
}
