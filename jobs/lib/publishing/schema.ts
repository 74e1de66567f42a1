/**
 * What the values of published messages are.
 *
 * @module
 */
import { z } from "zod";

const model = z.object({ name: z.string(), version: z.string() });
const probability = z.number().min(0).max(1);

/** The value of a classifier's message. */
export interface ClassificationValue {
  /** The message's key. */
  readonly id: string;
  /** The predicted class. */
  readonly prediction: string | number | boolean;
  /** Probability of the predicted class. */
  readonly probability: number;
  /** Probability of each class, by its name. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Registered model and its version. */
  readonly model: { readonly name: string; readonly version: string };
  /** The run that published it. */
  readonly run_id: string;
  /** Nominal time of the run, ISO 8601 in UTC. */
  readonly scored_at: string;
}

/** The value of a regressor's message. */
export interface RegressionValue {
  /** The message's key. */
  readonly id: string;
  /** The predicted value. */
  readonly prediction: number;
  /** Registered model and its version. */
  readonly model: { readonly name: string; readonly version: string };
  /** The run that published it. */
  readonly run_id: string;
  /** Nominal time of the run, ISO 8601 in UTC. */
  readonly scored_at: string;
}

/** The value of a message. */
export type PredictionValue = ClassificationValue | RegressionValue;

/** The value of a dead letter: a row that could not be scored. */
export interface DeadLetterValue {
  /** Key of the row, if it has one. */
  readonly id: string | null;
  /** The input it is in. */
  readonly input: string;
  /** Its index there, from 0. */
  readonly row: number;
  /** Why it could not be scored. */
  readonly reason: string;
  /** The run that published it. */
  readonly run_id: string;
}

const classificationValue = z.strictObject({
  id: z.string(),
  prediction: z.union([z.string(), z.number(), z.boolean()]),
  probability,
  probabilities: z.record(z.string(), probability),
  model,
  run_id: z.string(),
  scored_at: z.iso.datetime(),
});
const regressionValue = classificationValue
  .omit({ probability: true, probabilities: true })
  .extend({ prediction: z.number() });
const deadLetterValue = z.strictObject({
  id: z.string().nullable(),
  input: z.string(),
  row: z.int().nonnegative(),
  reason: z.string(),
  run_id: z.string(),
});

/** Reads the value of a message. @throws {z.ZodError} if it is none */
export function parsePrediction(json: string): PredictionValue {
  return z.union([classificationValue, regressionValue]).parse(JSON.parse(json));
}

/** Reads the value of a dead letter. @throws {z.ZodError} if it is none */
export function parseDeadLetter(json: string): DeadLetterValue {
  return deadLetterValue.parse(JSON.parse(json));
}
