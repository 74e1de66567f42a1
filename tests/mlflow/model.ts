/**
 * A small real model over every kind of column, trained here and packed by the platform.
 *
 * @module
 */

import {
  type Batch,
  encode,
  type FeatureSchema,
  fitEncoding,
  MISSING_TIMESTAMP,
  targetValues,
} from "../../jobs/lib/dataset/mod.ts";
import { forestEngine, predict, readOnnx, writeOnnx } from "../../jobs/lib/forest/mod.ts";
import { type Artifact, bundleFiles, modelDigest } from "../../jobs/lib/mlflow/mod.ts";

const ROWS = 400;

export const SCHEMA: FeatureSchema = {
  version: 1,
  target: { objective: "classification", label: "late", kind: "string", classes: ["no", "yes"] },
  features: [
    { name: "distance", kind: "number", type: "double" },
    { name: "weekend", kind: "boolean", type: "bool" },
    { name: "carrier", kind: "categorical", type: "string" },
    {
      name: "departure",
      kind: "timestamp",
      type: "timestamp[us]",
      parts: ["hour", "month", "minute_of_day_sin", "minute_of_day_cos"],
    },
    { name: "seats", kind: "number", type: "int64" },
  ],
  dropped: [],
};

const CARRIERS = ["AA", "UA", "None", "nan", "NA", "été"];

/** Rows in which the label follows from all columns, missing values included. */
function table(): Batch {
  const every = <T>(make: (row: number) => T): T[] =>
    Array.from({ length: ROWS }, (_, i) => make(i));
  const distance = every((i) => i % 11 === 0 ? NaN : (i * 37) % 400);
  const weekend = every((i) => i % 13 === 0 ? 255 : i % 2);
  const carrier = every((i) => i % 7 === 0 ? -1 : (i * 5) % CARRIERS.length);
  const departure = every((i) =>
    i % 17 === 0 ? MISSING_TIMESTAMP : BigInt(i * 7919 - 900_000) * 3_600_000_000n
  );
  const seats = every((i) => i % 19 === 0 ? NaN : (i * 53) % 300);
  const late = every((i) => {
    const hour = Number((departure[i] ?? 0n) / 3_600_000_000n) % 24;
    const sum = (distance[i] || 50) + (seats[i] || 20) + 40 * (carrier[i] ?? 0) + 5 * hour +
      ((weekend[i] ?? 0) === 1 ? 60 : 0);
    return sum > 450 ? 1 : 0;
  });
  return {
    rows: ROWS,
    file: "",
    firstRow: 0,
    columns: [
      { kind: "number", name: "distance", type: "double", values: new Float64Array(distance) },
      { kind: "boolean", name: "weekend", type: "bool", values: new Uint8Array(weekend) },
      {
        kind: "string",
        name: "carrier",
        type: "string",
        codes: new Int32Array(carrier),
        dictionary: CARRIERS,
      },
      {
        kind: "timestamp",
        name: "departure",
        type: "timestamp[us]",
        values: new BigInt64Array(departure),
      },
      { kind: "number", name: "seats", type: "int64", values: new Float64Array(seats) },
      {
        kind: "string",
        name: "late",
        type: "string",
        codes: new Int32Array(late),
        dictionary: ["no", "yes"],
      },
    ],
  };
}

/** The bytes of `model.onnx`, always the same. */
export async function trainModel(seed = 1): Promise<Uint8Array> {
  const rows = table();
  const { labels } = targetValues(SCHEMA.target, rows);
  const encoding = fitEncoding(
    SCHEMA,
    rows,
    Uint32Array.from({ length: ROWS }, (_, i) => i),
    labels,
  );
  const { forest } = await forestEngine.train(
    { matrix: encode(encoding, rows), labels, classes: 2 },
    {
      objective: "classification",
      trees: 20,
      maxDepth: 8,
      minSamplesLeaf: 1,
      maxFeatures: "sqrt",
      classWeight: "none",
      seed,
      threads: 1,
    },
  );
  return writeOnnx(forest, encoding, { producer: "test", version: "0" });
}

/** A bundle of that model. */
export async function makeBundle(
  run: { id: string; modelName?: string },
  mlflowVersion?: string,
): Promise<{ files: Artifact[]; onnx: Uint8Array; digest: string }> {
  const onnx = await trainModel();
  const files = bundleFiles({
    onnx,
    schema: SCHEMA,
    inputExample: table(),
    missing: new Set(["seats"]),
    baseline: { statistics: { version: 0 }, constraints: { version: 0 } },
    run,
    createdAt: new Date("2013-01-01T00:00:00Z"),
    mlflowVersion,
  });
  return { files, onnx, digest: modelDigest(onnx) };
}

/** A row of predict.py. */
export interface RawRow {
  readonly distance: number | null;
  readonly weekend: boolean | null;
  readonly carrier: string | null;
  /** Microseconds since 1970. */
  readonly departure: string | null;
  readonly seats: number | null;
}

/** What our own scorer makes of raw rows, as the columns that the graph gives. */
export async function predictOurs(rows: readonly RawRow[]): Promise<Record<string, unknown[]>> {
  const texts = [...new Set(rows.map(({ carrier }) => carrier ?? ""))];
  const batch: Batch = {
    rows: rows.length,
    file: "",
    firstRow: 0,
    columns: [
      numbers("distance", "double", rows.map(({ distance }) => distance)),
      {
        kind: "boolean",
        name: "weekend",
        type: "bool",
        values: Uint8Array.from(rows, ({ weekend }) => weekend === null ? 255 : Number(weekend)),
      },
      {
        kind: "string",
        name: "carrier",
        type: "string",
        codes: Int32Array.from(rows, ({ carrier }) => carrier ? texts.indexOf(carrier) : -1),
        dictionary: texts,
      },
      {
        kind: "timestamp",
        name: "departure",
        type: "timestamp[us]",
        values: BigInt64Array.from(
          rows,
          ({ departure }) => departure === null ? MISSING_TIMESTAMP : BigInt(departure),
        ),
      },
      numbers("seats", "int64", rows.map(({ seats }) => seats)),
    ],
  };
  const { forest, encoding } = readOnnx(await trainModel(), SCHEMA);
  const [no = [], yes = []] = predict(forest, encode(encoding, batch)).map((each) => [...each]);
  const label = no.map((probability, row) => (yes[row] ?? 0) > probability ? "yes" : "no");
  return { label, probability_no: no, probability_yes: yes };
}

function numbers(name: string, type: string, values: readonly (number | null)[]) {
  return {
    kind: "number" as const,
    name,
    type,
    values: Float64Array.from(values, (x) => x ?? NaN),
  };
}
