/**
 * The command `train`: data → forest → bundle → MLflow, and unless told otherwise → evaluation → registry
 * → gate.
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
import { withoutCredentials } from "../lib/config.ts";
import type { TrainingFacts } from "../lib/evaluation/mod.ts";
import {
  type LoggedModel,
  type ModelVersion,
  openTracking,
  type Store,
} from "../lib/mlflow/mod.ts";
import { present } from "../lib/present.ts";
import { span } from "../lib/tracing/mod.ts";
import type { Challenger } from "./champion.ts";
import { checkOptions } from "./checks.ts";
import { prepareData, type PreparedData } from "./data.ts";
import { evaluationContent } from "./evaluation_file.ts";
import { type EvaluationFiles, logEvaluation, logEvaluationFiles } from "./evaluation_record.ts";
import { detailsOf, permutationOf } from "./details.ts";
import { trainingFacts } from "./facts.ts";
import { fitForest, type FittedForest } from "./fit.ts";
import { type Gate, gateOf, judgeChallenger, type Judgement } from "./gate.ts";
import { joinHosts, type TrainingHost } from "./hosts/mod.ts";
import { measure } from "./measure.ts";
import { trainOptions } from "./options.ts";
import { claimOutput, type Output, outputOf } from "./output.ts";
import { trainAsPeer } from "./peer.ts";
import { modelBundle, startRecord, type TrainingRecord } from "./record.ts";
import { type Evaluated, reportOf } from "./report.ts";
import { keepLog } from "./run_log.ts";
import { actor } from "./run_tags.ts";
import { trainMetrics } from "./train_metrics.ts";
import {
  decide,
  type Decision,
  gateError,
  promoteByHand,
  registerChallenger,
} from "./registration.ts";

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
  return present({
    trainData: channels["train"] ?? channels["training"],
    testData: channels["test"] ?? channels["validation"],
  });
}

/** A training under way. */
interface Training {
  readonly context: Context<typeof trainOptions>;
  readonly gate: Gate;
  readonly data: PreparedData;
  readonly output: Output;
  readonly store: Store;
  readonly record: TrainingRecord;
}

/** A trained model, logged and measured. */
interface Developed {
  readonly fitted: FittedForest;
  readonly model: LoggedModel;
  /** SHA-256 of `model.onnx`. */
  readonly digest: string;
  readonly challenger: Challenger;
  readonly facts: TrainingFacts;
}

/** What becomes of it with `--stages all`. */
interface Registered {
  readonly version: ModelVersion;
  readonly judgement: Judgement;
  readonly evaluated: Evaluated;
}

async function train(job: Context<typeof trainOptions>): Promise<Outcome> {
  const runLog = keepLog(job.log);
  const context = { ...job, log: runLog.log };
  const { values, log, signal } = context;
  // Everything that can be wrong with the options, the data, the output or the server is found before
  // the first tree, and before anything is written.
  checkOptions(context);
  const gate = gateOf(values, values.objective);
  const host = await joinHosts(context);
  if (host !== undefined && host.index > 0) return await trainAsPeer(context, host);
  const data = await span("read data", () => prepareData(values, log));
  signal.throwIfAborted();
  const output = outputOf(context);
  await claimOutput(output);
  await output.writeQuarantine(data.quarantine);
  const store = await openTracking(values, log, signal);
  const record = await span("start run", () => startRecord(store, context, data, runLog));
  job.span.set({ model: values.modelName, mlflow_run: record.run.id });
  const training = { context, gate, data, output, store, record };
  let developed: Developed;
  let registered: Registered | undefined;
  try {
    developed = await develop(training, host);
    const made = developed;
    if (values.stages === "all") {
      registered = await span("judge and register", () => judgeAndRegister(training, made));
    } else await output.writeEvaluation(measuredOnly(training, made));
    await record.finish();
  } catch (error) {
    await record.fail(error);
    throw error;
  }
  // The run is over and written down: what dies before here leaves a challenger, never a champion
  // without a record.
  const decision = registered && await promote(training, developed, registered);
  printResults(context, data, developed);
  return {
    summary: summaryOf(training, developed, registered?.version, decision),
    ...(registered !== undefined && decision?.status === "rejected"
      ? { failure: gateError(registered.version, decision.judgement.verdict) }
      : {}),
  };
}

/** From the first tree to the logged model and its measures. */
async function develop(
  { context, data, store, output, record }: Training,
  host: TrainingHost | undefined,
): Promise<Developed> {
  const { printable, signal } = context;
  const fitted = await span("grow forest", () => fitForest(data, context, host));
  const { schema, encoding, heldOut: rows } = data;
  const { forest } = fitted;
  const measurement = await span("measure", () => measure({ schema, encoding, forest }, rows));
  const facts = trainingFacts(fitted, data, printable);
  const bundle = modelBundle(fitted, data, record.run, facts, measurement, store);
  signal.throwIfAborted();
  const model = await span("log model", () => record.log(fitted, facts, bundle));
  await output.writeModel(bundle.files);
  const { digest } = bundle;
  return { fitted, model, digest, facts, challenger: { schema, rows, measurement } };
}

