/**
 * The parts of MLflow's answers that we read.
 *
 * @module
 */

import { z } from "zod";

/** Any JSON object: where only success matters. */
export const ANYTHING: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.unknown());

const PAIRS = z.array(z.object({ key: z.string(), value: z.string().default("") })).default([]);

/** `experiments/get-by-name`. */
export const EXPERIMENT = z.object({
  experiment: z.object({
    experiment_id: z.string(),
    lifecycle_stage: z.string().default("active"),
  }),
});

/** `experiments/create`. */
export const EXPERIMENT_ID = z.object({ experiment_id: z.string() });

const RUN_ANSWER = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    run_name: z.string().default(""),
    artifact_uri: z.string().default(""),
    status: z.string().default("RUNNING"),
  }),
  data: z.object({ tags: PAIRS }).default({ tags: [] }),
  outputs: z.object({
    model_outputs: z.array(z.object({ model_id: z.string() })).default([]),
  }).default({ model_outputs: [] }),
});

/** A run. */
export type RunAnswer = z.infer<typeof RUN_ANSWER>;

/** `runs/create`, `runs/get`. */
export const RUN = z.object({ run: RUN_ANSWER });

/** `runs/search`. */
export const RUNS = z.object({ runs: z.array(RUN_ANSWER).default([]) });

const LOGGED_MODEL_INFO = z.object({
  model_id: z.string(),
  name: z.string().default(""),
  artifact_uri: z.string(),
  creation_timestamp_ms: z.coerce.number().default(0),
  tags: PAIRS,
});

/** A logged model. */
export type LoggedModelInfo = z.infer<typeof LOGGED_MODEL_INFO>;

/** `logged-models`, `logged-models/<id>`. */
export const LOGGED_MODEL = z.object({ model: z.object({ info: LOGGED_MODEL_INFO }) });

/** `logged-models/search`. */
export const LOGGED_MODELS = z.object({
  models: z.array(z.object({ info: LOGGED_MODEL_INFO })).default([]),
});

const VERSION = z.object({
  name: z.string(),
  version: z.coerce.string(),
  run_id: z.string().default(""),
  source: z.string().default(""),
  current_stage: z.string().default("None"),
  aliases: z.array(z.string()).default([]),
  tags: PAIRS,
});

/** A version of a registered model. */
export type VersionAnswer = z.infer<typeof VERSION>;

/** `model-versions/create`, `model-versions/get`, `registered-models/alias`. */
export const MODEL_VERSION = z.object({ model_version: VERSION });

/** `registered-models/get-latest-versions`, `model-versions/search`. */
export const MODEL_VERSIONS = z.object({
  model_versions: z.array(VERSION).default([]),
  next_page_token: z.string().default(""),
});

const REGISTERED = z.object({
  name: z.string(),
  aliases: z.array(z.object({ alias: z.string(), version: z.coerce.string() })).default([]),
});

/** A registered model. */
export type RegisteredModelAnswer = z.infer<typeof REGISTERED>;

/** `registered-models/get`. */
export const REGISTERED_MODEL = z.object({ registered_model: REGISTERED });

/** `registered-models/search`. */
export const REGISTERED_MODELS = z.object({
  registered_models: z.array(z.object({ name: z.string() })).default([]),
});

/** `model-versions/get-download-uri`. */
export const DOWNLOAD_URI = z.object({ artifact_uri: z.string() });

/** `mlflow-artifacts/artifacts`. */
export const FILES = z.object({
  files: z.array(z.object({
    path: z.string(),
    is_dir: z.boolean().default(false),
    file_size: z.union([z.number(), z.string().transform(Number)]).nullish(),
  })).default([]),
});
