/**
 * What an evaluation leaves in MLflow: metrics of the model on its rows, and the files about it.
 *
 * @module
 */

import type { EvaluationDetails, EvaluationReport } from "../lib/evaluation/mod.ts";
import {
  type Artifact,
  type LoggedModel,
  type Metric,
  type Store,
  toKey,
} from "../lib/mlflow/mod.ts";
import { jsonArtifact, textArtifact } from "./artifact.ts";
import { datasetInput } from "./dataset_input.ts";
import { CARD_FILE, EVALUATION_FILE } from "./evaluation_file.ts";
import { type Evaluated, type Report, REPORT_FILE } from "./report.ts";

/** What is logged. */
export interface EvaluationToLog {
  readonly evaluated: Evaluated;
  /** The model in MLflow that was measured. */
  readonly model: LoggedModel;
  readonly files: EvaluationFiles;
}

/** What is written of an evaluation. */
export interface EvaluationFiles {
  /** Content of `evaluation.json`. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly report: Report;
}

/** Logs an evaluation to a run. */
export async function logEvaluation(
  store: Store,
  runId: string,
  { evaluated: { measurement, input, details }, model, files }: EvaluationToLog,
): Promise<void> {
  const timestamp = Date.now();
  const shared = {
    timestamp,
    dataset: { name: input.name, digest: input.digest },
    ...(model.id === undefined ? {} : { modelId: model.id }),
  };
  const { report } = measurement;
  const metrics = Object.entries({ ...report.metrics, ...classMetrics(report) })
    .map(([key, value]): Metric => ({ key, value, step: 0, ...shared }));
  const logNumbers = async () => {
    await store.logInput(runId, datasetInput(input));
    const points = [...metrics, ...curve(details, timestamp)];
    await store.log(runId, { metrics: points, tags: noteOf(files) });
  };
  await Promise.all([logNumbers(), store.logArtifacts(runId, artifactsOf(files))]);
}

/** Logs the files of an evaluation, in the place of earlier ones, and the card as the run's note. */
export async function logEvaluationFiles(
  store: Store,
  runId: string,
  files: EvaluationFiles,
): Promise<void> {
  await store.logArtifacts(runId, artifactsOf(files));
  await store.log(runId, { tags: noteOf(files) });
}

function artifactsOf({ content, report }: EvaluationFiles): Artifact[] {
  return [
    jsonArtifact(EVALUATION_FILE, content),
    textArtifact(REPORT_FILE, report.page),
    textArtifact(CARD_FILE, report.card),
    ...report.artifacts,
  ];
}

function noteOf({ report }: EvaluationFiles): Record<string, string> {
  return { "mlflow.note.content": report.card };
}

/** Classes that have metrics of their own in MLflow; all are in the files. */
const MOST_CLASSES = 50;

/** Grouped by class, as MLflow's charts group by what stands before a slash. */
function classMetrics(report: EvaluationReport): Record<string, number> {
  if (report.objective !== "classification") return {};
  return Object.fromEntries(
    report.per_class.slice(0, MOST_CLASSES).flatMap(({ class: name, support: _, ...scores }) =>
      Object.entries(scores).flatMap(([metric, value]): [string, number][] =>
        value === null ? [] : [[toKey(`class ${name}/${metric}`), value]]
      )
    ),
  );
}

/** The score with the first trees, as steps of one metric. */
function curve({ byTrees }: EvaluationDetails, timestamp: number): Metric[] {
  if (byTrees === undefined) return [];
  const key = `${byTrees.metric}_by_tree`;
  return byTrees.points.map(([step, value]) => ({ key, value, step, timestamp }));
}
