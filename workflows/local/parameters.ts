/**
 * The parameters of an execution: declared by the definition, given by the user, as text.
 *
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";
import { nearest } from "../../jobs/lib/nearest.ts";
import type { ParameterDeclaration } from "./shape.ts";

/** What a parameter can be. */
export type Scalar = string | number | boolean;

/** Values by the parameters' names. */
export type ParameterValues = Readonly<Record<string, Scalar>>;

/** Reads `Name=Value` of `--set`. @throws {UsageError} `pipeline.parameter-invalid` */
export function readAssignments(lines: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  const wrong: string[] = [];
  for (const line of lines) {
    const at = line.indexOf("=");
    if (at < 1) wrong.push(`${JSON.stringify(line)} is not Name=Value`);
    else given.set(line.slice(0, at), line.slice(at + 1));
  }
  if (wrong.length > 0) throw invalid(wrong);
  return given;
}

/**
 * Settles all parameters, with all that is wrong with them at once.
 *
 * @param given text by name; of the declared type after this
 * @throws {UsageError} `pipeline.parameter-invalid`
 */
export function settleParameters(
  declared: readonly ParameterDeclaration[],
  given: ReadonlyMap<string, string>,
): ParameterValues {
  const wrong: string[] = [];
  const names = declared.map(({ Name }) => Name);
  for (const name of given.keys()) {
    if (names.includes(name)) continue;
    const close = nearest(name, names);
    wrong.push(
      `there is no parameter ${name}${close === undefined ? "" : `, did you mean ${close}?`}`,
    );
  }
  const values: Record<string, Scalar> = {};
  for (const { Name, Type, DefaultValue, EnumValues } of declared) {
    const text = given.get(Name);
    const value = text === undefined ? DefaultValue : typed(text, Type);
    if (value === undefined) {
      wrong.push(
        text === undefined
          ? `${Name} has no value and no default`
          : `${Name} is ${JSON.stringify(text)}, which is no ${Type}`,
      );
    } else if (EnumValues !== undefined && !EnumValues.includes(value)) {
      wrong.push(`${Name} is ${JSON.stringify(value)}, which is none of ${EnumValues.join(", ")}`);
    } else if (value === "") {
      // SageMaker's API has a least length of 1 for the value.
      wrong.push(`${Name} is empty, which SageMaker refuses; a blank says that nothing is set`);
    } else values[Name] = value;
  }
  if (wrong.length > 0) throw invalid(wrong);
  return values;
}

/** Undefined where the text is not of the type. */
function typed(text: string, type: ParameterDeclaration["Type"]): Scalar | undefined {
  if (type === "String") return text;
  if (type === "Boolean") {
    return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
  }
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) return undefined;
  return type === "Integer" && !Number.isSafeInteger(number) ? undefined : number;
}

function invalid(wrong: readonly string[]): UsageError {
  return new UsageError({
    code: "pipeline.parameter-invalid",
    cannot: "start the pipeline",
    found: wrong.join("; "),
    todo: "Give parameters by --set Name=Value",
    place: { option: "--set" },
  });
}
