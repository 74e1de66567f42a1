import assert from "node:assert/strict";
import fc from "fast-check";
import {
  compareModels,
  evaluateClassification,
  evaluateRegression,
  type EvaluationDetails,
  evaluationPictures,
  judge,
  renderCard,
  renderReport,
  type ReportContent,
  residualsOf,
  svgDocument,
  thresholdCurves,
  type TrainingFacts,
} from "../mod.ts";

Deno.test("renderReport() needs nothing but itself, whatever the data is called", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (name) => {
      const page = renderReport(classification(`${name}</script><img src=x onerror=alert(1)>"'`));
      assert.doesNotMatch(page, /<(script|img|link|iframe|object)\b/i);
      const tags = page.match(/<[a-z][^>]*>/gi)?.join("").replace(/"[^"]*"/g, "") ?? "";
      assert.doesNotMatch(tags, /\b(src|href|on\w+)=/);
      assert.doesNotMatch(page, /url\(|@import/);
      assert.equal(page.match(/https?:\/\//g)?.length ?? 0, svgs(page), "only the names of SVG");
      wellFormed(page);
    }),
    { numRuns: 25 },
  );
});

Deno.test("renderReport() tells of the model, the champion, the columns and the parameters", () => {
  const page = renderReport(classification("delay"));
  for (
    const said of [
      "Did not pass the quality gate",
      "Beside champion version 7",
      "paired bootstrap",
      "ROC curve",
      "Class by class",
      "Shuffled, on held-out rows",
      "carrier is the same in every row",
      "n_estimators",
    ]
  ) assert.ok(page.includes(said), said);
  const open = renderReport({ ...classification("delay"), ...{ verdict: undefined! } });
  assert.match(open, /Not judged/);
});

Deno.test("renderReport() draws a regression and many classes too", () => {
  const labels = Float64Array.from({ length: 300 }, (_, row) => row % 50);
  const predictions = Float32Array.from(labels, (label, row) => label + Math.sin(row) * 5);
  const regression: ReportContent = {
    ...classification("minutes"),
    report: evaluateRegression(labels, predictions),
    details: { curves: [], residuals: residualsOf(labels, predictions) },
  };
  const page = renderReport(regression);
  assert.match(page, /Predicted and true values/);
  assert.match(page, /Residuals/);
  wellFormed(page);
  const classes = Array.from({ length: 30 }, (_, index) => `class ${index}`);
  const known = Int32Array.from({ length: 300 }, (_, row) => row % 30);
  const outputs = classes.map((_, index) =>
    Float32Array.from(
      known,
      (label, row) => (label === index ? 0.5 : 0) + (row % 7 === 0 ? 0.3 : 0),
    )
  );
  const many = renderReport({
    ...classification("kind"),
    report: evaluateClassification(known, outputs, classes),
    details: details(known, outputs, classes),
  });
  assert.match(many, /Most often confused/);
  wellFormed(many);
});

Deno.test("evaluationPictures() are documents with a title and numbers only", () => {
  const pictures = evaluationPictures(classification("delay"));
  assert.deepEqual(Object.keys(pictures).sort(), [
    "by_trees",
    "calibration",
    "confusion",
    "out_of_bag",
    "precision_recall",
    "roc",
  ]);
  for (const [name, picture] of Object.entries(pictures)) {
    const svg = svgDocument(picture);
    assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ [\d.]+"/);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/, name);
    wellFormed(svg);
  }
});

Deno.test("renderCard() is markdown that names cannot break", () => {
  const card = renderCard(classification("a|b\n# c <b>`d`"));
  assert.match(card, /\*\*a\\\|b \\# c \\<b\\>\\`d\\`\*\*/);
  assert.match(card, /Did not pass the quality gate/);
  assert.match(card, /^\| ROC AUC( \| &nbsp; [\d.]+){3} \|$/m);
});

/** Everything a report can have, of a column of that name. */
function classification(label: string): ReportContent {
  const labels = Int32Array.from({ length: 400 }, (_, row) => row % 3 === 0 ? 1 : 0);
  const sample = (noise: number) => {
    const p = Float32Array.from(
      labels,
      (each, row) => Math.min(1, Math.max(0, 0.3 + 0.4 * each + noise * Math.sin(row * 12.9898))),
    );
    return [p.map((value) => 1 - value), p];
  };
  const [ours, theirs] = [sample(0.5), sample(0.3)];
  const classes = [false, true];
  const report = evaluateClassification(labels, ours, classes);
  const champion = {
    version: "7",
    metrics: evaluateClassification(labels, theirs, classes).metrics,
    comparison: compareModels("roc_auc", labels, ours, theirs),
    details: details(labels, theirs, classes),
  };
  const training: TrainingFacts = {
    created_at: "2013-10-01T06:00:00.000Z",
    seconds: 1.5,
    rows: 1600,
    parameters: { n_estimators: "100", label },
    metrics: report.metrics,
    importances: [{ feature: "distance", importance: 0.7 }, { feature: label, importance: 0.3 }],
    out_of_bag: { score: 0.8, by_trees: [[1, 0.6], [2, 0.7], [100, 0.8]] },
    data: {
      rows: 2000,
      columns: [{
        name: label,
        kind: "number",
        type: "double",
        missing: 3,
        min: 0,
        max: 1e6,
        mean: 2.5,
      }],
      findings: [{
        severity: "warning",
        code: "data.constant",
        message: "carrier is the same in every row",
        count: 2000,
      }],
      classes: [{ value: false, rows: 1500 }, { value: true, rows: 500 }],
    },
    source: { uri: `data/${label}`, digest: "d".repeat(32) },
  };
  return {
    model: { name: "flights", digest: "e".repeat(64), runId: "r", label, features: 2 },
    measuredAt: "2013-10-01T06:00:00.000Z",
    data: { name: "train (held out)", uri: "data/train", digest: "f".repeat(32) },
    report,
    details: {
      ...details(labels, ours, classes),
      byTrees: { metric: "roc_auc", points: [[1, 0.6], [2, 0.7], [3, 0.72]] },
    },
    champion,
    verdict: judge(report, { thresholds: { accuracy: { min: 2 } } }, champion),
    permutation: {
      metric: "roc_auc",
      importances: [{ feature: label, importance: 0.1, deviation: 0.01 }],
    },
    training,
  };
}

function details(
  labels: Int32Array,
  outputs: readonly Float32Array[],
  classes: readonly (string | boolean)[],
): EvaluationDetails {
  const first = classes.length === 2 ? 1 : 0;
  return {
    curves: classes.slice(first).map((name, at) => {
      const positive = Uint8Array.from(labels, (label) => label === first + at ? 1 : 0);
      return { class: String(name), ...thresholdCurves(positive, outputs[first + at]!) };
    }),
  };
}

function svgs(page: string): number {
  return page.match(/<svg/g)?.length ?? 0;
}

/** Every element that is opened is closed, in the right order. */
function wellFormed(page: string): void {
  const open: string[] = [];
  for (const [, close, name, rest] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)([^<>]*)>/gi)) {
    if (name === "meta" || name === "DOCTYPE" || rest?.endsWith("/")) continue;
    if (close === "") open.push(name!);
    else assert.equal(open.pop(), name);
  }
  assert.deepEqual(open, []);
}
