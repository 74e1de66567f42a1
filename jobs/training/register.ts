/**
 * The command `register`: an evaluated model becomes a version, and perhaps the champion.
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
import { UsageError } from "../lib/errors.ts";
import { type Bundle, openTracking, readBundle, type Store } from "../lib/mlflow/mod.ts";
import { present } from "../lib/present.ts";
import { type ReadEvaluation, readEvaluation } from "./evaluation_file.ts";
import { heldOutChannels } from "./evaluate.ts";
import { gateOf, judgeChallenger } from "./gate.ts";
import { readHeldOut } from "./held_out.ts";
import { loadForest } from "./load.ts";
import { measure } from "./measure.ts";
import { registerOptions } from "./options.ts";
import { MODEL_NAME } from "./record.ts";
import { decide, type Judged, registerChallenger } from "./registration.ts";
import { onRun } from "./resumed_run.ts";
import { keepLog } from "./run_log.ts";
import { actor, stageTags } from "./run_tags.ts";

/** Registers a model as challenger, and promotes it or notes why not; exits 0. */
export const registerCommand: AnyCommand = command({
  usage: "training register",
  about: [
    "Register an evaluated model as challenger, and promote it or note why not; exits 0",
    "",
    "A version is promoted only if its evaluation passed the gate, whatever --promote says. If the",
    "champion has changed since, it is judged again on --data or --train-data, and without these left",
    "challenger.",
    "",
    "In a SageMaker processing job the inputs named model, evaluation, test (or data, validation) and",
    "train stand for --model, --evaluation, --data and --train-data.",
  ].join("\n"),
  options: registerOptions,
  contract: "processing",
  channels: channelsOf,
  run: register,
});

function channelsOf(container: Container): Record<string, string> {
  if (container.kind !== "processing") return {};
  const { inputs } = container;
  return present({
    ...heldOutChannels(inputs),
    model: inputs["model"],
    evaluation: inputs["evaluation"],
  });
}

async function register(context: Context<typeof registerOptions>): Promise<Outcome> {
  const { values, container, signal } = context;
  checkWish(values);
  const bundle = await readBundle(values.model);
  const name = values.modelName ?? bundle.run?.model_name;
  if (bundle.run === undefined || name === undefined) throw noRun(values.model);
  const { run_id: runId, model_digest: digest } = bundle.run;
  const { log, artifact } = keepLog(context.log);
  const logFile = (failure?: string) => artifact(LOG_FILE, failure);
  const store = await openTracking(values, log, signal);
  return await onRun(store, runId, { signal, log, logFile }, async () => {
    const evaluation = await readEvaluation(values.evaluation, bundle.digest);
    const model = await store.loggedModel(runId, MODEL_NAME);
    const { card } = evaluation;
    const version = await registerChallenger(store, { name, model, runId, digest, card });
    log.info("registered", { model: name, version: version.version });
    const { status, judgement } = await decide(store, version, judgementOf(evaluation, values), {
      approval: values.approval,
      by: actor(container),
      again: () => judgeAgain(context, store, name, bundle),
      reason: values.reason,
      log,
      signal,
    });
    log.info(status, { model: name, version: version.version });
    await store.log(runId, { tags: stageTags("register", container) });
    await store.logArtifacts(runId, [logFile()]);
    return {
      summary: {
        status,
        model: name,
        version: version.version,
        run_id: runId,
        gate: judgement.verdict,
      },
    };
  });
}

const LOG_FILE = "registration.log";

/** The evaluation's verdict; `--reject` can only turn it down. */
function judgementOf(
  { gate, champion }: ReadEvaluation,
  { reject }: Context<typeof registerOptions>["values"],
): Judged {
  const verdict = reject && gate.passed
    ? { passed: false, reasons: ["the pipeline rejects it, though it passed the quality gate"] }
    : gate;
  return { verdict, ...(champion === undefined ? {} : { champion: { version: champion } }) };
}

async function judgeAgain(
  { values, log }: Context<typeof registerOptions>,
  store: Store,
  name: string,
  bundle: Bundle,
): Promise<Judged> {
  if (values.data === undefined && values.trainData === undefined) {
    const champion = await store.findAlias(name, "champion");
    const reason =
      `the champion is version ${champion?.version ?? "none"} now, with which it was ` +
      "not compared: evaluate it again";
    return { verdict: { passed: false, reasons: [reason] } };
  }
  const model = loadForest(bundle);
  const { schema } = model;
  const { rows } = await readHeldOut(values, schema, bundle);
  const gate = gateOf(values, schema.target.objective);
  const challenger = { schema, rows, measurement: measure(model, rows) };
  return await judgeChallenger(store, name, challenger, gate, log);
}

function checkWish({ promote, reject }: Context<typeof registerOptions>["values"]): void {
  if (!promote || !reject) return;
  throw new UsageError({
    code: "config.invalid",
    cannot: "start",
    found: "there are both --promote and --reject",
    todo: "Give one of them, or neither to let the evaluation's gate decide",
    place: { option: "--promote" },
  });
}

function noRun(model: string): UsageError {
  return new UsageError({
    code: "evaluation.no-run",
    cannot: "register the model",
    found: `${model} has no run.json that names its MLflow run and its registered model`,
    todo: "Give a model that train made, and --model-name",
    place: { file: model },
  });
}
