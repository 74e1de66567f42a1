/**
 * The options of the training commands. In `snake_case` they are also SageMaker's hyperparameters.
 *
 * @module
 */

import { choice, flag, integer, number, type Options, text } from "../lib/config.ts";
import { trackingOptions } from "../lib/mlflow/mod.ts";
import { forestOptions } from "./forest_options.ts";
import { columnOptions, ruleOptions } from "./validate_options.ts";

/** How columns become what a tree splits, and which rows are held out. */
const preparationOptions = {
  split: {
    about: "What rows are held out by, without --test-data: stratified: each class alike; group: " +
      "those of a --group-column together; time: the latest by --time-column",
    hint: "stratified|random|group|time",
    parse: choice("stratified", "random", "group", "time"),
    fallback: "stratified",
  },
  groupColumn: {
    about: "Column of groups that stay together with --split group; not a feature",
    hint: "COLUMN",
    parse: text(),
  },
  splitSeed: {
    about: "Seed of the random splits; one for all versions of a model, so that none is measured " +
      "on rows that the champion it meets has learnt from",
    hint: "N",
    parse: integer(0, 2 ** 32 - 1),
    fallback: "42",
  },
  minCategoryRows: {
    about: "Categories with fewer rows are learnt together, as those that training has not seen",
    hint: "N",
    parse: integer(1, 1_000_000_000),
    fallback: "1",
  },
  timestampEncoding: {
    about: "What hour, weekday, month, … of times become: ordinal: one number each; cyclic: sine " +
      "and cosine, so that 23:59 is beside 00:00",
    hint: "ordinal|cyclic",
    parse: choice("ordinal", "cyclic"),
    fallback: "ordinal",
  },
} satisfies Options;

/** When a version is good enough. */
export const gateOptions = {
  minAccuracy: {
    about: "Least accuracy of a champion",
    hint: "X",
    parse: number(0, 1),
    fallback: "0",
  },
  minRocAuc: {
    about: "Least area under the ROC curve of a champion",
    hint: "X",
    parse: number(0, 1),
    fallback: "0.5",
  },
  maxRmse: { about: "Highest RMSE of a champion (regression)", hint: "X", parse: number(0, 1e300) },
  minR2: { about: "Least R² of a champion (regression)", hint: "X", parse: number(-1e300, 1) },
  gateMetric: {
    about: "What the champion is compared by; roc_auc, for regression rmse, unless told",
    hint: "roc_auc|accuracy|log_loss|rmse|mae|r2",
    parse: choice("roc_auc", "accuracy", "log_loss", "rmse", "mae", "r2"),
  },
  gateMinGain: {
    about: "Least gain over the champion in that metric; below 0: how much worse still passes",
    hint: "X",
    parse: number(-1e300, 1e300),
    fallback: "0",
  },
  gateConfidence: {
    about: "Confidence of the gain's bootstrap interval",
    hint: "X",
    parse: number(0.5, 0.9999),
    fallback: "0.95",
  },
  gateDoubt: {
    about: "What decides when the interval holds the least gain, so that chance may be at work",
    hint: "estimate|pass|fail",
    parse: choice("estimate", "pass", "fail"),
    fallback: "estimate",
  },
} satisfies Options;

/** Who has the last word. */
const approvalOptions = {
  approval: {
    about: "auto: what passes the gate becomes champion; manual: it waits for training promote",
    hint: "auto|manual",
    parse: choice("auto", "manual"),
    fallback: "auto",
  },
} satisfies Options;

/** A model that is not registered yet, or is. */
const modelOptions = {
  model: {
    about: "Folder or .tar.gz that train wrote; what is measured goes to its MLflow run",
    hint: "PATH",
    parse: text(),
  },
  modelUri: {
    about: "Instead of --model: models:/M@champion, models:/M/3, … or runs:/R/model",
    hint: "URI",
    parse: text(),
  },
} satisfies Options;

