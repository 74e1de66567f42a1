import assert from "node:assert/strict";
import inferenceJson from "./golden/inference.json" with { type: "json" };
import { inferenceGolden } from "./golden/inference_pipeline.ts";
import trainingJson from "./golden/training.json" with { type: "json" };
import { trainingGolden } from "./golden/training_pipeline.ts";
import { type Pipeline, templateOf } from "./mod.ts";

/** The order of keys aside, and without the empty objects and lists that AWS's SDK leaves behind. */
function normalise(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(normalise);
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).map(([name, value]) => [name, normalise(value)] as const);
  return Object.fromEntries(
    entries.filter(([, value]) =>
      typeof value !== "object" || value === null || Object.keys(value).length > 0
    ),
  );
}

function assertReproduces(pipeline: Pipeline, golden: unknown): void {
  assert.deepEqual(normalise(JSON.parse(templateOf(pipeline))), normalise(golden));
}

Deno.test("the language reproduces the training pipeline of AWS's Python SDK", () => {
  assertReproduces(trainingGolden, trainingJson);
});

Deno.test("the language reproduces the inference pipeline of AWS's Python SDK", () => {
  assertReproduces(inferenceGolden, inferenceJson);
});

Deno.test("templateOf() gives the same text every time", () => {
  assert.equal(templateOf(trainingGolden), templateOf(trainingGolden));
});
