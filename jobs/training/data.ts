import type { Values } from "../lib/config.ts";
import {
  type Batch,
  type DataReport,
  type Dataset,
  encode,
  type Encoding,
  type FeatureSchema,
  fitEncoding,
  inferSchema,
  matchColumns,
  openDataset,
  readTable,
  requireUsable,
  splitRows,
  take,
  takeLabels,
  targetValues,
  validateTable,
} from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { checkFeatureNames, type Matrix, type TrainingSet } from "../lib/forest/mod.ts";
import type { Log } from "../lib/log.ts";
import type { trainOptions } from "./options.ts";

/** Labelled rows that no tree has seen. */
export interface HeldOut {
  readonly matrix: Matrix;
  readonly labels: Int32Array | Float64Array;
  /** The same rows as they came, for models with another encoding. */
  readonly raw: Batch;
}

/** Everything a training needs of its data. */
export interface PreparedData {
  readonly schema: FeatureSchema;
  readonly encoding: Encoding;
  readonly train: TrainingSet;
  readonly heldOut: HeldOut;
  readonly report: DataReport;
  /** What was read, for the record. */
  readonly inputs: readonly {
    readonly context: "training" | "evaluation";
    readonly dataset: Dataset;
  }[];
  /** A few training rows, raw. */
  readonly example: Batch;
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
  const split = splitRows(labels, {
    fraction: values.testData === undefined ? values.testFraction : 0,
    seed: values.seed,
  });
  const encoding = fitEncoding(schema, table, split.train, labels);
  const test = values.testData === undefined ? undefined : await openDataset(values.testData);
  const heldOut = test === undefined
    ? { raw: take(table, split.test), labels: takeLabels(labels, split.test) }
    : await readLabelled(test, schema);
  if (heldOut.raw.rows === 0) throw nothingHeldOut(test ?? dataset, split.train.length);
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
    heldOut: { ...heldOut, matrix: encode(encoding, heldOut.raw) },
    report,
    inputs: [
      { context: "training", dataset },
      ...(test === undefined ? [] : [{ context: "evaluation" as const, dataset: test }]),
    ],
    example: take(table, split.train.subarray(0, EXAMPLE_ROWS)),
  };
}

function nothingHeldOut({ uri }: Dataset, labelled: number): DataError {
  return new DataError({
    code: "data.too-few-rows",
    cannot: "measure a model",
    found: `no row of ${uri} can be held out, with ${labelled} labelled rows to train on`,
    todo: "Give at least two rows of a class, or --test-data with labels",
    place: { file: uri },
  });
}

async function readLabelled(dataset: Dataset, schema: FeatureSchema) {
  const { columns } = matchColumns(schema, dataset.fields, null);
  const table = await readTable(dataset, [...columns, schema.target.label]);
  const { labels } = targetValues(schema.target, table);
  const { train: labelled } = splitRows(labels, { fraction: 0, seed: 0 });
  return { raw: take(table, labelled), labels: takeLabels(labels, labelled) };
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