/** Rows to measure on. */
const heldOutOptions = {
  data: {
    about: "Labelled data; all its rows are measured on",
    hint: "PATH",
    parse: text(),
  },
  trainData: {
    about: "Without --data: the training data; the rows held out of it are measured on",
    hint: "PATH",
    parse: text(),
  },
} satisfies Options;

/** `train`. */
export const trainOptions = {
  trainData: {
    about: "File or folder to learn from: parquet, CSV, NDJSON; s3:// and wildcards too",
    hint: "PATH",
    parse: text(),
    required: true,
  },
  label: { about: "Column to predict", hint: "COLUMN", parse: text(), required: true },
  testData: {
    about: "Data held out; without it a part of --train-data is",
    hint: "PATH",
    parse: text(),
  },
  testFraction: {
    about: "Part held out when there is no --test-data",
    hint: "X",
    parse: number(0.01, 0.9),
    fallback: "0.2",
  },
  ...columnOptions,
  ...ruleOptions,
  ...preparationOptions,
  ...forestOptions,
  experimentName: {
    about: "MLflow experiment",
    hint: "NAME",
    parse: text(),
    env: "MLFLOW_EXPERIMENT_NAME",
    fallback: "Default",
  },
  runName: { about: "Name of the MLflow run", hint: "NAME", parse: text() },
  modelName: { about: "Registered model", hint: "NAME", parse: text(), fallback: "classifier" },
  ...trackingOptions,
  ...gateOptions,
  ...approvalOptions,
  stages: {
    about:
      "all: also evaluate, register and promote; train: leave that to the pipeline's next steps",
    hint: "all|train",
    parse: choice("all", "train"),
    fallback: "all",
  },
  output: {
    about: "Folder for model/ and evaluation.json",
    hint: "DIR",
    parse: text(),
    fallback: "./out",
  },
} satisfies Options;

/** `training evaluate`. */
export const evaluateOptions = {
  ...modelOptions,
  ...heldOutOptions,
  modelName: {
    about: "Registered model whose champion it is compared with; the model's own unless told",
    hint: "NAME",
    parse: text(),
  },
  runName: { about: "Name of the MLflow run of a --model-uri", hint: "NAME", parse: text() },
  ...trackingOptions,
  ...gateOptions,
  output: {
    about: "Folder for evaluation.json and report.html",
    hint: "DIR",
    parse: text(),
    fallback: "./out",
  },
} satisfies Options;

/** `training register`. */
export const registerOptions = {
  model: { ...modelOptions.model, about: "Folder or .tar.gz that train wrote", required: true },
  evaluation: {
    about: "evaluation.json that evaluate wrote, or its folder",
    hint: "PATH",
    parse: text(),
    required: true,
  },
  promote: {
    about: "Make it champion, if its evaluation passed the gate",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  reject: {
    about: "Leave it challenger, with the reason; without either the evaluation's gate decides",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  reason: { about: "Why, kept as a tag of the version", hint: "TEXT", parse: text() },
  ...heldOutOptions,
  modelName: {
    about: "Registered model; the name that the model was trained for unless told",
    hint: "NAME",
    parse: text(),
  },
  ...trackingOptions,
  ...gateOptions,
  ...approvalOptions,
} satisfies Options;

/** `training rollback`. */
export const rollbackOptions = {
  model: { about: "Registered model", hint: "NAME", parse: text(), required: true },
  to: { about: "Version; the champion before this one unless told", hint: "V", parse: text() },
  reason: { about: "Why, kept as a tag of the version", hint: "TEXT", parse: text() },
  ...trackingOptions,
} satisfies Options;

/** `training promote`. */
export const promoteOptions = {
  model: { about: "Registered model", hint: "NAME", parse: text(), required: true },
  version: { about: "Its version", hint: "V", parse: text(), required: true },
  reason: { about: "Why, kept as a tag of the version", hint: "TEXT", parse: text() },
  ...trackingOptions,
} satisfies Options;
