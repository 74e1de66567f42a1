/**
 * The command `train`: data → forest → evaluation → bundle → MLflow → registry → gate.
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
import { GateError } from "../lib/errors.ts";
import { type GateVerdict, judge } from "../lib/evaluation/mod.ts";
import { openTracking, type trackingOptions } from "../lib/mlflow/mod.ts";
import { metricLine } from "../lib/telemetry.ts";
import { championOn } from "./champion.ts";
import { prepareData } from "./data.ts";
import { evaluateForest } from "./evaluate.ts";
import { fitForest } from "./fit.ts";
import { trainOptions } from "./options.ts";
import { claimOutput, type Output, outputOf } from "./output.ts";
import { promote } from "./promote.ts";
import { modelBundle, startRecord } from "./record.ts";
import { thresholds } from "./thresholds.ts";

/** Trains, evaluates, logs and registers a forest. */
export const trainCommand: AnyCommand = command({
  usage: "train",
  about:
    "Train a forest on parquet, evaluate it, log and register it in MLflow, promote if good enough",
  options: trainOptions,
  contract: "training",
  channels: channelsOf,
  run: train,
});

/** The options that a training container's channels stand for. */
function channelsOf(container: Container): Record<string, string> {
  if (container.kind !== "training") return {};
  const { channels } = container;
  const found = {
    trainData: channels["train"] ?? channels["training"],
    testData: channels["test"] ?? channels["validation"],
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, path]) => path ? [[name, path]] : []),
  );
}

async function train(context: Context<typeof trainOptions>): Promise<Outcome> {
  const { values, log, signal, print } = context;
  // Everything that can be wrong with the data, the output or the server is found before the
  // first tree, and before anything is written.
  const data = await prepareData(values, log);
  signal.throwIfAborted();
  const output = outputOf(context);
  await claimOutput(output);
  const store = await openTracking(values, log);
  const record = await startRecord(store, context, data);
  try {
    const fitted = await fitForest(data, context);
    const report = evaluateForest(fitted.forest, data);
    const bundle = modelBundle(fitted, data, record.run, values, store);
    signal.throwIfAborted();
    const model = await record.log(fitted, report, bundle);
    await output.writeModel(bundle.files);

    let verdict: GateVerdict | undefined;
    let version: string | undefined;
    if (values.stages === "all") {
      // Judged against the champion as it was before this version joined the registry.
      const champion = await championOn(store, values.modelName, data, log);
      verdict = judge(report, thresholds(values), champion, values.gateTolerance);
      const registered = await record.register(model, bundle.digest);
      version = registered.version;
      if (verdict.passed) await promote(store, registered, "passed the quality gate");
      else await record.reject(registered, verdict);
    }
    await output.writeEvaluation({
      ...report,
      ...(verdict === undefined ? {} : { gate: verdict }),
    });
    await record.finish(report, verdict);

    for (const [name, value] of Object.entries(report.metrics)) {
      const line = metricLine(name, value);
      if (line !== undefined) print(line);
    }
    return {
      summary: summaryOf(values, output, record.run.id, report.metrics, version, verdict),
      ...(verdict === undefined || verdict.passed
        ? {}
        : { failure: gateError(values, version, verdict) }),
    };
  } catch (error) {
    await record.fail(signal.aborted);
    throw error;
  }
}

function summaryOf(
  values: Values<typeof trainOptions>,
  output: Output,
  runId: string,
  metrics: Readonly<Record<string, number>>,
  version: string | undefined,
  verdict: GateVerdict | undefined,
): Record<string, unknown> {
  return {
    status: verdict === undefined ? "trained" : verdict.passed ? "promoted" : "rejected",
    model: values.modelName,
    ...(version === undefined ? {} : { version }),
    run_id: runId,
    experiment: values.experimentName,
    tracking_uri: publicUri(values),
    metrics,
    ...(verdict === undefined ? {} : { gate: verdict }),
    output: output.modelFolder,
    evaluation: output.evaluationFile,
  };
}

function publicUri(values: Values<typeof trackingOptions>): string {
  return values.trackingUri.replace(/(\/\/)[^/@]*@/, "$1");
}

function gateError(
  values: Values<typeof trainOptions>,
  version: string | undefined,
  verdict: GateVerdict,
): GateError {
  return new GateError({
    code: "gate.not-met",
    cannot: `promote ${values.modelName} version ${version}`,
    found: verdict.reasons.join("; "),
    todo: "It stays registered as challenger; improve it, or promote it by hand with " +
      `training promote --model ${values.modelName} --version ${version}`,
  });
}
