import assert from "node:assert/strict";
import { compareRatios, regressionMarkdown } from "./compare.ts";

const BASELINE = { train: 2, score: 1, start: 0.1 };

Deno.test("a ratio that regressed is told, beside those that did not", () => {
  const found = compareRatios(BASELINE, { train: 2.2, score: 1.6, start: 0.08 }, 0.25);
  assert.deepEqual(found.filter(({ regressed }) => regressed).map(({ name }) => name), ["score"]);
  const markdown = regressionMarkdown(found, 0.25);
  assert.match(markdown, /\| train \| 2\.00 \| 2\.20 \| \+10 % \|/);
  assert.match(markdown, /\| \*\*score\*\* \| 1\.00 \| 1\.60 \| \+60 % \|/);
  assert.match(markdown, /\| start \| 0\.10 \| 0\.08 \| -20 % \|/);
});

Deno.test("noise, what is faster and what is new say nothing", () => {
  const measured = { train: 2.5, score: 0.5, start: 0.1, more: 9 };
  assert.equal(regressionMarkdown(compareRatios(BASELINE, measured, 0.25), 0.25), "");
});

Deno.test("what is not measured any more, or is no number, is a regression", () => {
  const found = compareRatios(BASELINE, { train: NaN, start: 0.1 }, 0.25);
  assert.deepEqual(
    found.filter(({ regressed }) => regressed).map(({ name }) => name),
    ["train", "score"],
  );
  assert.match(regressionMarkdown(found, 0.25), /\| \*\*score\*\* \| 1\.00 \|\s+\| not measured/);
});
