import assert from "node:assert/strict";
import { modelMetricLine, runMetricLine } from "./metric_line.ts";

const point = { key: "auc", value: 0.75, timestamp: 1795439494832 };
const dataset = { name: "train", digest: "39f75d07" };

Deno.test("metric lines are those of Python's file store", () => {
  assert.equal(runMetricLine({ ...point, step: 3 }), "1795439494832 0.75 3\n");
  assert.equal(runMetricLine({ ...point, dataset }), "1795439494832 0.75 0 train 39f75d07\n");
  assert.equal(modelMetricLine(point, "r1"), "1795439494832 0.75 0 r1\n");
  assert.equal(
    modelMetricLine({ ...point, dataset }, "r1"),
    "1795439494832 0.75 0 r1 train 39f75d07\n",
  );
});

Deno.test("metric lines spell the special numbers as Python's float() reads them", () => {
  const values = [NaN, Infinity, -Infinity, -0, 1e21, 5e-324].map((value) =>
    runMetricLine({ ...point, value }).split(" ")[1]
  );
  assert.deepEqual(values, ["nan", "inf", "-inf", "-0.0", "1e+21", "5e-324"]);
});

Deno.test("a dataset that would make the line unreadable to Python is left out", () => {
  const spaced = { ...point, dataset: { ...dataset, name: "train set" } };
  assert.equal(runMetricLine(spaced), "1795439494832 0.75 0\n");
  assert.equal(runMetricLine({ ...point, step: 2, dataset }), "1795439494832 0.75 2\n");
});
