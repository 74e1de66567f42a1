import type { Values } from "../lib/config.ts";
import {
  type Batch,
  type Constraints,
  type DataReport,
  type Dataset,
  DatasetProfile,
  encode,
  type Encoding,
  type FeatureSchema,
  fitEncoding,
  inferSchema,
  type Labels,
  loadConstraints,
  openDataset,
  readTable,
  requireUsable,
  splitRows,
  take,
  takeLabels,
  targetValues,
  typesOf,
  Validation,
} from "../lib/dataset/mod.ts";
import { checkFeatureNames, type TrainingSet } from "../lib/forest/mod.ts";
import type { Log } from "../lib/log.ts";
import type { HeldOutRows } from "../lib/mlflow/mod.ts";
import { datasetDigest } from "./digest.ts";
import {
  type DataInput,
  dataInput,
  type Division,
  type LabelledRows,
  labelledRows,
  nothingHeldOut,
} from "./held_out.ts";
import { type Baseline, baselineOf } from "./baseline.ts";
import type { trainOptions } from "./options.ts";
import { keptRows, placeInFiles, quarantineLines } from "./quarantine.ts";

/** Everything a training needs of its data. */
export interface PreparedData {
  readonly schema: FeatureSchema;
  readonly encoding: Encoding;
  readonly train: TrainingSet;
  readonly heldOut: LabelledRows;
  /** How a later step finds the same rows. */
  readonly heldOutRows: HeldOutRows;
  readonly report: DataReport;
  /** What was read, for the record. */
  readonly inputs: { readonly training: DataInput; readonly evaluation: DataInput };
  /** A few training rows, raw. */
  readonly example: Batch;
  /** What scoring compares a day's data with. */
  readonly baseline: Baseline;
  /** Lines of the rows that were put aside. */
  readonly quarantine: string;
}

/** Rows of the input example in the bundle. */
const EXAMPLE_ROWS = 5;

/**
 * Reads, checks, splits and encodes the data of a training.
 *
 * @throws {DataError} for whatever is wrong with it
 */
export async function prepareData(
  values: Values<typeof trainOptions>,
  log: Log,
): Promise<PreparedData> {
  const constraints = values.constraints === undefined
    ? undefined
    : await loadConstraints(values.constraints);
  const dataset = await openDataset(values.trainData);
  for (const notice of dataset.notices ?? []) log.warn(notice);
  const checked = await checkedTable(dataset, constraints, values, log);
  const { table, report } = checked;
  const schema = schemaOf(table, dataset, values, log);
  const { labels } = targetValues(schema.target, table);
  const division = divisionOf(values, checked.quarantine !== "");
  const split = splitRows(labels, values.testData === undefined ? division : NOTHING_OUT, table);
  const encoding = fitEncoding(schema, table, split.train, labels, values.minCategoryRows);
  const digest = await datasetDigest(dataset);
  const evaluation = values.testData === undefined
    ? heldOutPart(take(table, split.test), takeLabels(labels, split.test), {
      dataset,
      digest,
      division,
    })
    : await testRows(values.testData, schema);
  const heldOut = evaluation.rows;
  if (heldOut.raw.rows === 0) throw nothingHeldOut(evaluation.input.dataset, split.train.length);
  log.info("data is ready", {
    train_rows: split.train.length,
    held_out_rows: heldOut.raw.rows,
    features: schema.features.length,
    files: dataset.files.length,
  });
  return {
    schema,
    encoding,
    train: {
      matrix: encode(encoding, table, split.train),
      labels: takeLabels(labels, split.train),
      classes: schema.target.objective === "classification" ? schema.target.classes.length : 0,
    },
    heldOut,
    heldOutRows: evaluation.found,
    report,
    baseline: baselineOf(checked.profile, schema, constraints),
    quarantine: checked.quarantine,
    inputs: {
      training: dataInput("training", dataset, digest, split.train.length),
      evaluation: evaluation.input,
    },
    example: take(table, split.train.subarray(0, EXAMPLE_ROWS)),
  };
}

