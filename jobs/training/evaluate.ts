/**
 * The command `evaluate`: a model of any origin on labelled rows, beside the champion, judged.
 *
 * @module
 */

import { join } from "node:path";
import {
  type AnyCommand,
  command,
  type Container,
  type Context,
  type Outcome,
} from "../lib/command.ts";
import { UsageError } from "../lib/errors.ts";
import {
  type LoggedModel,
  openTracking,
  parseModelUri,
  type ResolvedModel,
  resolveModel,
  type Run,
  type Store,
} from "../lib/mlflow/mod.ts";
import { present } from "../lib/present.ts";
import { metricLine } from "../lib/telemetry.ts";
import { detailsOf, permutationOf } from "./details.ts";
import { EVALUATION_FILE, evaluationContent } from "./evaluation_file.ts";
import { logEvaluation } from "./evaluation_record.ts";
import { readFacts } from "./facts.ts";
import { gateOf, judgeChallenger } from "./gate.ts";
import { readHeldOut } from "./held_out.ts";
import { loadForest } from "./load.ts";
import { measure } from "./measure.ts";
import { claimFolders } from "./folders.ts";
import { evaluateOptions } from "./options.ts";
import { writeEvaluation } from "./output.ts";
import { MODEL_NAME, stamp } from "./record.ts";
import { REPORT_FILE, reportOf } from "./report.ts";
import { onRun } from "./resumed_run.ts";
import { keepLog } from "./run_log.ts";
import { runTags, stageTags } from "./run_tags.ts";

/** Measures a model, compares it with the champion, and writes what the gate says; exits 0. */
export const evaluateCommand: AnyCommand = command({
  usage: "training evaluate",
  about: [
    "Measure a model on labelled data, compare it with the champion and judge it; exits 0",
    "",
    "Writes evaluation.json ({metrics, gate: {passed, reasons}, …}) and logs to MLflow: for --model to",
    "the run that trained it, for a registered version to a new run below that one. With --train-data",
    "the rows that the training held out are measured, the same on every machine.",
    "",
    "In a SageMaker processing job the inputs named model, test (or data, validation) and train stand",
    "for --model, --data and --train-data, the output named evaluation for --output.",
  ].join("\n"),
  options: evaluateOptions,
  contract: "processing",
  channels: channelsOf,
  run: evaluate,
});

function channelsOf(container: Container): Record<string, string> {
  if (container.kind !== "processing") return {};
  const { inputs, outputs } = container;
  return present({
    ...heldOutChannels(inputs),
    model: inputs["model"],
    output: outputs["evaluation"],
  });
}

/** The inputs of a processing job that hold rows to measure on. */
export function heldOutChannels(
  inputs: Readonly<Record<string, string>>,
): { data: string | undefined; trainData: string | undefined } {
  return {
    data: inputs["test"] ?? inputs["data"] ?? inputs["validation"],
    trainData: inputs["train"] ?? inputs["training"],
  };
}

async function evaluate(context: Context<typeof evaluateOptions>): Promise<Outcome> {
  const { values, container, signal } = context;
  const { log, artifact } = keepLog(context.log);
  const logFile = (failure?: string) => artifact(LOG_FILE, failure);
  const uri = uriOf(values);
  await claimFolders(values.output);
  const store = await openTracking(values, log, signal);
  const resolved = await resolveModel(uri, () => Promise.resolve(store));
  const trained = await trainedBy(store, uri, resolved.runId);
  const runId = isRegistered(uri)
    ? await startBelow(context, store, trained.run, resolved)
    : trained.run.id;
  return await onRun(store, runId, { signal, log, logFile }, async () => {
    const outcome = await measureOn({ ...context, log }, store, resolved, trained.model, runId);
    if (runId === trained.run.id) {
      await store.log(runId, { tags: stageTags("evaluate", container) });
    }
    await store.logArtifacts(runId, [logFile()]);
    return outcome;
  });
}

const LOG_FILE = "evaluation.log";

/** Measures, compares, writes, and logs to the run. */
async function measureOn(
  { values, log, print, signal }: Context<typeof evaluateOptions>,
  store: Store,
  resolved: ResolvedModel,
  logged: LoggedModel,
  run: string,
): Promise<Outcome> {
  const file = join(values.output, EVALUATION_FILE);
  const model = loadForest(resolved.bundle);
  const { schema } = model;
  const gate = gateOf(values, schema.target.objective);
  const { rows, input } = await readHeldOut(values, schema, resolved.bundle);
  log.info("data is ready", { rows: input.rows, data: input.dataset.uri });
  const measurement = measure(model, rows);
  const name = values.modelName ?? resolved.name;
  const challenger = { schema, rows, measurement };
  const judgement = await judgeChallenger(store, name, challenger, gate, log);
  const { report } = measurement;
  const { digest, runId, version, source } = resolved;
  const evaluated = {
    model: { name, digest, runId, ...(isRegistered(source) ? { version } : {}) },
    ...challenger,
    input,
    details: detailsOf(model, measurement, rows),
    permutation: await permutationOf(model, measurement, rows, signal),
    training: readFacts(resolved.bundle),
  };
  const files = {
    content: evaluationContent(report, { name, digest, runId }, input, judgement),
    report: reportOf(evaluated, judgement),
  };
  await writeEvaluation(file, files.content, files.report);
  await logEvaluation(store, run, { evaluated, model: logged, files });
  for (const [metric, value] of Object.entries(report.metrics)) {
    const line = metricLine(metric, value);
    if (line !== undefined) print(line);
  }
  return {
    summary: {
      status: "evaluated",
      model: name,
      version,
      run_id: run,
      metrics: report.metrics,
      gate: judgement.verdict,
      evaluation: file,
      report: join(values.output, REPORT_FILE),
    },
  };
}

function uriOf({ model, modelUri }: Context<typeof evaluateOptions>["values"]): string {
  const uri = modelUri ?? model;
  if (uri !== undefined && (model === undefined || modelUri === undefined)) return uri;
  throw new UsageError({
    code: "config.invalid",
    cannot: "start",
    found: uri === undefined
      ? "there is neither --model nor --model-uri"
      : "there are both --model and --model-uri",
    todo: "Give the folder or archive of a model as --model, or a registered one as --model-uri",
    place: { option: "--model" },
  });
}

/** The run that trained the model, and the model in it: what is measured must have a place to go. */
async function trainedBy(
  store: Store,
  uri: string,
  runId: string | undefined,
): Promise<{ run: Run; model: LoggedModel }> {
  if (runId === undefined) {
    throw new UsageError({
      code: "evaluation.no-run",
      cannot: "log the evaluation",
      found: `${uri} does not say which MLflow run trained it`,
      todo: "Give a model that train made, or a version that has a run",
    });
  }
  return { run: await store.run(runId), model: await store.loggedModel(runId, MODEL_NAME) };
}

/** A new run below the one that trained the model: a registered version may be measured often. */
async function startBelow(
  { values, container }: Context<typeof evaluateOptions>,
  store: Store,
  trained: Run,
  { name, version }: ResolvedModel,
): Promise<string> {
  const tags = await runTags("training evaluate", container);
  const { id } = await store.startRun({
    experimentId: trained.experimentId,
    name: values.runName ?? `evaluate ${values.modelName ?? name} ${version} ${stamp()}`,
    tags: { ...tags, "mlflow.parentRunId": trained.id },
  });
  return id;
}

function isRegistered(uri: string): boolean {
  const { kind } = parseModelUri(uri);
  return kind !== "path" && kind !== "run";
}
