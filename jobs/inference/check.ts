/**
 * The command `inference check`: looks at a run's data before it is scored, and settles the run.
 *
 * @module
 */

import {
  type AnyCommand,
  command,
  type Container,
  type Context,
  type Outcome,
} from "../lib/command.ts";
import type { Values } from "../lib/config.ts";
import { driftThresholds } from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { madeAt } from "../lib/mlflow/mod.ts";
import { span } from "../lib/tracing/mod.ts";
import { inspect } from "./check/inspect.ts";
import { type Verdict, writeReport } from "./check/files.ts";
import { checkMetrics } from "./check/metrics.ts";
import { inputPlace } from "./input.ts";
import { checkOptions } from "./options.ts";
import { checkConditions, checkDestination, identifyRun, openRuns } from "./runs/mod.ts";
import { claimRun, conditionsOf, type Job, type Opened, openKept, openNew } from "./settle.ts";
import { makeSink } from "./sink.ts";
import { baselineOf, driftedIn, type Findings, keepChecked } from "./survey/mod.ts";

/** Checks a day's data. */
export const checkCommand: AnyCommand = command({
  usage: "inference check",
  about: [
    "Check a run's data against its model, and write its manifest if they go together",
    "Writes statistics.json, constraint_violations.json, drift.json, report.html and the verdict,",
    "check.json. Data that breaks a constraint ends with exit code 3; in a container with 0, for the",
    "pipeline's condition to read the verdict. Data that is missing or empty ends with 3 everywhere.",
  ].join("\n"),
  options: checkOptions,
  contract: "processing",
  channels: (container) => {
    const folder = reportFolder(container);
    return folder === undefined ? {} : { report: folder };
  },
  run: check,
});

/** The output named `check`, or else the only one there is. */
function reportFolder(container: Container): string | undefined {
  if (container.kind !== "processing") return undefined;
  const [only, ...others] = Object.values(container.outputs);
  return container.outputs["check"] ?? (others.length === 0 ? only : undefined);
}

async function check(context: Context<typeof checkOptions>): Promise<Outcome> {
  const { values, container, print } = context;
  inputPlace(values);
  const named = identifyRun({ ...values, shard: undefined }, undefined, new Date());
  const run = { ...named, shards: { own: [], count: values.shards } };
  context.span.set({ run: run.id });
  const log = context.log.within({ run: run.id });
  const runs = openRuns(values.runState);
  const job: Job = { context: { ...context, log }, runs, run };
  const state = runs.run(run.id);
  const earlier = await state.manifest();
  if (earlier !== undefined) checkConditions(earlier.manifest, conditionsOf(job));
  const sink = makeSink({ ...context, log });
  try {
    const destination = await sink.prepare();
    if (earlier !== undefined) checkDestination(earlier.manifest, destination);
    const opened = earlier === undefined
      ? await openNew(job, destination)
      : await openKept(job, earlier);
    const inspection = await span(
      "inspect data",
      () => look(values, opened, earlier?.manifest.key_column),
      { rows: opened.dataset.rows },
    );
    const errors = inspection.violations.filter(({ severity }) => severity === "error");
    for (
      const { severity, description, feature_name, constraint_check_type } of inspection.violations
    ) {
      if (severity === "error") continue;
      log.warn(description, { code: `data.${constraint_check_type}`, column: feature_name });
    }
    const passed = errors.length === 0;
    // Data that is refused settles nothing: corrected, it is the same run.
    const kept = passed ? earlier ?? await claimRun(job, state, opened, destination) : undefined;
    if (kept !== undefined) await keepChecked(state, kept, opened.dataset.rows, inspection);
    const verdict = verdictOf(run.id, opened, inspection, kept?.hash);
    await writeReport(values.report, inspection, verdict, {
      run: run.id,
      model: opened.model,
      scoredAt: run.slot.toISOString(),
    });
    // Outside a container nobody makes metrics of a log line.
    if (container !== undefined) {
      const { name, bundle } = opened.model;
      print(checkMetrics(verdict, { name, madeAt: madeAt(bundle.files) }, Date.now()));
    }
    return {
      summary: { status: passed ? "passed" : "rejected", ...verdict, report: values.report },
      ...(passed || container !== undefined ? {} : { failure: rejected(verdict) }),
    };
  } finally {
    await sink.close();
  }
}

async function look(
  values: Values<typeof checkOptions>,
  { model, scorer, dataset }: Opened,
  keyColumn = values.keyColumn,
): Promise<Findings> {
  const baseline = await baselineOf(model, values.constraints);
  return await inspect(dataset, {
    schema: scorer.schema,
    scorer,
    key: keyColumn ?? scorer.schema.key,
    baseline,
    onViolation: values.onViolation,
    onDrift: values.onDrift,
    thresholds: driftThresholds(baseline.constraints, values.driftThreshold),
  });
}

function verdictOf(
  run: string,
  { dataset }: Opened,
  found: Findings,
  manifest: string | undefined,
): Verdict {
  const told = (severity: "error" | "warning") =>
    found.violations.filter((each) => each.severity === severity).map(({ description }) =>
      description
    );
  const reasons = told("error");
  return {
    passed: reasons.length === 0,
    run_id: run,
    data: dataset.uri,
    rows: dataset.rows,
    ...(manifest === undefined ? {} : { manifest }),
    violations: reasons.length,
    drifted: driftedIn(found),
    reasons,
    warnings: told("warning"),
  };
}

function rejected({ data, reasons }: Verdict): DataError {
  return new DataError({
    code: "data.rejected",
    cannot: `score ${data}`,
    found: reasons.join("; "),
    todo: "Correct the data and check it again; nothing of the run is begun",
    place: { file: data },
  });
}
