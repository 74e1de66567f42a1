/**
 * Our pipelines with the embedded defaults.
 *
 * @module
 */

import assert from "node:assert/strict";
import { collector } from "../tracing/collector.ts";
import { execute, statuses, stepOf } from "./run.ts";

const ROWS = 965;
const SMALL = ["--set=NEstimators=5"];

Deno.test("both pipelines on the flights, on embedded defaults", async (t) => {
  const output = await Deno.makeTempDir();
  const trained = await execute(output, ["training", ...SMALL]);

  await t.step("training promotes a champion; the other branch is not chosen", async () => {
    assert.equal(trained.code, 0, trained.log);
    assert.deepEqual(statuses(trained), {
      DataQuality: "Succeeded",
      Train: "Succeeded",
      Evaluate: "Succeeded",
      GoodEnough: "Succeeded",
      Register: "Succeeded",
      Reject: "NotChosen",
      NotGoodEnough: "NotChosen",
    });
    const page = await Deno.readTextFile(`${trained.folder}/index.html`);
    assert.match(page, /<svg/);
    assert.match(page, /roc_auc 0\.\d+/);
    assert.ok(page.includes('href="steps/Train/attempt-1/algo-1.log"'));
  });

  const scoring = ["inference", "--set=OnViolation=quarantine"] as const;
  const scored = await execute(output, scoring);
  await t.step("inference checks the day, scores it and completes the run", async () => {
    assert.equal(scored.code, 0, scored.log);
    assert.equal(statuses(scored)["Complete"], "Succeeded");
    const lines = await predictions(`${output}/predictions/2013-10-02T06:00:00Z`);
    assert.equal(lines.length, ROWS);
  });

  await t.step("the same slot again publishes nothing", async () => {
    const again = await execute(output, scoring);
    assert.equal(again.code, 0, again.log);
    assert.equal((await predictions(`${output}/predictions/2013-10-02T06:00:00Z`)).length, ROWS);
  });

  await t.step(
    "a day that has drifted, where none may, is not scored, and the reason is told",
    async () => {
      const args = ["--set=RunId=drifted", "--set=OnDrift=fail"];
      const unfit = await execute(output, ["inference", ...args]);
      assert.equal(unfit.code, 5, unfit.log);
      assert.equal(statuses(unfit)["Check"], "Succeeded");
      assert.equal(statuses(unfit)["Score"], "NotChosen");
      assert.match(stepOf(unfit, "UnfitData").reason ?? "", /has moved: its stability index is/);
      await assert.rejects(Deno.stat(`${output}/predictions/drifted`));
    },
  );

  await t.step(
    "a gate that is not met ends in the Fail step, with the reason and exit 5",
    async () => {
      const failed = await execute(output, ["training", ...SMALL, "--set=MinAccuracy=0.99"]);
      assert.equal(failed.code, 5, failed.log);
      assert.equal(failed.status, "Failed");
      assert.equal(statuses(failed)["Reject"], "Succeeded");
      assert.equal(statuses(failed)["Register"], "NotChosen");
      assert.match(stepOf(failed, "NotGoodEnough").reason ?? "", /accuracy .* 0\.99/);
    },
  );

  await t.step(
    "a day that is not there fails its check with the job's reason and exit code",
    async () => {
      const failed = await execute(output, ["inference", "--scheduled-time=2013-12-24T06:00:00Z"]);
      assert.equal(failed.code, 3, failed.log);
      assert.match(stepOf(failed, "Check").reason ?? "", /day=2013-12-23.*exit code: 3/s);
      assert.equal(statuses(failed)["Score"], "NotStarted");
    },
  );
});

Deno.test("the test data: what must come out comes out, and corrupted it fails", async (t) => {
  const output = await Deno.makeTempDir();
  await t.step("training ends within 0.01 of the best accuracy there can be", async () => {
    const trained = await execute(output, ["training", "--test-data"]);
    assert.equal(trained.code, 0, trained.log);
  });
  await t.step("every row of the day is scored, and all jobs are one trace", async () => {
    await using traces = collector();
    const trace = "ab".repeat(16);
    const scored = await execute(
      output,
      ["inference", "--test-data", "--pass-env=TRACEPARENT"],
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
        TRACEPARENT: `00-${trace}-${"cd".repeat(8)}-01`,
      },
    );
    assert.equal(scored.code, 0, scored.log);
    const lines = await predictions(`${output}/predictions/2026-01-02T06:00:00Z`);
    assert.equal(lines.length, 1000);
    const jobs = traces.take().map(({ resource, spans }) => ({
      of: resource["deployment.environment.name"],
      name: spans[0]?.name,
      traces: [...new Set(spans.map(({ traceId }) => traceId))],
    }));
    const job = (name: string) => ({ of: "local", name, traces: [trace] });
    const names = ["inference check", "score", "inference runs complete"];
    assert.deepEqual(jobs, names.map(job));
  });
  await t.step("with labels that mean nothing the gate is not met", async () => {
    const failed = await execute(output, ["training", "--test-data", "--corrupt"]);
    assert.equal(failed.code, 5, failed.log);
    assert.equal(statuses(failed)["NotGoodEnough"], "Failed");
  });
});

async function predictions(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ndjson")) continue;
    lines.push(...(await Deno.readTextFile(`${folder}/${name}`)).trim().split("\n"));
  }
  return lines;
}