/** What the columns are for, as the options and the table say. */
function schemaOf(
  table: Batch,
  { unsupported }: Dataset,
  values: Values<typeof trainOptions>,
  log: Log,
): FeatureSchema {
  const schema = inferSchema(table, {
    label: values.label,
    objective: values.objective,
    ...(values.keyColumn === undefined ? {} : { key: values.keyColumn }),
    ...(values.timeColumn === undefined ? {} : { time: values.timeColumn }),
    ...(values.groupColumn === undefined ? {} : { group: values.groupColumn }),
    minCategoryRows: values.minCategoryRows,
    timestampEncoding: values.timestampEncoding,
    drop: values.dropColumns,
    unsupported,
  });
  checkFeatureNames(schema);
  for (const { name, reason } of schema.dropped) {
    log.info("column is not a feature", { column: name, reason });
  }
  return schema;
}

/** The rows to measure on, and how a later step finds them again. */
interface Evaluation {
  readonly rows: LabelledRows;
  readonly found: HeldOutRows;
  readonly input: DataInput;
}

/** Those that were held out of the training data. */
function heldOutPart(
  raw: Batch,
  labels: Labels,
  { dataset, digest, division }: {
    readonly dataset: Dataset;
    readonly digest: string;
    readonly division: Division;
  },
): Evaluation {
  return {
    rows: { raw, labels },
    found: { from: "train", digest, ...division },
    input: dataInput("evaluation", dataset, digest, raw.rows, division),
  };
}

/** All labelled ones of a dataset of their own. */
async function testRows(uri: string, schema: FeatureSchema): Promise<Evaluation> {
  const dataset = await openDataset(uri, { types: typesOf(schema) });
  const rows = labelledRows(schema, await readTable(dataset));
  const digest = await datasetDigest(dataset);
  return {
    rows,
    found: { from: "test", digest },
    input: dataInput("evaluation", dataset, digest, rows.raw.rows),
  };
}

/** Of training data beside which there is test data. */
const NOTHING_OUT = { fraction: 0, seed: 0 };

/** How the training data is divided, unless there is test data. */
function divisionOf(values: Values<typeof trainOptions>, quarantined: boolean): Division {
  const { testFraction: fraction, splitSeed: seed, split: by, groupColumn, timeColumn } = values;
  const column = by === "group" ? groupColumn : by === "time" ? timeColumn : undefined;
  return {
    fraction,
    seed,
    ...(by === "stratified" ? {} : { by }),
    ...(column === undefined ? {} : { column }),
    ...(quarantined ? { quarantined } : {}),
  };
}

/** The rows that can be used, and what was found in all of them. */
async function checkedTable(
  dataset: Dataset,
  constraints: Constraints | undefined,
  values: Values<typeof trainOptions>,
  log: Log,
): Promise<{
  readonly table: Batch;
  readonly report: DataReport;
  readonly profile: DatasetProfile;
  readonly quarantine: string;
}> {
  const whole = await readTable(dataset);
  const { onViolation, timeColumn: time } = values;
  const validation = new Validation(whole.columns, whole.rows, {
    label: values.label,
    objective: values.objective,
    onViolation,
    ...(constraints === undefined ? {} : { constraints }),
    ...(values.keyColumn === undefined ? {} : { key: values.keyColumn }),
    ...(time === undefined ? {} : { time }),
  });
  const rejected = validation.add(whole);
  const report = validation.report();
  for (const { severity, message, code, column, count } of report.findings) {
    if (severity === "warning") log.warn(message, { code, column, count });
  }
  requireUsable(report);
  if (onViolation !== "quarantine" || rejected.size === 0) {
    return { table: whole, report, profile: validation.profile, quarantine: "" };
  }
  const quarantine = quarantineLines(whole, rejected, placeInFiles(dataset.files));
  const table = take(whole, keptRows(whole.rows, rejected));
  const profile = new DatasetProfile();
  profile.add(table);
  log.warn("rows that break a rule are not learnt from", { rows: rejected.size });
  return { table, report, profile, quarantine };
}
