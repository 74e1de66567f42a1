import { issuesOf, UsageError } from "../../jobs/lib/errors.ts";
import { nearest } from "../../jobs/lib/nearest.ts";
import { z } from "zod";

/** What a parameter can be. */
export type Scalar = string | number | boolean;

/** Values by the parameters' names. */
export type ParameterValues = Readonly<Record<string, Scalar>>;

/** A parameter as a definition declares it. */
export interface DeclaredParameter<Value = unknown> {
  /** Its name. */
  readonly Name: string;
  /** What its values are. */
  readonly Type: "String" | "Integer" | "Float" | "Boolean";
  /** Undefined where each start needs a value. */
  readonly DefaultValue?: Value | undefined;
  /** The only values, if there are such. */
  readonly EnumValues?: readonly Value[] | undefined;
}

const SCHEMA = z.looseObject({
  Parameters: z.array(z.looseObject({
    Name: z.string(),
    Type: z.enum(["String", "Integer", "Float", "Boolean"]),
    DefaultValue: z.unknown().optional(),
    EnumValues: z.array(z.unknown()).optional(),
  })).default([]),
});

/**
 * Reads the parameters of a definition's JSON.
 *
 * @throws {UsageError} `pipeline.definition-unreadable`
 */
export function declaredParameters(definition: unknown): readonly DeclaredParameter[] {
  const parsed = SCHEMA.safeParse(definition);
  if (parsed.success) return parsed.data.Parameters;
  throw new UsageError({
    code: "pipeline.definition-unreadable",
    cannot: "read the parameters of the deployed definition",
    found: issuesOf(parsed.error),
    todo: "Deploy the definition again",
  });
}

/**
 * Reads `Name=Value` texts.
 *
 * @throws {UsageError} `pipeline.parameter-invalid`
 */
export function parseAssignments(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1)];
    throw refused([`${JSON.stringify(text)} is not like Name=Value`]);
  }));
}

/**
 * Checks the values of a start against what the definition declares, before AWS does or a job fails.
 *
 * @throws {UsageError} `pipeline.parameter-invalid`, with everything that is wrong
 */
export function checkParameters(
  declared: readonly DeclaredParameter[],
  given: Readonly<Record<string, string>>,
): void {
  const names = declared.map(({ Name }) => Name);
  const problems = Object.keys(given).filter((name) => !names.includes(name)).map((name) => {
    const close = nearest(name, names);
    return `there is no parameter ${name}${close === undefined ? "" : `, did you mean ${close}?`}`;
  });
  for (const parameter of declared) {
    const { Name: name, DefaultValue: fallback } = parameter;
    const value = given[name];
    if (value === undefined) {
      if (fallback === undefined) problems.push(`${name} has no default and needs a value`);
      if (fallback === "") problems.push(`${name} has an empty default, which SageMaker refuses`);
      continue;
    }
    const problem = problemOf(value, parameter);
    if (problem !== undefined) problems.push(`${name} is ${JSON.stringify(value)}, but ${problem}`);
  }
  if (problems.length > 0) throw refused(problems);
}

/**
 * All values of an execution in their declared types: what is given, and else the defaults.
 *
 * @throws {UsageError} `pipeline.parameter-invalid`, with everything that is wrong
 */
export function settleParameters(
  declared: readonly DeclaredParameter<Scalar>[],
  given: Readonly<Record<string, string>>,
): ParameterValues {
  checkParameters(declared, given);
  return Object.fromEntries(declared.flatMap(({ Name, Type, DefaultValue }) => {
    const text = given[Name];
    const value = text === undefined ? DefaultValue : typed(text, Type);
    return value === undefined ? [] : [[Name, value]];
  }));
}

/** A text that was checked, as a value of its type. */
function typed(text: string, type: DeclaredParameter["Type"]): Scalar {
  if (type === "String") return text;
  return type === "Boolean" ? /^true$/i.test(text) : Number(text);
}

function problemOf(value: string, { Type, EnumValues }: DeclaredParameter): string | undefined {
  if (value === "") return "SageMaker refuses empty values; a blank is not set";
  if (value.length > 1024) return "it has more than 1024 characters";
  if (Type === "Integer" && !(/^[+-]?\d+$/.test(value) && Number.isSafeInteger(Number(value)))) {
    return "it must be a whole number";
  }
  if (Type === "Float" && (value.trim() === "" || !Number.isFinite(Number(value)))) {
    return "it must be a number";
  }
  if (Type === "Boolean" && !/^(true|false)$/i.test(value)) return "it must be true or false";
  if (EnumValues !== undefined && !EnumValues.map(String).includes(value)) {
    return `it must be one of ${EnumValues.join(", ")}`;
  }
  return undefined;
}

function refused(problems: readonly string[]): UsageError {
  return new UsageError({
    code: "pipeline.parameter-invalid",
    cannot: "start the pipeline",
    found: problems.join("; "),
    todo: "Give parameters by --set Name=Value; deno task pipeline diff shows the deployed ones",
    place: { option: "--set" },
  });
}
