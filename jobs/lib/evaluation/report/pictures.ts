import {
  histogram,
  lineChart,
  matrixChart,
  MOST_MATRIX_CLASSES,
  type Picture,
} from "../charts/mod.ts";
import type { Point } from "../curves.ts";
import type { EvaluationDetails, ReportContent } from "./content.ts";
import { metricName } from "./format.ts";

/** Classes whose curves are drawn. */
const MOST_CURVES = 6;
const PART = [0, 1] as const;

/** The pictures of an evaluation by name, as far as they apply. */
export function evaluationPictures(content: ReportContent): Readonly<Record<string, Picture>> {
  return {
    ...(content.report.objective === "classification" ? classification(content) : {}),
    ...(content.details.residuals === undefined ? {} : regression(content.details.residuals)),
    ...byTrees(content),
  };
}

function classification(
  { report, details, champion }: ReportContent,
): Readonly<Record<string, Picture>> {
  if (report.objective !== "classification") return {};
  const { per_class, confusion_matrix, calibration } = report;
  const names = per_class.map((each) => String(each.class));
  const binary = names.length === 2;
  const observed = calibration.flatMap(({ predicted, observed }): Point[] =>
    predicted === null || observed === null ? [] : [[predicted, observed]]
  );
  return {
    ...(binary
      ? binaryCurves(details, champion, (per_class[1]?.support ?? 0) / report.rows)
      : perClassCurves(details)),
    calibration: lineChart({
      title: "Calibration",
      x: {
        label: binary ? `predicted probability of ${names[1]}` : "predicted probability",
        range: PART,
      },
      y: { label: "observed frequency", range: PART },
      series: [{ name: "this model", of: "ours", points: observed, dots: true }],
      guide: [[0, 0], [1, 1]],
    }),
    ...(names.length > MOST_MATRIX_CLASSES
      ? {}
      : { confusion: { ...matrixChart(confusion_matrix, names), title: "Confusion matrix" } }),
  };
}

/** Both curves of the second class, with the champion's behind them. @param share of its rows */
function binaryCurves(
  details: EvaluationDetails,
  champion: ReportContent["champion"],
  share: number,
): Record<string, Picture> {
  const points = (kind: "roc" | "precisionRecall", of: EvaluationDetails | undefined) =>
    of?.curves[0]?.[kind] ?? [];
  const series = (kind: "roc" | "precisionRecall") => [
    ...(champion?.details === undefined ? [] : [
      {
        name: `version ${champion.version}`,
        of: "theirs",
        points: points(kind, champion.details),
      } as const,
    ]),
    { name: "this model", of: "ours", points: points(kind, details) } as const,
  ];
  return {
    ...(points("roc", details).length === 0 ? {} : {
      roc: lineChart({
        title: "ROC curve",
        x: { label: "false positive rate", range: PART },
        y: { label: "true positive rate", range: PART },
        series: series("roc"),
        guide: [[0, 0], [1, 1]],
      }),
    }),
    ...(points("precisionRecall", details).length === 0 ? {} : {
      precision_recall: lineChart({
        title: "Precision and recall",
        x: { label: "recall", range: PART },
        y: { label: "precision", range: PART },
        series: series("precisionRecall"),
        guide: [[0, share], [1, share]],
      }),
    }),
  };
}

/** One picture a class that has a curve, in the order of the model, of the first few. */
function perClassCurves({ curves }: EvaluationDetails): Readonly<Record<string, Picture>> {
  const drawn = curves.filter(({ roc }) => roc.length > 0).slice(0, MOST_CURVES);
  return Object.fromEntries(drawn.map(({ class: name, roc }, index) => [
    `roc_${index + 1}`,
    lineChart({
      title: `ROC curve of ${name}`,
      x: { label: "false positive rate", range: PART },
      y: { label: "true positive rate", range: PART },
      series: [{ name, of: "ours", points: roc }],
      guide: [[0, 0], [1, 1]],
    }),
  ]));
}

function regression(
  { histogram: bins, calibration }: NonNullable<EvaluationDetails["residuals"]>,
): Readonly<Record<string, Picture>> {
  const points = calibration.map(({ predicted, observed }): Point => [predicted, observed]);
  const values = points.flat();
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return {
    predicted_observed: lineChart({
      title: "Predicted and true values",
      x: { label: "predicted" },
      y: { label: "true" },
      series: [{ name: "this model", of: "ours", points, dots: true }],
      guide: [[least, least], [most, most]],
    }),
    residuals: histogram({ title: "Residuals", x: { label: "true minus predicted" }, bins }),
  };
}

function byTrees(
  { details: { byTrees }, training, report }: ReportContent,
): Record<string, Picture> {
  const bag = training?.out_of_bag?.by_trees ?? [];
  const chart = (title: string, label: string, points: readonly Point[]) =>
    lineChart({
      title,
      x: { label: "trees" },
      y: { label },
      series: [{ name: label, of: "ours", points }],
    });
  const score = report.objective === "classification" ? "accuracy" : "r2";
  const held = byTrees === undefined ? "" : metricName(byTrees.metric);
  return {
    ...(byTrees === undefined || byTrees.points.length < 2
      ? {}
      : { by_trees: chart(`${held} by number of trees`, held, byTrees.points) }),
    ...(bag.length < 2
      ? {}
      : { out_of_bag: chart(`${metricName(score)}, out of bag`, metricName(score), bag) }),
  };
}
