import { Expression, type Scalar } from "./expression.ts";
import type { Variable } from "./variable.ts";

/** What a parameter may say about itself. */
export interface ParameterOptions<T> {
  /** Taken where a start names no other; without it every start must name one. */
  readonly defaultValue?: T | Variable<T>;
  /** The only values that are allowed. */
  readonly enumValues?: readonly T[];
}

/** Something that is chosen when an execution starts. Stands for its value wherever one may be. */
export class Parameter<T extends Scalar> extends Expression<T> {
  /** See {@linkcode stringParameter} and its like. */
  constructor(
    readonly name: string,
    readonly type: "String" | "Integer" | "Float" | "Boolean",
    readonly options: ParameterOptions<T>,
  ) {
    super();
  }
  /** See {@linkcode Expression.toJSON}. */
  override toJSON(): Readonly<Record<string, unknown>> {
    return { Get: `Parameters.${this.name}` };
  }
  /** Its entry in a definition's `Parameters`. */
  declaration(): Readonly<Record<string, unknown>> {
    return {
      Name: this.name,
      Type: this.type,
      DefaultValue: this.options.defaultValue,
      EnumValues: this.options.enumValues,
    };
  }
}

/** A parameter that is text; with `enumValues` one of a few words. */
export function stringParameter<const T extends string = string>(
  name: string,
  options: ParameterOptions<NoInfer<T>> & { readonly enumValues?: readonly T[] } = {},
): Parameter<T> {
  return new Parameter(name, "String", options);
}

/** A parameter that is a whole number. */
export function integerParameter(
  name: string,
  options: ParameterOptions<number> = {},
): Parameter<number> {
  return new Parameter(name, "Integer", options);
}

/** A parameter that is a number. */
export function floatParameter(
  name: string,
  options: ParameterOptions<number> = {},
): Parameter<number> {
  return new Parameter(name, "Float", options);
}

/** A parameter that is true or false. */
export function booleanParameter(
  name: string,
  options: ParameterOptions<boolean> = {},
): Parameter<boolean> {
  return new Parameter(name, "Boolean", options);
}
