/**
 * The functions of a definition: `Get`, `Std:Join`, `Std:JsonGet`.
 *
 * @module
 */
import { DataError, UsageError } from "../../jobs/lib/errors.ts";
import type { ParameterValues, Scalar } from "../parameters/mod.ts";
import { isObject, lookUp, parsePath } from "./path.ts";

/** What functions can refer to while an execution goes on. */
export interface Scope {
  readonly parameters: ParameterValues;
  /** `PipelineExecutionId` and its like. */
  readonly execution: Readonly<Record<string, string>>;
  /** Properties of a step that has succeeded; undefined of others. */
  readonly properties: (step: string) => Readonly<Record<string, unknown>> | undefined;
  /** The JSON of a property file. */
  readonly propertyFile: (step: string, file: string) => Promise<unknown>;
  /** The JSON of an object. */
  readonly readJson: (uri: string) => Promise<unknown>;
}

/**
 * Replaces every function in a value by what it gives.
 *
 * @param at JSON path of the value, for messages
 * @throws {UsageError} `pipeline.reference-unknown`
 * @throws {DataError} `pipeline.json-path-empty`
 */
export async function resolveValue(value: unknown, scope: Scope, at: string): Promise<unknown> {
  if (Array.isArray(value)) {
    const resolved: unknown[] = [];
    for (const [index, each] of value.entries()) {
      resolved.push(await resolveValue(each, scope, `${at}[${index}]`));
    }
    return resolved;
  }
  if (!isObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (others.length === 0) {
    if (key === "Get") return get(value[key], scope, at);
    if (key === "Std:Join") return await join(value[key], scope, at);
    if (key === "Std:JsonGet") return await jsonGet(value[key], scope, at);
  }
  const resolved: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    resolved[name] = await resolveValue(each, scope, `${at}.${name}`);
  }
  return resolved;
}

/** The steps that a value refers to, in any of its functions. */
export function referredSteps(value: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (each: unknown): void => {
    if (Array.isArray(each)) return each.forEach(visit);
    if (!isObject(each)) return;
    if (typeof each["Get"] === "string") {
      const [, step] = /^Steps\.([A-Za-z0-9_-]+)/.exec(each["Get"]) ?? [];
      if (step !== undefined) found.add(step);
    }
    Object.values(each).forEach(visit);
  };
  visit(value);
  return found;
}

function get(reference: unknown, scope: Scope, at: string): unknown {
  const [, kind = "", rest = ""] = typeof reference === "string"
    ? /^(Parameters|Execution|Steps)\.(.+)$/.exec(reference) ?? []
    : [];
  if (kind === "Parameters" && Object.hasOwn(scope.parameters, rest)) return scope.parameters[rest];
  if (kind === "Execution" && Object.hasOwn(scope.execution, rest)) return scope.execution[rest];
  if (kind === "Steps") {
    const [, step = "", path = ""] = /^([A-Za-z0-9_-]+)\.(.+)$/.exec(rest) ?? [];
    const found = lookUp(scope.properties(step), parsePath(path) ?? []);
    if (step !== "" && found !== undefined) return found;
  }
  throw new UsageError({
    code: "pipeline.reference-unknown",
    cannot: `resolve ${at}`,
    found: `there is no ${JSON.stringify(reference)}`,
    todo: "Correct the reference; deno task pipeline validate finds all of them at once",
  });
}

async function join(join: unknown, scope: Scope, at: string): Promise<string> {
  const { On, Values } = isObject(join) ? join : {};
  const values = await resolveValue(Values, scope, `${at}.Values`);
  if (!Array.isArray(values)) throw malformed(at, "Std:Join has no list Values");
  return values.map((each) => {
    if (isScalar(each)) return String(each);
    throw malformed(at, `Std:Join cannot put ${JSON.stringify(each)} into text`);
  }).join(typeof On === "string" ? On : "");
}

async function jsonGet(get: unknown, scope: Scope, at: string): Promise<unknown> {
  const { PropertyFile, S3Uri, Path } = isObject(get) ? get : {};
  const parts = typeof Path === "string" ? parsePath(Path) : undefined;
  if (parts === undefined) throw malformed(at, `${JSON.stringify(Path)} is no path into JSON`);
  let json: unknown;
  let source: string;
  if (isObject(PropertyFile)) {
    source = String(PropertyFile["Get"]);
    const [, step = "", file = ""] =
      /^Steps\.([A-Za-z0-9_-]+)\.PropertyFiles\.(.+)$/.exec(source) ??
        [];
    json = await scope.propertyFile(step, file);
  } else {
    source = String(await resolveValue(S3Uri, scope, `${at}.S3Uri`));
    json = await scope.readJson(source);
  }
  const found = lookUp(json, parts);
  if (isScalar(found)) return found;
  throw new DataError({
    code: "pipeline.json-path-empty",
    cannot: `resolve ${at}`,
    found: `${source} has ${JSON.stringify(found) ?? "nothing"} at ${Path}`,
    todo: "Correct the path, or what the step writes",
  });
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function malformed(at: string, found: string): UsageError {
  return new UsageError({
    code: "pipeline.function-invalid",
    cannot: `resolve ${at}`,
    found,
    todo: "Correct the definition; deno task pipeline validate finds all mistakes at once",
  });
}
