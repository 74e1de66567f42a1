import assert from "node:assert/strict";
import { readDefinition } from "./definition.ts";
import { dependenciesOf } from "./graph.ts";
import { layers } from "./graph_picture.ts";
import { page } from "./page.ts";
import type { ExecutionRecord } from "./record.ts";

const DEFINITION = readDefinition(
  JSON.stringify({
    Version: "2020-12-01",
    Steps: [
      { Name: "A", Type: "Processing" },
      { Name: "B", Type: "Processing", DependsOn: ["A"] },
      { Name: "C", Type: "Processing", DependsOn: ["A", "B"] },
      { Name: "D", Type: "Processing", DependsOn: ["A"], DisplayName: "<script>d</script>" },
    ],
  }),
  "d",
);
const RECORD: ExecutionRecord = {
  pipeline: "p<img>",
  execution: "abc",
  status: "Failed",
  started: "2026-01-01T00:00:00.000Z",
  ended: "2026-01-01T00:00:05.000Z",
  parameters: { X: "</td>" },
  steps: [{
    name: "A",
    type: "Processing",
    status: "Failed",
    reason: "<b>&",
    logs: ["steps/A/a.log"],
  }],
};

Deno.test("layers() puts every step below what it waits for", () => {
  const dependencies = dependenciesOf(DEFINITION);
  assert.deepEqual(layers(["A", "B", "C", "D"], dependencies), [["A"], ["B", "D"], ["C"]]);
});

Deno.test("page() shows what a job says as text, links its logs, and loads nothing", () => {
  const html = page(RECORD, DEFINITION, dependenciesOf(DEFINITION));
  assert.doesNotMatch(html, /<script|<img|<b>&|src=|url\(|@import/);
  assert.ok(html.includes("&#60;b&#62;&#38;"));
  assert.ok(html.includes('href="steps/A/a.log"'));
  assert.equal(html.match(/<rect/g)?.length, 4);
  // A to C is implied by A to B to C.
  assert.equal(html.match(/<path/g)?.length, 3);
});
