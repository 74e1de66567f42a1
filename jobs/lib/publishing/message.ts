/**
 * Turns a model's outputs into messages. All that a run's messages share is prepared once, since
 * this is done for every row.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Target } from "../dataset/mod.ts";
import type { DeadLetterValue } from "./schema.ts";
import type { Message } from "./sink.ts";

/** What all messages of a run say. */
export interface MessageOrigin {
  /** The run. */
  readonly run_id: string;
  /** The run that this one replaces. */
  readonly supersedes?: string | undefined;
  /** Registered model and its version. */
  readonly model: { readonly name: string; readonly version: string };
  /** Nominal time of the run, ISO 8601 in UTC. */
  readonly scored_at: string;
}

/** Writes the messages of one input of a run. */
export interface MessageWriter {
  /**
   * The message of a row.
   *
   * @param row the row's index in the input
   * @param key value of the key column; undefined without a key column
   * @param outputs the model's: one array a class in the target's order, or one of values
   * @param index where in `outputs` the row is
   */
  prediction(
    row: number,
    key: string | undefined,
    outputs: readonly ArrayLike<number>[],
    index: number,
  ): Message;
  /**
   * The dead letter of a row that cannot be scored.
   *
   * @param key value of the key column, if the row has one
   */
  deadLetter(row: number, key: string | undefined, reason: string): Message;
}

/**
 * Prepares the messages of one input of a run.
 *
 * @param input what identifies the input in the manifest, such as its path
 */
export function messageWriter(origin: MessageOrigin, target: Target, input: string): MessageWriter {
  const { run_id, supersedes, model, scored_at } = origin;
  const eventId = eventIds(run_id, input);
  const headers = (event: string): Message["headers"] => ({
    "event-id": event,
    "model-version": model.version,
    "run-id": run_id,
    "content-type": "application/json",
    ...(supersedes === undefined ? {} : { supersedes }),
  });
  const predicted = target.objective === "classification"
    ? classification(target.classes)
    : regression;
  const name = JSON.stringify({ name: model.name, version: model.version });
  const shared = `,"model":${name},"run_id":${JSON.stringify(run_id)}` +
    `,"scored_at":${JSON.stringify(scored_at)}}`;
  return {
    prediction: (row, key, outputs, index) => {
      const event = eventId(row);
      const id = key ?? event;
      const value = `{"id":${quote(id)},${predicted(outputs, index)}${shared}`;
      return { key: id, value, headers: headers(event) };
    },
    deadLetter: (row, key, reason) => {
      const event = eventId(row);
      const value: DeadLetterValue = { id: key ?? null, input, row, reason, run_id };
      return { key: key ?? event, value: JSON.stringify(value), headers: headers(event) };
    },
  };
}

/**
 * Names a row of an input in a run: the same on every attempt, different for any other row.
 *
 * @returns of a row index: the first 128 bits of SHA-256(run id, NUL, input), and the index
 */
export function eventIds(runId: string, input: string): (row: number) => string {
  const hash = createHash("sha256").update(`${runId}\0${input}`).digest("hex").slice(0, 32);
  return (row) => `${hash}-${row}`;
}

/**
 * Decimal digits of a float32 that read back as the same float32, and as no more than nine: the nine
 * that suffice for every float32 (IEEE 754-2019, 5.12.2).
 */
export function decimal(value: number): string {
  if (value >= 0.1 && value < 1) {
    // Most probabilities: an integer is printed in a third of the time.
    let digits = Math.round(value * 1e9);
    if (digits === 1e9) return "1";
    while (digits % 10 === 0) digits /= 10;
    return `0.${digits}`;
  }
  return String(Number(value.toPrecision(9)));
}

type Predicted = (outputs: readonly ArrayLike<number>[], index: number) => string;

function classification(classes: readonly (boolean | number | string)[]): Predicted {
  const literals = classes.map((name) => JSON.stringify(name));
  const names = classes.map((name) => `${JSON.stringify(String(name))}:`);
  return (outputs, index) => {
    let best = 0;
    let text = "";
    for (let k = 0; k < names.length; k++) {
      if (at(outputs, k, index) > at(outputs, best, index)) best = k;
      text += `${k > 0 ? "," : ""}${names[k]}${decimal(at(outputs, k, index))}`;
    }
    const probability = decimal(at(outputs, best, index));
    return `"prediction":${literals[best]},"probability":${probability},"probabilities":{${text}}`;
  };
}

const regression: Predicted = (outputs, index) => `"prediction":${decimal(at(outputs, 0, index))}`;

function at(outputs: readonly ArrayLike<number>[], k: number, index: number): number {
  const value = outputs[k]?.[index];
  // JSON has no NaN, and an undefined would be silently wrong.
  if (value === undefined || !Number.isFinite(value)) {
    throw new RangeError(`output ${k} of row ${index} is ${value}`);
  }
  return value;
}

/** A JSON string; most keys need no escaping. */
function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

const PLAIN = /^[ !#-[\]-~\u00a0-\ud7ff]*$/;
