/**
 * The conditions of a condition step. Source: AWS developer guide, "Pipelines: Condition step".
 *
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";
import { resolveValue, type Scope } from "./functions.ts";
import { isObject } from "./path.ts";

/** Whether all of some conditions hold. */
export async function allHold(
  conditions: readonly unknown[],
  scope: Scope,
  at: string,
): Promise<boolean> {
  for (const [index, one] of conditions.entries()) {
    if (!await holds(one, scope, `${at}[${index}]`)) return false;
  }
  return true;
}

async function holds(condition: unknown, scope: Scope, at: string): Promise<boolean> {
  if (!isObject(condition)) throw invalid(at, "it is no condition");
  const value = (key: string) => resolveValue(condition[key], scope, `${at}.${key}`);
  switch (condition["Type"]) {
    case "Not":
      return !await holds(condition["Expression"], scope, `${at}.Expression`);
    case "Or": {
      for (const [index, one] of list(condition["Conditions"], at).entries()) {
        if (await holds(one, scope, `${at}.Conditions[${index}]`)) return true;
      }
      return false;
    }
    case "In":
      return list(await value("Values"), at).includes(await value("QueryValue"));
    case "Equals":
      return await value("LeftValue") === await value("RightValue");
  }
  const left = number(await value("LeftValue"), at);
  const right = number(await value("RightValue"), at);
  switch (condition["Type"]) {
    case "GreaterThan":
      return left > right;
    case "GreaterThanOrEqualTo":
      return left >= right;
    case "LessThan":
      return left < right;
    case "LessThanOrEqualTo":
      return left <= right;
  }
  throw invalid(at, `${JSON.stringify(condition["Type"])} is no type of condition`);
}

function number(value: unknown, at: string): number {
  if (typeof value === "number") return value;
  throw invalid(at, `${JSON.stringify(value)} is no number to compare`);
}

function list(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(at, "it has no list");
}

function invalid(at: string, found: string): UsageError {
  return new UsageError({
    code: "pipeline.condition-invalid",
    cannot: `decide ${at}`,
    found,
    todo: "Correct the condition",
  });
}
