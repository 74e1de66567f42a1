import { shown } from "./json.ts";
import type { Scope } from "./scope.ts";
import { type Check, list, literal, object, text, unique } from "./shapes.ts";
import { isObject } from "./json.ts";

const TYPES = ["String", "Integer", "Float", "Boolean"];

const shape: Check = object({
  "Name!": literal(text({
    max: 64,
    pattern: /^[A-Za-z0-9\-_]+$/,
    what: "letters, digits, '-' and '_'",
  })),
  "Type!": literal(text({ words: TYPES })),
  Description: literal(text({ min: 0, max: 4096 })),
  DefaultValue: literal(() => {}),
  EnumValues: list(literal(() => {}), { min: 1 }),
});

/** The parameters: names, types, defaults. */
export function checkParameters(found: unknown, at: string, scope: Scope): void {
  list(checkParameter, { max: 200 })(found, at, scope);
  unique("Name")(found, at, scope);
}

function checkParameter(found: unknown, at: string, scope: Scope): void {
  shape(found, at, scope);
  if (!isObject(found)) return;
  const { Type: type, DefaultValue: value, EnumValues: words } = found;
  if (typeof type !== "string" || !TYPES.includes(type)) return;
  const wrong = (one: unknown) =>
    isOf(type, one) ? undefined : `it is ${shown(one)}, but the parameter is of type ${type}`;
  if (value !== undefined) {
    const problem = wrong(value);
    if (problem !== undefined) scope.report(`${at}.DefaultValue`, problem);
    else if (typeof value === "string" && value.length > 4096) {
      scope.report(`${at}.DefaultValue`, "it has more than 4096 characters");
    } else if (Array.isArray(words) && !words.includes(value)) {
      scope.report(`${at}.DefaultValue`, `it is ${shown(value)}, which EnumValues does not have`);
    }
  }
  if (!Array.isArray(words)) return;
  for (const [index, word] of words.entries()) {
    const problem = wrong(word);
    if (problem !== undefined) scope.report(`${at}.EnumValues[${index}]`, problem);
  }
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "String":
      return typeof value === "string";
    case "Integer":
      return Number.isSafeInteger(value);
    case "Float":
      return Number.isFinite(value);
    default:
      return typeof value === "boolean";
  }
}
