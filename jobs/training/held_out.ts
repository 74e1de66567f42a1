/**
 * The rows that a model is measured on: found the same way by every step, on every machine.
 *
 * @module
 */

import { createHash } from "node:crypto";
import {
  type Batch,
  type Dataset,
  type FeatureSchema,
  type Labels,
  matchColumns,
  openDataset,
  readConstraints,
  readTable,
  RowRules,
  type SplitBy,
  splitRows,
  take,
  takeLabels,
  targetValues,
  typesOf,
} from "../lib/dataset/mod.ts";
import { DataError, UsageError } from "../lib/errors.ts";
import type { Bundle, HeldOutRows } from "../lib/mlflow/mod.ts";
import { datasetDigest } from "./digest.ts";
import { keptRows } from "./quarantine.ts";

/** Rows with a label, as they came, for models of any encoding. */
export interface LabelledRows {
  readonly raw: Batch;
  /** Class index in the target's classes, or for regression the value. */
  readonly labels: Labels;
}

/** Rows of a dataset that were used, and what tells them from others. */
export interface DataInput {
  readonly context: "training" | "evaluation";
  /** The last part of the dataset's path. */
  readonly name: string;
  readonly dataset: Dataset;
  /** Of the dataset, or of the part of it that was held out. */
  readonly digest: string;
  /** Used rows. */
  readonly rows: number;
}

/** How a dataset was divided. */
export interface Division {
  readonly fraction: number;
  readonly seed: number;
  /** By the classes unless told. */
  readonly by?: SplitBy;
  /** Of groups or times. */
  readonly column?: string;
  /** Whether rows that break a rule of the model's constraints were put aside before. */
  readonly quarantined?: boolean;
}

/** Where labelled data is. */
export interface HeldOutPaths {
  /** All its labelled rows are measured on. */
  readonly data?: string | undefined;
  /** The training data: the rows that the training held out of it. */
  readonly trainData?: string | undefined;
}

/** Notes which rows of a dataset were used for what. */
export function dataInput(
  context: DataInput["context"],
  dataset: Dataset,
  digest: string,
  rows: number,
  division?: Division,
): DataInput {
  const name = dataset.uri.split("/").filter((part) => part !== "").at(-1) ?? "data";
  if (division === undefined) return { context, name, dataset, digest, rows };
  const { fraction, seed, by = "stratified", column = "", quarantined = false } = division;
  const part = `${digest} ${fraction} ${seed}` +
    (by === "stratified" ? "" : ` ${by} ${column}`) + (quarantined ? " quarantined" : "");
  return {
    context,
    name: `${name} (held out)`,
    dataset,
    digest: createHash("sha256").update(part).digest("hex").slice(0, 32),
    rows,
  };
}

/**
 * Finds the rows to measure a model on: those that its training held out, as the bundle's `run.json`
 * notes, or all of other data.
 *
 * @throws {DataError} `evaluation.other-data`, `data.too-few-rows`, and what reading throws
 * @throws {UsageError} `evaluation.no-data`, `evaluation.nothing-held-out`
 */
export async function readHeldOut(
  paths: HeldOutPaths,
  schema: FeatureSchema,
  { run, files }: Pick<Bundle, "run" | "files">,
): Promise<{ readonly rows: LabelledRows; readonly input: DataInput }> {
  const ofTraining = paths.data === undefined;
  const path = paths.data ?? paths.trainData;
  if (path === undefined) throw noData();
  const dataset = await openDataset(path, { types: typesOf(schema) });
  const digest = await datasetDigest(dataset);
  matchColumns(schema, dataset.fields, null, dataset.unsupported);
  const division = ofTraining ? requireDivision(run?.held_out, path, digest) : undefined;
  const table = await readTable(dataset);
  const kept = division?.quarantined === true ? withoutRejected(table, files) : table;
  const rows = labelledRows(schema, kept, division);
  const count = rows.raw.rows;
  if (count === 0) throw nothingHeldOut(dataset, 0);
  return { rows, input: dataInput("evaluation", dataset, digest, count, division) };
}

/** The rows with a label that the model knows: all, or those that a division holds out. */
export function labelledRows(
  schema: FeatureSchema,
  table: Batch,
  division?: Division,
): LabelledRows {
  matchColumns(schema, table.columns, null);
  const { labels } = targetValues(schema.target, table);
  const chosen = division === undefined
    ? splitRows(labels, { fraction: 0, seed: 0 }).train
    : splitRows(labels, division, table).test;
  return { raw: take(table, chosen), labels: takeLabels(labels, chosen) };
}

/** The rows that the training did not put aside, by the constraints in the bundle. */
function withoutRejected(table: Batch, files: Bundle["files"]): Batch {
  const file = files.find(({ path }) => path === CONSTRAINTS_FILE);
  if (file === undefined) return table;
  const constraints = readConstraints(new TextDecoder().decode(file.bytes), CONSTRAINTS_FILE);
  const { rejected } = new RowRules(constraints).check(table);
  return take(table, keptRows(table.rows, rejected));
}

const CONSTRAINTS_FILE = "baseline/constraints.json";

/** What is said where not a row is left to measure on. */
export function nothingHeldOut({ uri }: Dataset, labelled: number): DataError {
  return new DataError({
    code: "data.too-few-rows",
    cannot: "measure a model",
    found: labelled === 0
      ? `no row of ${uri} has a label that the model knows`
      : `no row of ${uri} can be held out, with ${labelled} labelled rows to train on`,
    todo: "Give at least two rows of a class, or --test-data with labels",
    place: { file: uri },
  });
}

function requireDivision(
  heldOut: HeldOutRows | undefined,
  uri: string,
  digest: string,
): Division {
  if (heldOut?.from !== "train") {
    throw new UsageError({
      code: "evaluation.nothing-held-out",
      cannot: `measure the model on rows held out of ${uri}`,
      found: heldOut === undefined
        ? "the model's run.json does not say which rows those are"
        : "the model was trained on all of its training data and measured on other data",
      todo: "Give labelled data that the model has not seen as --data",
      place: { file: uri },
    });
  }
  if (heldOut.digest !== digest) {
    throw new DataError({
      code: "evaluation.other-data",
      cannot: `measure the model on rows held out of ${uri}`,
      found: `its digest is ${digest}, but the training data's was ${heldOut.digest}`,
      todo: "Give the data that the model was trained on, or all of other data as --data",
      place: { file: uri },
    });
  }
  return heldOut;
}

function noData(): UsageError {
  return new UsageError({
    code: "evaluation.no-data",
    cannot: "measure the model",
    found: "there is neither --data nor --train-data",
    todo: "Give labelled data as --data, or the training data as --train-data to measure on the " +
      "rows that the training held out",
    place: { option: "--data" },
  });
}
