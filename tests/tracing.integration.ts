/** Traces of the jobs, as a collector of OTLP over HTTP gets them. */

import assert from "node:assert/strict";
import { task } from "./job/task.ts";
import { collector, type ReceivedSpan } from "./tracing/collector.ts";

const FLIGHTS = "examples/flights";

Deno.test("a training and a scoring are one trace, phase by phase, when an endpoint is set", async (t) => {
  const folder = await Deno.makeTempDir();
  await using received = collector();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: received.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    TRACEPARENT: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`,
  };
  const train = (args: readonly string[], more: Record<string, string> = {}) =>
    task("train", [
      ...[`--config=${FLIGHTS}/config.json`, "--n-estimators=2", `--tracking-uri=${folder}/mlruns`],
      ...[`--output=${folder}/out`, ...args],
    ], { ...env, ...more });

  await t.step("train", async () => {
    const { code, log, summary } = await train([]);
    assert.equal(code, 0, log);
    const [request, ...others] = received.take();
    assert.deepEqual(others, []);
    assert.equal(request?.path, "/v1/traces");
    assert.equal(request?.headers.get("x-key"), "a b");
    assert.equal(request?.resource["service.name"], "training");
    assert.equal(request?.resource["deployment.environment.name"], "test");
    const spans = request?.spans ?? [];
    const root = rootOf(spans);
    assert.deepEqual([root.name, root.parentSpanId], ["train", "cd".repeat(8)]);
    assert.equal(root.attributes["mlflow_run"], summary["run_id"]);
    const phases = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
    assert.deepEqual(phases.map(({ name }) => name), [
      ...["read data", "start run", "grow forest", "measure", "log model", "judge and register"],
      "promote",
    ]);
    for (const { begun, ended, traceId } of phases) {
      assert.ok(root.begun <= begun && begun <= ended && ended <= root.ended);
      assert.equal(traceId, "ab".repeat(16));
    }
    for (const line of log.trimEnd().split("\n")) {
      assert.equal(JSON.parse(line).trace_id, "ab".repeat(16), line);
    }
  });

  await t.step("score", async () => {
    const { code, log } = await task("score", [
      ...[`--data=${FLIGHTS}/score/day=2013-10-01`, `--model-uri=${folder}/out/model`],
      ...["--run-id=day1", `--run-state=${folder}/runs`, `--output=${folder}/predictions`],
    ], env);
    assert.equal(code, 0, log);
    const spans = received.take().flatMap((request) => request.spans);
    const root = rootOf(spans);
    assert.deepEqual([root.name, root.attributes["run"]], ["score", "day1"]);
    const phases = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
    assert.deepEqual(phases.map(({ name }) => name), [
      ...["settle run", "load model", "publish shard", "complete run"],
    ]);
    const { shard, rows, accepted } = phases[2]?.attributes ?? {};
    assert.deepEqual([shard, rows, accepted], [0, 965, 965]);
  });

  await t.step("what fails is an error with its code", async () => {
    const { code } = await train([`--train-data=${folder}/none`]);
    const spans = received.take().flatMap((request) => request.spans);
    assert.equal(spans.length, 2);
    for (const { attributes, status } of spans) {
      assert.equal(status.code, 2);
      assert.match(status.message ?? "", /^Cannot read /);
      assert.match(`${attributes["error.type"]}`, /^data\./);
    }
    assert.notEqual(code, 0);
  });

  await t.step("a collector that is away or refuses costs a warning, no job", async () => {
    received.answer = 400;
    for (const endpoint of [received.endpoint, "http://127.0.0.1:1024"]) {
      const { code, log } = await train([], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
      assert.ok(code === 0 || code === 5, log);
      assert.match(log, /the trace could not be sent.*(answered 400|127.0.0.1:1024: )/);
    }
  });

  await t.step("what is no collector's address is told before anything is done", async () => {
    const wrong = await train([], { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" });
    assert.equal(wrong.code, 2);
    assert.match(wrong.log, /tracing\.endpoint/);
    const grpc = await train([], { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    assert.match(grpc.log, /tracing\.protocol/);
  });
  await Deno.remove(folder, { recursive: true });
});

function rootOf(spans: readonly ReceivedSpan[]): ReceivedSpan {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const [root, ...others] = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId));
  assert.ok(root);
  assert.deepEqual(others, []);
  return root;
}
