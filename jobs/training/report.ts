/**
 * The report of an evaluation: files that people read, in MLflow and beside the model.
 *
 * @module
 */

import type { FeatureSchema } from "../lib/dataset/mod.ts";
import {
  type Bar,
  barChart,
  type EvaluationDetails,
  evaluationPictures,
  renderCard,
  renderReport,
  type ReportContent,
  svgDocument,
  type TrainingFacts,
} from "../lib/evaluation/mod.ts";
import type { Artifact } from "../lib/mlflow/mod.ts";
import { textArtifact } from "./artifact.ts";
import { detailsOfOutputs } from "./details.ts";
import type { EvaluatedModel } from "./evaluation_file.ts";
import type { Judgement } from "./gate.ts";
import type { DataInput, LabelledRows } from "./held_out.ts";
import type { Measurement } from "./measure.ts";

/** Name of the report's page. */
export const REPORT_FILE = "report.html";

/** MLflow cuts a note and refuses a description beyond. */
const MOST_CARD_CHARACTERS = 4900;
const MOST_BARS = 25;

/** Everything that is known of an evaluated model. */
export interface Evaluated {
  readonly model: EvaluatedModel & { readonly version?: string | undefined };
  readonly schema: FeatureSchema;
  readonly rows: LabelledRows;
  readonly input: DataInput;
  readonly measurement: Measurement;
  readonly details: EvaluationDetails;
  readonly permutation: ReportContent["permutation"] | undefined;
  readonly training: TrainingFacts | undefined;
}

/** The files. */
export interface Report {
  /** A page of HTML. */
  readonly page: string;
  /** Markdown, short enough for a note of MLflow. */
  readonly card: string;
  /** Pictures and the numbers behind them. */
  readonly artifacts: readonly Artifact[];
}

/** Makes the report of an evaluation, with what the gate says if it was asked. */
export function reportOf(evaluated: Evaluated, judgement?: Judgement): Report {
  const content = contentOf(evaluated, judgement);
  const { details: { curves, residuals, byTrees }, permutation } = content;
  const pictures = {
    ...evaluationPictures(content),
    ...(permutation === undefined ? {} : {
      permutation_importance: barChart(
        `drop of ${permutation.metric} when shuffled`,
        permutation.importances.slice(0, MOST_BARS).map((
          { feature, importance, deviation },
        ): Bar => ({
          name: feature,
          value: importance,
          ...(deviation === undefined ? {} : { deviation }),
        })),
      ),
    }),
  };
  const json = (value: unknown) => JSON.stringify(value, null, 2) + "\n";
  const files: Readonly<Record<string, string>> = {
    "curves.json": json({ classes: curves, residuals, by_trees: byTrees }),
    ...(permutation === undefined ? {} : { "permutation_importance.json": json(permutation) }),
    ...Object.fromEntries(
      Object.entries(pictures).map((
        [name, picture],
      ) => [`pictures/${name}.svg`, svgDocument(picture)]),
    ),
  };
  return {
    page: renderReport(content),
    card: cut(renderCard(content)),
    artifacts: Object.entries(files).map(([path, text]) => textArtifact(path, text)),
  };
}

function contentOf(
  { model, schema, rows, input, measurement, details, permutation, training }: Evaluated,
  judgement: Judgement | undefined,
): ReportContent {
  const { champion, verdict } = judgement ?? {};
  return {
    model: {
      name: model.name,
      digest: model.digest,
      runId: model.runId,
      version: model.version,
      label: schema.target.label,
      features: schema.features.length,
    },
    measuredAt: new Date().toISOString(),
    data: { name: input.name, uri: input.dataset.uri, digest: input.digest },
    report: measurement.report,
    details,
    ...(champion === undefined ? {} : {
      champion: {
        ...champion,
        ...(champion.measured === undefined
          ? {}
          : { details: detailsOfOutputs(schema, champion.measured.outputs, rows.labels) }),
      },
    }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(permutation === undefined ? {} : { permutation }),
    ...(training === undefined ? {} : { training }),
  };
}

/** Cut between two paragraphs. */
function cut(text: string): string {
  if (text.length <= MOST_CARD_CHARACTERS) return text;
  const end = text.lastIndexOf("\n\n", MOST_CARD_CHARACTERS);
  return `${text.slice(0, end > 0 ? end : MOST_CARD_CHARACTERS)}\n`;
}
