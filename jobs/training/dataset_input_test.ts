import assert from "node:assert/strict";
import { datasetInput } from "./dataset_input.ts";

Deno.test("datasetInput() names the source as MLflow's own sources do", () => {
  const of = (uri: string) => {
    const dataset = {
      uri,
      files: [],
      rows: 3,
      fields: [],
      unsupported: [],
      batches: () => (async function* () {})(),
    };
    const input = { context: "training", name: "days", dataset, digest: "d", rows: 2 } as const;
    const { sourceType, source } = datasetInput(input);
    return [sourceType, source];
  };
  assert.deepEqual(of("data/days"), ["local", { uri: "data/days" }]);
  assert.deepEqual(of("s3://bucket/days/"), ["s3", { uri: "s3://bucket/days/" }]);
  assert.deepEqual(of("https://h/day.parquet"), ["http", { url: "https://h/day.parquet" }]);
});
