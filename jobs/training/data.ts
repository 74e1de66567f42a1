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
  const schema = inferSchema(table, {
    label: values.label,
    objective: values.objective,
    ...(values.keyColumn === undefined ? {} : { key: values.keyColumn }),
    ...(values.timeColumn === undefined ? {} : { time: values.timeColumn }),
    ...(values.groupColumn === undefined ? {} : { group: values.groupColumn }),
    minCategoryRows: values.minCategoryRows,
    timestampEncoding: values.timestampEncoding,
    drop: values.dropColumns,
    unsupported: dataset.unsupported,
  });
  checkFeatureNames(schema);
  for (const { name, reason } of schema.dropped) {
    log.info("column is not a feature", { column: name, reason });
  }

  const { labels } = targetValues(schema.target, table);
  const division = divisionOf(values, checked.quarantine !== "");
  const split = splitRows(labels, division ?? { fraction: 0, seed: 0 }, table);
  const encoding = fitEncoding(schema, table, split.train, labels, values.minCategoryRows);
  const test = values.testData === undefined
    ? undefined
    : await openDataset(values.testData, { types: typesOf(schema) });
  const heldOut = test === undefined
    ? { raw: take(table, split.test), labels: takeLabels(labels, split.test) }
    : labelledRows(schema, await readTable(test));
  if (heldOut.raw.rows === 0) throw nothingHeldOut(test ?? dataset, split.train.length);
  const digest = await datasetDigest(dataset);
  const testDigest = test === undefined ? digest : await datasetDigest(test);
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
    heldOutRows: division === undefined
      ? { from: "test", digest: testDigest }
      : { from: "train", digest, ...division },
    report,
    baseline: baselineOf(checked.profile, schema, constraints),
    quarantine: checked.quarantine,
    inputs: {
      training: dataInput("training", dataset, digest, split.train.length),
      evaluation: dataInput(
        "evaluation",
        test ?? dataset,
        testDigest,
        heldOut.raw.rows,
        division,
      ),
    },
    example: take(table, split.train.subarray(0, EXAMPLE_ROWS)),
  };
}

/** How the training data is divided; not at all where there is test data. */
function divisionOf(
  values: Values<typeof trainOptions>,
  quarantined: boolean,
): Division | undefined {
  if (values.testData !== undefined) return undefined;
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
