import assert from "node:assert/strict";
import { startTracing } from "./start.ts";

const started = (variables: Record<string, string>) =>
  startTracing("training", (name) => variables[name]);

Deno.test("a blank endpoint, as a definition gives it for none, starts no tracing", async () => {
  for (const blank of ["", " "]) {
    assert.equal(await started({ OTEL_EXPORTER_OTLP_ENDPOINT: blank }), undefined);
  }
});

Deno.test("what is no address of a collector is refused, by the variable's name", async () => {
  await assert.rejects(started({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }), {
    code: "tracing.endpoint",
    message: /"collector:4318" is no address/,
  });
});