/** What is known without the champion, for a tuner or a person who looks at a step's output. */
function measuredOnly(
  { context: { values }, data, record }: Training,
  { digest, challenger: { measurement } }: Developed,
): Record<string, unknown> {
  const model = { name: values.modelName, digest, runId: record.run.id };
  return evaluationContent(measurement.report, model, data.inputs.evaluation);
}

/** The stages `evaluate` and `register`, without the promotion. */
async function judgeAndRegister(training: Training, developed: Developed): Promise<Registered> {
  const { context: { values, log, signal }, gate, data, output, store, record } = training;
  const { model, digest, challenger, facts, fitted: { forest } } = developed;
  const { measurement, rows, schema } = challenger;
  const judgement = await judgeChallenger(store, values.modelName, challenger, gate, log);
  const loaded = { schema, encoding: data.encoding, forest };
  const runId = record.run.id;
  const evaluated: Evaluated = {
    model: { name: values.modelName, digest, runId },
    ...challenger,
    input: data.inputs.evaluation,
    details: detailsOf(loaded, measurement, rows),
    permutation: await permutationOf(loaded, measurement, rows, signal),
    training: facts,
  };
  const files = filesOf(evaluated, judgement);
  await output.writeEvaluation(files.content, files.report);
  await logEvaluation(store, runId, { evaluated, model, files });
  const { card } = files.report;
  const registration = { name: values.modelName, model, runId, digest, card };
  const version = await registerChallenger(store, registration);
  return { version, judgement, evaluated };
}

/** {@linkcode settle}, as a phase of the trace. */
function promote(training: Training, developed: Developed, registered: Registered) {
  return span("promote", () => settle(training, developed, registered));
}

/** Promotes the version or notes why not; its evaluation is written again if it was judged again. */
async function settle(
  training: Training,
  { challenger }: Developed,
  { version, judgement, evaluated }: Registered,
): Promise<Decision<Judgement>> {
  const { context: { values, container, log, signal }, gate, output, store, record } = training;
  try {
    const decision = await decide(store, version, judgement, {
      approval: values.approval,
      by: actor(container),
      again: () => judgeChallenger(store, values.modelName, challenger, gate, log),
      log,
      signal,
    });
    if (decision.judgement !== judgement) {
      const files = filesOf(evaluated, decision.judgement);
      await output.writeEvaluation(files.content, files.report);
      await logEvaluationFiles(store, record.run.id, files);
    }
    return decision;
  } catch (error) {
    if (judgement.verdict.passed) {
      log.warn("the version passed the gate, but is not promoted", {
        todo: promoteByHand(version),
      });
    }
    throw error;
  }
}

function filesOf(evaluated: Evaluated, judgement: Judgement): EvaluationFiles {
  const { measurement: { report }, model, input } = evaluated;
  return {
    content: evaluationContent(report, model, input, judgement),
    report: reportOf(evaluated, judgement),
  };
}

function printResults(
  { values, container, print }: Context<typeof trainOptions>,
  data: PreparedData,
  { fitted, challenger: { measurement: { report } } }: Developed,
): void {
  const measures = {
    model: values.modelName,
    metrics: report.metrics,
    seconds: fitted.seconds,
    rows: data.train.matrix.rows,
    memory: Deno.memoryUsage().rss,
  };
  // Outside a container nobody makes metrics of a log line.
  const reader = { contained: container !== undefined, now: Date.now() };
  trainMetrics(measures, reader).forEach((line) => print(line));
}

function summaryOf(
  { context: { values }, data, output, record }: Training,
  { challenger: { measurement: { report } } }: Developed,
  version: ModelVersion | undefined,
  decision: Decision | undefined,
): Record<string, unknown> {
  return {
    status: decision?.status ?? "trained",
    model: values.modelName,
    ...(version === undefined ? {} : { version: version.version }),
    run_id: record.run.id,
    experiment: values.experimentName,
    tracking_uri: withoutCredentials(values.trackingUri),
    metrics: report.metrics,
    ...(decision === undefined ? {} : { gate: decision.judgement.verdict }),
    ...(data.quarantine === "" ? {} : { quarantined: data.quarantine.split("\n").length - 1 }),
    output: output.modelFolder,
    evaluation: output.evaluationFile,
    ...(decision === undefined ? {} : { report: output.reportFile }),
  };
}
