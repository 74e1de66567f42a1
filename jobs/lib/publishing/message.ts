/**
 * Turns a model's outputs into messages, byte by byte: all that a run's messages share is encoded
 * once, and a row costs no string, since this is done for every row.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { PackedKeys, Target } from "../dataset/mod.ts";
import { digitsOf, writeBytes, writeDecimal, writeInteger, writeJsonText } from "./ascii.ts";
import { type Message, MessagePacker, type PackedMessages, packHeaders } from "./packed.ts";
import type { DeadLetterValue } from "./schema.ts";
import { sizeOfVarint, writeVarint } from "./varint.ts";

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
   * Adds the message of a row.
   *
   * @param row the row's index in the input
   * @param keys names of rows; undefined without a key column
   * @param outputs the model's: one array a class in the target's order, or one of values
   * @param index where in `keys` and `outputs` the row is
   */
  prediction(
    row: number,
    keys: PackedKeys | undefined,
    outputs: readonly ArrayLike<number>[],
    index: number,
  ): void;
  /**
   * Adds the dead letter of a row that cannot be scored.
   *
   * @param key value of the key column, if the row has one
   */
  deadLetter(row: number, key: string | undefined, reason: string): void;
  /** What was added since the last time. */
  take(): { readonly messages: PackedMessages; readonly deadLetters: PackedMessages };
  /** Takes back messages that are published, to write others over them. */
  reuse(messages: PackedMessages): void;
}

/**
 * Prepares the messages of one input of a run.
 *
 * @param input what identifies the input in the manifest, such as its path
 */
export function messageWriter(origin: MessageOrigin, target: Target, input: string): MessageWriter {
  const { run_id } = origin;
  const eventId = eventIds(run_id, input);
  const event = encoder.encode(eventId(0).slice(0, -1));
  const headers = headersOf(origin);
  const predicted = target.objective === "classification"
    ? classification(target.classes)
    : regression();
  const { tail, after } = sharedParts(origin, predicted.end, event);
  const most = predicted.most + tail.length + after.length + 2 * event.length + 100;
  const messages = new MessagePacker();
  const deadLetters = new MessagePacker();
  return {
    prediction: (row, keys, outputs, index) => {
      const first = keys === undefined ? 0 : keys.offsets[index] as number;
      const end = keys === undefined ? 0 : keys.offsets[index + 1] as number;
      // The key, and the same as JSON.
      let at = messages.begin(most + 7 * (end - first));
      const { bytes } = messages;
      const size = event.length + digitsOf(row);
      let value: number;
      if (keys === undefined) {
        at = writeVarint(bytes, at, size);
        at = writeInteger(bytes, writeBytes(bytes, at, event, 0, event.length), row);
        value = at + ROOM;
        at = writeBytes(bytes, value, OPENING, 0, OPENING.length);
        at = writeInteger(bytes, writeBytes(bytes, at, event, 0, event.length), row);
      } else {
        at = writeVarint(bytes, at, end - first);
        at = writeBytes(bytes, at, keys.bytes, first, end);
        value = at + ROOM;
        at = writeBytes(bytes, value, OPENING, 0, OPENING.length);
        at = writeJsonText(bytes, at, keys.bytes, first, end);
      }
      at = predicted.write(bytes, at, outputs, index);
      bytes.set(tail.bytes, at);
      const moved = writeLength(bytes, value, at + tail.json - value, at + tail.length);
      at += tail.length + moved;
      // What measures the event id stands before the part of it that all rows share.
      bytes[at - event.length - 1] = size << 1;
      at = writeInteger(bytes, at, row);
      bytes.set(after, at);
      messages.end(at + after.length);
    },
    deadLetter: (row, key, reason) => {
      const event = eventId(row);
      const value: DeadLetterValue = { id: key ?? null, input, row, reason, run_id };
      deadLetters.add(
        encoder.encode(key ?? event),
        encoder.encode(JSON.stringify(value)),
        packHeaders({ "event-id": event, ...headers }),
      );
    },
    take: () => ({ messages: messages.take(), deadLetters: deadLetters.take() }),
    reuse: (published) => messages.reuse(published),
  };
}

/** Bytes that the length of a value takes, if it has 64 to 8191 bytes as nearly all. */
const ROOM = 2;

