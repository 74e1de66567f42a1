import type { Values } from "../lib/config.ts";
import {
  type Batch,
  type DataReport,
  encode,
  type Encoding,
  type FeatureSchema,
  fitEncoding,
  inferSchema,
  openDataset,
  readTable,
  requireUsable,
  splitRows,
  take,
  takeLabels,
  targetValues,
  validateTable,
} from "../lib/dataset/mod.ts";
import { checkFeatureNames, type TrainingSet } from "../lib/forest/mod.ts";
import type { Log } from "../lib/log.ts";
import type { HeldOutRows } from "../lib/mlflow/mod.ts";
import { datasetDigest } from "./digest.ts";
import {
  type DataInput,
  dataInput,
  type LabelledRows,
  labelledRows,
  nothingHeldOut,
} from "./held_out.ts";
import { type Baseline, baselineOf } from "./baseline.ts";
import type { trainOptions } from "./options.ts";

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
  const dataset = await openDataset(values.trainData);
  const table = await readTable(dataset);
  const report = checkedReport(table, values, log);
  const schema = inferSchema(table, {
    label: values.label,
    objective: values.objective,
    ...(values.keyColumn === undefined ? {} : { key: values.keyColumn }),
    ...(values.timeColumn === undefined ? {} : { time: values.timeColumn }),
    drop: values.dropColumns,
    unsupported: dataset.unsupported,
  });
  checkFeatureNames(schema);
  for (const { name, reason } of schema.dropped) {
    log.info("column is not a feature", { column: name, reason });
  }

  const { labels } = targetValues(schema.target, table);
  const fraction = values.testData === undefined ? values.testFraction : 0;
  const split = splitRows(labels, { fraction, seed: values.seed });
  const encoding = fitEncoding(schema, table, split.train, labels);
  const test = values.testData === undefined ? undefined : await openDataset(values.testData);
  const heldOut = test === undefined
    ? { raw: take(table, split.test), labels: takeLabels(labels, split.test) }
    : labelledRows(schema, await readTable(test));
  if (heldOut.raw.rows === 0) throw nothingHeldOut(test ?? dataset, split.train.length);
  const digest = await datasetDigest(dataset);
  const testDigest = test === undefined ? digest : await datasetDigest(test);
  const division = test === undefined ? { fraction, seed: values.seed } : undefined;
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
    baseline: baselineOf(table, schema),
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

function checkedReport(table: Batch, values: Values<typeof trainOptions>, log: Log): DataReport {
  const report = validateTable(table, {
    label: values.label,
    objective: values.objective,
    ...(values.keyColumn === undefined ? {} : { key: values.keyColumn }),
  });
  for (const { severity, message, code, column, count } of report.findings) {
    if (severity === "warning") log.warn(message, { code, column, count });
  }
  requireUsable(report);
  return report;
}
