/**
 * The parts of a timestamp in integer arithmetic, as ONNX nodes.
 *
 * ONNX's Div rounds integers towards zero and its Mod takes the divisor's sign: days before 1970
 * need a division that rounds down, made here without leaving int64.
 *
 * @module
 */

import {
  type CalendarField,
  circleOf,
  fieldOfPart,
  MISSING_TIMESTAMP,
  type TimestampPart,
} from "../../dataset/mod.ts";
import { TensorProto_DataType as DataType } from "./gen/onnx-ml_pb.ts";
import type { GraphBuilder } from "./graph.ts";

const MINUTE = 60_000_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/**
 * Adds the nodes that take the parts of one timestamp column.
 *
 * @param input Name of the input: int64 microseconds since 1970 UTC, [N].
 * @returns One float32 tensor [N] a part: NaN where the timestamp is missing.
 */
export function timestampParts(
  graph: GraphBuilder,
  input: string,
  parts: readonly TimestampPart[],
): string[] {
  const int = new IntegerNodes(graph);
  const missing = graph.node("Equal", [input, graph.int64(MISSING_TIMESTAMP)]);
  const time = graph.node("Where", [missing, graph.int64(0n), input]);
  const timeOfDay = int.mod(time, DAY);
  const day = int.floorDiv(time, DAY);
  return parts.map((part) => {
    const { field, coordinate } = fieldOfPart(part);
    const whole = FIELDS[field](int, day, timeOfDay);
    const value = coordinate === undefined
      ? graph.node("Cast", [whole], { attributes: { to: { int: DataType.FLOAT } } })
      : graph.node("Gather", [graph.floats(part, circleOf(field, coordinate)), whole]);
    const name = `${input}:${part}`;
    return graph.node("Where", [missing, graph.float(NaN), value], { name });
  });
}

type FieldNodes = (int: IntegerNodes, day: string, timeOfDay: string) => string;

const FIELDS: Readonly<Record<CalendarField, FieldNodes>> = {
  month: (int, day) => int.add(int.mod(int.add(marchMonth(int, day), 2n), 12n), 1n),
  day: (int, day) => {
    const before = int.div(int.add(int.mul(marchMonth(int, day), 153n), 2n), 5n);
    return int.add(int.subtract(dayOfMarchYear(int, day), before), 1n);
  },
  // Day 0, 1970-01-01, was a Thursday.
  day_of_week: (int, day) => int.mod(int.add(day, 3n), 7n),
  hour: (int, _day, timeOfDay) => int.div(timeOfDay, HOUR),
  minute_of_day: (int, _day, timeOfDay) => int.div(timeOfDay, MINUTE),
};

/** Months since March, 0 … 11: the leap day then ends the year. */
function marchMonth(int: IntegerNodes, day: string): string {
  return int.div(int.add(int.mul(dayOfMarchYear(int, day), 5n), 2n), 153n);
}

/**
 * Days since 1 March of the same or the year before.
 *
 * @see https://howardhinnant.github.io/date_algorithms.html#civil_from_days
 */
function dayOfMarchYear(int: IntegerNodes, day: string): string {
  const dayOfEra = int.mod(int.add(day, 719_468n), 146_097n);
  const leapDays = int.subtract(
    int.subtract(int.div(dayOfEra, 36_524n), int.div(dayOfEra, 146_096n)),
    int.div(dayOfEra, 1460n),
  );
  const yearOfEra = int.div(int.plus(dayOfEra, leapDays), 365n);
  const daysBefore = int.subtract(
    int.plus(int.mul(yearOfEra, 365n), int.div(yearOfEra, 4n)),
    int.div(yearOfEra, 100n),
  );
  return int.subtract(dayOfEra, daysBefore);
}

/** Arithmetic on int64 tensors; the same operation on the same tensors is added once. */
class IntegerNodes {
  readonly #graph: GraphBuilder;
  readonly #known = new Map<string, string>();

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  plus(a: string, b: string): string {
    return this.#node("Add", a, b);
  }

  subtract(a: string, b: string): string {
    return this.#node("Sub", a, b);
  }

  add(a: string, constant: bigint): string {
    return this.#node("Add", a, this.#graph.int64(constant));
  }

  mul(a: string, constant: bigint): string {
    return this.#node("Mul", a, this.#graph.int64(constant));
  }

  /** Rounds towards zero. */
  div(a: string, constant: bigint): string {
    return this.#node("Div", a, this.#graph.int64(constant));
  }

  /** From 0 to `constant - 1`. */
  mod(a: string, constant: bigint): string {
    return this.#node("Mod", a, this.#graph.int64(constant));
  }

  /** Rounds down. */
  floorDiv(a: string, constant: bigint): string {
    const negative = this.#node("Less", a, this.#graph.int64(0n));
    const below = this.add(this.div(this.add(a, 1n), constant), -1n);
    return this.#graph.node("Where", [negative, below, this.div(a, constant)]);
  }

  #node(opType: string, a: string, b: string): string {
    const key = [opType, a, b].join("\n");
    const known = this.#known.get(key) ?? this.#graph.node(opType, [a, b]);
    this.#known.set(key, known);
    return known;
  }
}
