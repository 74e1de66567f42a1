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
import { type Values, withoutCredentials } from "../lib/config.ts";
import { GateError } from "../lib/errors.ts";
import { type EvaluationReport, type GateVerdict, judge } from "../lib/evaluation/mod.ts";
import { type ModelVersion, openTracking, type Store } from "../lib/mlflow/mod.ts";
import { embeddedMetrics, metricLine, METRICS_NAMESPACE, type Unit } from "../lib/telemetry.ts";
import { championOn } from "./champion.ts";
import { checkOptions } from "./checks.ts";
import { prepareData, type PreparedData } from "./data.ts";
import { evaluateForest } from "./evaluate.ts";
import { fitForest, type FittedForest } from "./fit.ts";
import { joinHosts, trainAsPeer, type TrainingHost } from "./hosts/mod.ts";
import { trainOptions } from "./options.ts";
import { claimOutput, type Output, outputOf } from "./output.ts";
import { promote } from "./promote.ts";
import { modelBundle, startRecord, type TrainingRecord } from "./record.ts";
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

/** What a training ends with; without `--stages all` nothing is registered and judged. */
interface TrainingResult {
  readonly fitted: FittedForest;
  readonly report: EvaluationReport;
  readonly version?: ModelVersion;
  readonly verdict?: GateVerdict;
}

async function train(context: Context<typeof trainOptions>): Promise<Outcome> {
  const { values, log, signal } = context;
  // Everything that can be wrong with the options, the data, the output or the server is found before
  // the first tree, and before anything is written.
  checkOptions(context);
  const host = await joinHosts(context);
  if (host !== undefined && host.index > 0) return await trainAsPeer(context, host);
  const data = await prepareData(values, log);
  signal.throwIfAborted();
  const output = outputOf(context);
  await claimOutput(output);
  const store = await openTracking(values, log);
  const record = await startRecord(store, context, data);
  let result: TrainingResult;
  try {
    result = await develop(context, data, store, output, record, host);
  } catch (error) {
    await record.fail(signal.aborted);
    throw error;
  }
  // The run is over and written down: what dies before here leaves a challenger, never a champion
  // without a record.
  const { version, verdict } = result;
  if (version !== undefined && verdict?.passed) {
    await promote(store, version, "passed the quality gate").catch((error) => {
      log.warn("the version passed the gate, but is not promoted", {
        todo: promoteByHand(version),
      });
      throw error;
    });
  }
  printResults(context, data, result);
  return {
    summary: summaryOf(values, output, record.run.id, result),
    ...(version === undefined || verdict === undefined || verdict.passed
      ? {}
      : { failure: gateError(version, verdict) }),
  };
}

/** Everything that belongs to the run in MLflow: from the first tree to the verdict. */
async function develop(
  context: Context<typeof trainOptions>,
  data: PreparedData,
  store: Store,
  output: Output,
  record: TrainingRecord,
  host: TrainingHost | undefined,
): Promise<TrainingResult> {
  const { values, log, signal } = context;
  const fitted = await fitForest(data, context, host);
  const report = evaluateForest(fitted.forest, data);
  const bundle = modelBundle(fitted, data, record.run, values, store);
  signal.throwIfAborted();
  const model = await record.log(fitted, report, bundle);
  await output.writeModel(bundle.files);
  if (values.stages === "train") {
    await output.writeEvaluation({ ...report });
    await record.finish();
    return { fitted, report };
  }
  const champion = await championOn(store, values.modelName, data, log);
  const verdict = judge(report, thresholds(values), champion, values.gateTolerance);
  const evaluation = { ...report, gate: verdict };
  await output.writeEvaluation(evaluation);
  const version = await record.register(model, bundle.digest);
  if (!verdict.passed) await record.reject(version, verdict);
  await record.finish(evaluation);
  return { fitted, report, version, verdict };
}

function printResults(
  { values, container, print }: Context<typeof trainOptions>,
  data: PreparedData,
  { fitted, report }: TrainingResult,
): void {
  for (const [name, value] of Object.entries(report.metrics)) {
    const line = metricLine(name, value);
    if (line !== undefined) print(line);
  }
  // Outside a container nobody makes metrics of a log line.
  if (container === undefined) return;
  const metrics = Object.entries(report.metrics)
    .map(([name, value]): [string, readonly [number, Unit]] => [name, [value, "None"]]);
  print(embeddedMetrics(METRICS_NAMESPACE, { job: "training", model: values.modelName }, {
    ...Object.fromEntries(metrics),
    train_seconds: [fitted.seconds, "Seconds"],
    train_rows: [data.train.matrix.rows, "Count"],
  }, Date.now()));
}

function summaryOf(
  values: Values<typeof trainOptions>,
  output: Output,
  runId: string,
  { report, version, verdict }: TrainingResult,
): Record<string, unknown> {
  return {
    status: verdict === undefined ? "trained" : verdict.passed ? "promoted" : "rejected",
    model: values.modelName,
    ...(version === undefined ? {} : { version: version.version }),
    run_id: runId,
    experiment: values.experimentName,
    tracking_uri: withoutCredentials(values.trackingUri),
    metrics: report.metrics,
    ...(verdict === undefined ? {} : { gate: verdict }),
    output: output.modelFolder,
    evaluation: output.evaluationFile,
  };
}

function gateError(version: ModelVersion, verdict: GateVerdict): GateError {
  return new GateError({
    code: "gate.not-met",
    cannot: `promote ${version.name} version ${version.version}`,
    found: verdict.reasons.join("; "),
    todo: "It stays registered as challenger; improve it, or promote it by hand with " +
      promoteByHand(version),
  });
}

function promoteByHand({ name, version }: ModelVersion): string {
  return `training promote --model ${name} --version ${version}`;
}
