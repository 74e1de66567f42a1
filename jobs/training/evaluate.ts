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
  resolveModel,
  type Run,
  type Store,
} from "../lib/mlflow/mod.ts";
import { metricLine } from "../lib/telemetry.ts";
import { detailsOf, permutationOf } from "./details.ts";
import { EVALUATION_FILE, evaluationContent } from "./evaluation_file.ts";
import { logEvaluation } from "./evaluation_record.ts";
import { readFacts } from "./facts.ts";
import { gateOf, judgeChallenger } from "./gate.ts";
import { readHeldOut } from "./held_out.ts";
import { loadForest } from "./load.ts";
import { measure } from "./measure.ts";
import { evaluateOptions } from "./options.ts";
import { claimFolders, writeEvaluation } from "./output.ts";
import { MODEL_NAME, runTags, stamp } from "./record.ts";
import { REPORT_FILE, reportOf } from "./report.ts";
import { keepLog } from "./run_log.ts";

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
  const found = {
    ...heldOutChannels(inputs),
    model: inputs["model"],
    output: outputs["evaluation"],
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, path]) => path ? [[name, path]] : []),
  );
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

async function evaluate(
  { values, log: jobLog, print, signal }: Context<typeof evaluateOptions>,
): Promise<Outcome> {
  const { log, artifact } = keepLog(jobLog);
  const uri = uriOf(values);
  const file = join(values.output, EVALUATION_FILE);
  await claimFolders(values.output);
  const store = await openTracking(values, log, signal);
  const resolved = await resolveModel(uri, () => Promise.resolve(store));
  const trained = await trainedBy(store, uri, resolved.runId);
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
  const { digest, runId } = resolved;
  const registered = isRegistered(uri);
  const evaluated = {
    model: { name, digest, runId, ...(registered ? { version: resolved.version } : {}) },
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
  const runName = values.runName ?? `evaluate ${name} ${resolved.version} ${stamp()}`;
  const run = await runOf(store, uri, trained.run, runName);
  try {
    await logEvaluation(store, run.id, { evaluated, model: trained.model, files });
    await store.logArtifacts(run.id, [artifact("evaluation.log")]);
  } catch (error) {
    await run.end("FAILED");
    throw error;
  }
  await run.end("FINISHED");
  for (const [metric, value] of Object.entries(report.metrics)) {
    const line = metricLine(metric, value);
    if (line !== undefined) print(line);
  }
  return {
    summary: {
      status: "evaluated",
      model: name,
      version: resolved.version,
      run_id: run.id,
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

/** The run that trained the model; for a version of the registry a new one below it. */
async function runOf(
  store: Store,
  uri: string,
  trained: Run,
  name: string,
): Promise<{ id: string; end: (status: "FINISHED" | "FAILED") => Promise<void> }> {
  if (!isRegistered(uri)) return { id: trained.id, end: () => Promise.resolve() };
  const { id } = await store.startRun({
    experimentId: trained.experimentId,
    name,
    tags: { ...await runTags("training evaluate"), "mlflow.parentRunId": trained.id },
  });
  return { id, end: (status) => store.endRun(id, status) };
}

function isRegistered(uri: string): boolean {
  const { kind } = parseModelUri(uri);
  return kind !== "path" && kind !== "run";
}