/** Writes a value's length before it; where that takes other room, what follows moves. */
function writeLength(bytes: Uint8Array, value: number, size: number, end: number): number {
  const moved = sizeOfVarint(size) - ROOM;
  if (moved !== 0) bytes.copyWithin(value + moved, value, end);
  writeVarint(bytes, value - ROOM, size);
  return moved;
}

/** All headers but the event id, which stands before them. */
function headersOf({ run_id, supersedes, model }: MessageOrigin): Message["headers"] {
  return {
    "model-version": model.version,
    "run-id": run_id,
    "content-type": "application/json",
    ...(supersedes === undefined ? {} : { supersedes }),
  };
}

/** What follows a row's prediction, up to and from the row's number in the event id. */
function sharedParts(
  origin: MessageOrigin,
  closing: string,
  event: Uint8Array,
): {
  readonly tail: { readonly bytes: Uint8Array; readonly length: number; readonly json: number };
  readonly after: Uint8Array;
} {
  const { run_id, model, scored_at } = origin;
  const name = JSON.stringify({ name: model.name, version: model.version });
  const json = encoder.encode(
    `${closing},"model":${name},"run_id":${JSON.stringify(run_id)}` +
      `,"scored_at":${JSON.stringify(scored_at)}}`,
  );
  const others = headersOf(origin);
  const begun = packHeaders({ "event-id": "", ...others });
  const rest = packHeaders(others);
  const count = sizeOfVarint(Object.keys(others).length);
  const after = rest.subarray(count);
  // The event id is empty in `begun`, whose last byte before the others is its length.
  const bytes = new Uint8Array(json.length + begun.length - after.length + event.length);
  bytes.set(json);
  bytes.set(begun.subarray(0, begun.length - after.length), json.length);
  bytes.set(event, bytes.length - event.length);
  return { tail: { bytes, length: bytes.length, json: json.length }, after };
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

/** What a row's outputs say, as JSON. */
interface Predicted {
  /** Most bytes that `write` writes. */
  readonly most: number;
  /** Writes what follows the id; returns where it ends. */
  write(
    bytes: Uint8Array,
    start: number,
    outputs: readonly ArrayLike<number>[],
    index: number,
  ): number;
  /** What follows it. */
  readonly end: string;
}

function classification(classes: readonly (boolean | number | string)[]): Predicted {
  const chosen = classes.map((name) =>
    encoder.encode(`","prediction":${JSON.stringify(name)},"probability":`)
  );
  const names = classes.map((name, k) =>
    encoder.encode(`${k > 0 ? "," : ',"probabilities":{'}${JSON.stringify(String(name))}:`)
  );
  const size = (all: readonly Uint8Array[]) => all.reduce((sum, { length }) => sum + length, 0);
  return {
    most: size(chosen) + size(names) + (classes.length + 1) * LONGEST,
    write: (bytes, start, outputs, index) => {
      let best = 0;
      for (let k = 1; k < names.length; k++) {
        if (at(outputs, k, index) > at(outputs, best, index)) best = k;
      }
      const choice = chosen[best] as Uint8Array;
      const digits = writeBytes(bytes, start, choice, 0, choice.length);
      const end = writeDecimal(bytes, digits, at(outputs, best, index));
      let next = end;
      for (let k = 0; k < names.length; k++) {
        const name = names[k] as Uint8Array;
        next = writeBytes(bytes, next, name, 0, name.length);
        next = k === best
          ? writeBytes(bytes, next, bytes, digits, end)
          : writeDecimal(bytes, next, at(outputs, k, index));
      }
      return next;
    },
    end: "}",
  };
}

function regression(): Predicted {
  const name = encoder.encode('","prediction":');
  return {
    most: name.length + LONGEST,
    write: (bytes, start, outputs, index) =>
      writeDecimal(
        bytes,
        writeBytes(bytes, start, name, 0, name.length),
        at(outputs, 0, index),
      ),
    end: "",
  };
}

/** Most characters of a decimal: a sign, nine digits, a point, an exponent of two digits. */
const LONGEST = 32;

function at(outputs: readonly ArrayLike<number>[], k: number, index: number): number {
  const value = outputs[k]?.[index];
  // JSON has no NaN, and an undefined would be silently wrong.
  if (value === undefined || !Number.isFinite(value)) {
    throw new RangeError(`output ${k} of row ${index} is ${value}`);
  }
  return value;
}

const encoder = new TextEncoder();
const OPENING = encoder.encode('{"id":"');
