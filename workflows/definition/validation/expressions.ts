/**
 * Values that are known when the pipeline runs: their form, what they refer to, and what they will be.
 *
 * @module
 */
import { isObject, listOf, member, shown } from "./json.ts";
import { outputOfStep } from "./outputs.ts";
import type { Scope, ValueType } from "./scope.ts";

/** What is known of a value before the pipeline runs. */
export interface Foreseen {
  /** Undefined where only the run tells. */
  readonly type: ValueType | undefined;
  /** The value, where literals and the defaults of parameters settle it. */
  readonly value?: unknown;
  /** Where a value that is not right would have to be corrected. */
  readonly path: string;
}

const EXECUTION = [
  "PipelineName",
  "PipelineArn",
  "PipelineExecutionId",
  "PipelineExecutionArn",
  "StartDateTime",
  "CurrentDateTime",
];

/** True for what stands where a value may, and is none itself. */
export function isExpression(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && ("Get" in value || "Std:Join" in value || "Std:JsonGet" in value);
}

/** Checks an expression and says what it will be; undefined where it is wrong. */
export function foresee(
  expression: Readonly<Record<string, unknown>>,
  at: string,
  scope: Scope,
): Foreseen | undefined {
  const [kind = "", ...others] = Object.keys(expression);
  if (others.length > 0) {
    scope.report(member(at, others[0] ?? ""), `${others[0]} cannot stand beside ${kind}`);
    return undefined;
  }
  const body = expression[kind];
  const below = member(at, kind);
  if (kind === "Get") return get(body, below, at, scope);
  return kind === "Std:Join" ? join(body, below, at, scope) : jsonGet(body, below, at, scope);
}

function get(body: unknown, below: string, at: string, scope: Scope): Foreseen | undefined {
  const [, space = "", name = "", rest = ""] =
    /^(Parameters|Execution|Steps)\.([\w-]+)(.*)$/s.exec(typeof body === "string" ? body : "") ??
      [];
  if (space === "Parameters" && rest === "") return parameter(name, below, scope);
  if (space === "Execution" && rest === "") {
    if (EXECUTION.includes(name)) return { type: "String", path: at };
    scope.report(below, `an execution has no ${name}, only ${EXECUTION.join(", ")}`);
  } else if (space === "Steps" && rest !== "") {
    if (!waitFor(name, below, scope)) return undefined;
    const found = outputOfStep(name, rest, scope);
    if (typeof found !== "string") return { type: found.type, path: at };
    scope.report(below, found);
  } else {
    scope.report(
      below,
      `${shown(body)} is no reference; use Parameters.NAME, Execution.NAME or Steps.NAME.PROPERTY`,
    );
  }
  return undefined;
}

function parameter(name: string, below: string, scope: Scope): Foreseen | undefined {
  const declared = scope.parameters.get(name);
  if (declared === undefined) {
    scope.report(below, `there is no parameter ${name}`);
    return undefined;
  }
  const { type, defaultValue, path } = declared;
  return {
    type,
    path: `${path}.DefaultValue`,
    ...(defaultValue === undefined ? {} : { value: defaultValue }),
  };
}

/** Notes that the current step waits for another. */
export function waitFor(name: string, path: string, scope: Scope): boolean {
  const { step } = scope;
  const target = scope.steps.get(name);
  if (target === undefined) {
    scope.report(path, `there is no step ${name}`);
    return false;
  }
  if (step === undefined) return true;
  const inside = scope.steps.get(step)?.branches ?? [];
  if (!target.branches.every((branch) => inside.includes(branch)) && name !== step) {
    scope.report(path, `${name} stands in a branch of a condition, where ${step} does not stand`);
    return false;
  }
  scope.edges.push({ from: step, to: name, path });
  return true;
}

function join(body: unknown, below: string, at: string, scope: Scope): Foreseen | undefined {
  if (!isObject(body)) return refuse(below, "it must be an object with On and Values", scope);
  if (!onlyHas(body, ["On", "Values"], below, scope)) return undefined;
  const { On: on = "", Values: values } = body;
  if (typeof on !== "string") return refuse(`${below}.On`, "it must be text", scope);
  if (!Array.isArray(values)) return refuse(`${below}.Values`, "it must be a list", scope);
  const parts = values.map((value, index) => part(value, `${below}.Values[${index}]`, scope));
  if (parts.includes(undefined)) return undefined;
  const known = parts.flatMap((one) => one && "value" in one ? [String(one.value)] : []);
  return {
    type: "String",
    path: at,
    ...(known.length === parts.length ? { value: known.join(on) } : {}),
  };
}

function part(value: unknown, path: string, scope: Scope): Foreseen | undefined {
  if (isExpression(value)) return foresee(value, path, scope);
  if (typeof value === "object" || value === undefined) {
    return refuse(path, "it must be text, a number, true, false or a reference", scope);
  }
  return { type: "String", value, path };
}

function jsonGet(body: unknown, below: string, at: string, scope: Scope): Foreseen | undefined {
  if (!isObject(body)) {
    return refuse(below, "it must be an object with PropertyFile and Path", scope);
  }
  if (!onlyHas(body, ["PropertyFile", "Path", "S3Uri", "Step"], below, scope)) return undefined;
  const { PropertyFile: file, Path: path } = body;
  if (typeof path !== "string" || !/^[^\s.[\]]+(\.[^\s.[\]]+|\[(\d+|'[^']*')\])*$/.test(path)) {
    return refuse(`${below}.Path`, "it must be a path like metrics.accuracy or reasons[0]", scope);
  }
  if (file === undefined) return { type: undefined, path: at };
  const place = `${below}.PropertyFile`;
  const reference = isObject(file) ? file["Get"] : undefined;
  const [, step = "", name = ""] = /^Steps\.([\w-]+)\.PropertyFiles\.([\w-]+)$/.exec(
    typeof reference === "string" ? reference : "",
  ) ?? [];
  if (step === "") {
    return refuse(place, 'it must be {"Get": "Steps.STEP.PropertyFiles.NAME"}', scope);
  }
  if (!waitFor(step, `${place}.Get`, scope)) return undefined;
  const declared = listOf(scope.steps.get(step)?.json["PropertyFiles"]).some((one) =>
    isObject(one) && one["PropertyFileName"] === name
  );
  if (!declared) return refuse(`${place}.Get`, `${step} has no property file ${name}`, scope);
  return { type: undefined, path: at };
}

function onlyHas(
  body: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
  at: string,
  scope: Scope,
): boolean {
  const stranger = Object.keys(body).find((name) => !allowed.includes(name));
  if (stranger === undefined) return true;
  scope.report(member(at, stranger), `it is none of ${allowed.join(", ")}`);
  return false;
}

function refuse(path: string, message: string, scope: Scope): undefined {
  scope.report(path, message);
}
