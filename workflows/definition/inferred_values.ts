import {
  renderTemplate,
  variablesOf,
  type VariableValue,
  type VariableValues,
} from "./template.ts";

const OPEN = "\uE000";
const CLOSE = "\uE001";
const MARK = new RegExp(`${OPEN}([a-z0-9_]+)${CLOSE}`, "g");

/**
 * The values with which a template gives a definition, as far as they can be read off it: what stands
 * where the template has a variable. Where the two differ otherwise, their common parts say them.
 */
export function inferValues(template: string, definition: unknown): VariableValues {
  const marks = variablesOf(template).map((name) => [name, `${OPEN}${name}${CLOSE}`] as const);
  // A variable outside of quotes becomes a marked text too.
  const marked = JSON.parse(renderTemplate(quoted(template), Object.fromEntries(marks)));
  const found: Record<string, VariableValue> = {};
  walk(marked, definition);
  return found;

  function walk(pattern: unknown, value: unknown): void {
    if (typeof pattern === "string") match(pattern, value);
    else if (Array.isArray(pattern) && Array.isArray(value)) {
      for (const [index, one] of pattern.entries()) walk(one, counterpart(one, value, index));
    } else if (isObject(pattern) && isObject(value)) {
      for (const [name, one] of Object.entries(pattern)) walk(one, value[name]);
    }
  }

  function match(pattern: string, value: unknown): void {
    const names = [...pattern.matchAll(MARK)].flatMap(([, name]) => name ?? []);
    const [name, ...others] = names;
    if (name === undefined || others.length > 0) return;
    if (pattern === `${OPEN}${name}${CLOSE}` && isValue(value)) found[name] ??= value;
    else if (typeof value === "string") {
      const [before = "", after = ""] = pattern.split(`${OPEN}${name}${CLOSE}`);
      const fits = value.startsWith(before) && value.endsWith(after) &&
        value.length >= before.length + after.length;
      if (fits) found[name] ??= value.slice(before.length, value.length - after.length);
    }
  }
}

/** The element of the same name, or else at the same place. */
function counterpart(one: unknown, list: readonly unknown[], index: number): unknown {
  const name = isObject(one) ? one["Name"] : undefined;
  if (typeof name !== "string") return list[index];
  return list.find((other) => isObject(other) && other["Name"] === name);
}

function quoted(template: string): string {
  return template.replace(/(: )\$\{([a-z][a-z0-9_]*)\}/g, '$1"${$2}"');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): value is VariableValue {
  if (["string", "number", "boolean"].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every((one) => typeof one === "string");
  return isObject(value) &&
    Object.values(value).every((one) => typeof one === "string" || typeof one === "number");
}
