/**
 * What is kept beside a run's manifest about its data: the model's baseline, what each shard has seen,
 * and what a check found before.
 *
 * ```
 * <run>/baseline.json               what the model's data looked like; by the owner of shard 0
 * <run>/shard-0.survey.json         what the rows of a shard look like, each counted once
 * <run>/checked.json                what `inference check` found in the data of this manifest
 * <run>/statistics.json             of the whole run, once all shards are done
 * <run>/constraint_violations.json  likewise
 * <run>/drift.json                  likewise
 * <run>/report.html                 likewise, for people
 * ```
 *
 * @module
 */

import { z } from "zod";
import {
  type FeatureDrift,
  type FeatureSchema,
  parseConstraints,
  parseFeatureSchema,
  parseStatistics,
} from "../../lib/dataset/mod.ts";
import { DependencyError, messageOf } from "../../lib/errors.ts";
import type { KeptManifest, RunState } from "../runs/mod.ts";
import type { Baseline } from "./baseline.ts";
import { Survey, type SurveyPlan } from "./survey.ts";

const BASELINE = "baseline.json";
const CHECKED = "checked.json";

/** Keeps the baseline of a run's model. */
export async function keepBaseline(
  state: RunState,
  schema: FeatureSchema,
  { statistics, predictions, constraints }: Baseline,
): Promise<void> {
  const kept = { version: 1, schema, statistics, predictions, constraints };
  await state.keep(BASELINE, JSON.stringify(kept) + "\n");
}

/** Reads it; undefined where the model had none. */
export async function keptBaseline(
  state: RunState,
): Promise<{ readonly schema: FeatureSchema; readonly baseline: Baseline } | undefined> {
  const kept = await state.text(BASELINE, baselineSchema);
  if (kept === undefined) return undefined;
  const { schema, statistics, predictions, constraints } = kept;
  const file = state.locate(BASELINE);
  return {
    schema: parseFeatureSchema(schema),
    baseline: {
      statistics: statistics === undefined ? undefined : parseStatistics(statistics, file),
      predictions: predictions === undefined ? undefined : parseStatistics(predictions, file),
      constraints: constraints === undefined ? undefined : parseConstraints(constraints, file),
    },
  };
}

const baselineSchema = z.object({
  schema: z.unknown(),
  statistics: z.unknown().optional(),
  predictions: z.unknown().optional(),
  constraints: z.unknown().optional(),
});

/** Keeps what a shard has seen, unless it is kept already. */
export async function keepSurvey(state: RunState, shard: number, survey: Survey): Promise<void> {
  await state.keep(surveyName(shard), JSON.stringify(survey) + "\n");
}

/** Whether what a shard has seen is kept. */
export async function hasSurvey(state: RunState, shard: number): Promise<boolean> {
  return await state.text(surveyName(shard), z.unknown()) !== undefined;
}

/** Reads what a shard has seen; undefined if it is not kept. */
export async function keptSurvey(
  state: RunState,
  shard: number,
  plan: SurveyPlan,
): Promise<Survey | undefined> {
  const json = await state.text(surveyName(shard), z.unknown());
  if (json === undefined) return undefined;
  try {
    return Survey.parse(json, plan);
  } catch (error) {
    const place = state.locate(surveyName(shard));
    throw new DependencyError({
      code: "run.state-unreadable",
      cannot: "say what the data of the run looked like",
      found: `${place}: ${messageOf(error)}`,
      todo: "Restore it, or remove it: the run is then completed without it",
      place: { file: place },
      cause: error,
    });
  }
}

function surveyName(shard: number): string {
  return `shard-${shard}.survey.json`;
}

const drift = z.array(z.looseObject({
  name: z.string(),
  stability: z.number(),
  missing_change: z.number(),
  drifted: z.boolean(),
  description: z.string(),
}));

const checkedSchema = z.object({
  /** Hash of the manifest whose data was checked. */
  manifest: z.string(),
  model_digest: z.string(),
  rows: z.int().nonnegative(),
  drift,
  predictions: drift,
});

/** That a check let the data of a manifest pass, and how far it had moved. */
export type Checked = z.infer<typeof checkedSchema>;

/** Keeps a passing verdict beside the manifest; of several for one manifest the first. */
export async function keepChecked(
  state: RunState,
  { manifest: { model }, hash }: KeptManifest,
  rows: number,
  found: { readonly drift: readonly FeatureDrift[]; readonly predictions: readonly FeatureDrift[] },
): Promise<void> {
  const { drift, predictions } = found;
  const checked = { manifest: hash, model_digest: model.digest, rows, drift, predictions };
  await state.keep(CHECKED, JSON.stringify(checked, null, 2) + "\n");
}

/** Reads it; undefined if no check has passed. */
export async function keptChecked(state: RunState): Promise<Checked | undefined> {
  return await state.text(CHECKED, checkedSchema);
}
