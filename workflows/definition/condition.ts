import type { Scalar, Value } from "./expression.ts";
import { type Step, stepJson, type StepOptions } from "./step.ts";

/** A comparison, or some of them; made by the functions of this file. */
export interface Condition {
  /** Its form in a definition. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** Both are equal. */
export function equals<T extends Scalar>(left: Value<T>, right: Value<NoInfer<T>>): Condition {
  return compare("Equals", left, right);
}

/** The left one is greater. */
export function greaterThan(left: Value<number>, right: Value<number>): Condition {
  return compare("GreaterThan", left, right);
}

/** The left one is greater, or both are equal. */
export function greaterThanOrEqualTo(left: Value<number>, right: Value<number>): Condition {
  return compare("GreaterThanOrEqualTo", left, right);
}

/** The left one is less. */
export function lessThan(left: Value<number>, right: Value<number>): Condition {
  return compare("LessThan", left, right);
}

/** The left one is less, or both are equal. */
export function lessThanOrEqualTo(left: Value<number>, right: Value<number>): Condition {
  return compare("LessThanOrEqualTo", left, right);
}

/** It is one of some. */
export function isIn<T extends Scalar>(
  value: Value<T>,
  values: readonly Value<NoInfer<T>>[],
): Condition {
  return { toJSON: () => ({ Type: "In", QueryValue: value, Values: values }) };
}

/** The other does not hold. */
export function not(condition: Condition): Condition {
  return { toJSON: () => ({ Type: "Not", Expression: condition }) };
}

/** At least one holds. */
export function or(...conditions: readonly Condition[]): Condition {
  return { toJSON: () => ({ Type: "Or", Conditions: conditions }) };
}

/** What a condition step decides. */
export interface ConditionOptions extends StepOptions {
  /** All of them must hold. */
  readonly when: readonly Condition[];
  /** Run if they do. */
  readonly then: readonly Step[];
  /** Run if not. */
  readonly otherwise?: readonly Step[];
}

/** A step that chooses between others. */
export function condition(name: string, options: ConditionOptions): Step {
  const { when, then, otherwise = [] } = options;
  return {
    name,
    toJSON: () =>
      stepJson(name, "Condition", {
        Arguments: { Conditions: when, IfSteps: then, ElseSteps: otherwise },
      }, options),
  };
}

function compare(type: string, left: Value<Scalar>, right: Value<Scalar>): Condition {
  return { toJSON: () => ({ Type: type, LeftValue: left, RightValue: right }) };
}
