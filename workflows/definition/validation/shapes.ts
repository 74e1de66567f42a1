/**
 * Small checks that compose: each looks at a value, tells the scope what is wrong with it, and where.
 *
 * @module
 */
import { nearest } from "../../../jobs/lib/nearest.ts";
import { foresee, type Foreseen, isExpression } from "./expressions.ts";
import { isObject, member, shown } from "./json.ts";
import type { Scope, ValueType } from "./scope.ts";

/** Looks at a value at a place. */
export type Check = (value: unknown, at: string, scope: Scope) => void;

/** What text may be. */
export interface TextRule {
  /** Fewest characters; 1 unless told. */
  readonly min?: number;
  /** Most characters. */
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly words?: readonly string[];
  /** What it is, for the message: `an ARN of a role`. */
  readonly what?: string;
}

/** Bounds, both included. */
export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
}

/** Text, or an expression that gives text. */
export function text(rule: TextRule = {}): Check {
  return value(["String"], (found) => textProblem(found, rule));
}

/** A whole number, or an expression that gives one. */
export function integer(rule: NumberRule = {}): Check {
  return value(["Integer"], (found) => numberProblem(found, rule, true));
}

/** A number, or an expression that gives one. */
export function number(rule: NumberRule = {}): Check {
  return value(["Integer", "Float"], (found) => numberProblem(found, rule, false));
}

/** True or false, or an expression that gives it. */
export function boolean(): Check {
  return value(["Boolean"], (found) => {
    return typeof found === "boolean" ? undefined : "it must be true or false";
  });
}

/** Anything scalar. */
export function scalar(): Check {
  return value(["String", "Integer", "Float", "Boolean"], (found) => {
    return typeof found === "object" || found === undefined
      ? "it must be text, a number, true or false"
      : undefined;
  });
}

/** The same, but no expression: what must be settled when the pipeline is made. */
export function literal(check: Check): Check {
  return (found, at, scope) => {
    if (isExpression(found)) scope.report(at, "it cannot depend on the run; write the value here");
    else check(found, at, scope);
  };
}

/** A list of so many. */
export function list(each: Check, { min = 0, max = Infinity }: NumberRule = {}): Check {
  return (found, at, scope) => {
    if (!Array.isArray(found)) return scope.report(at, `it is ${shown(found)}, not a list`);
    if (found.length < min || found.length > max) {
      scope.report(at, `it has ${found.length} elements; ${between(min, max)} are allowed`);
    }
    for (const [index, one] of found.entries()) each(one, `${at}[${index}]`, scope);
  };
}

/** An object with these members; a name that ends in `!` must be there. */
export function object(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members).map(([key, check]) => {
    return { name: key.replace(/!$/, ""), required: key.endsWith("!"), check };
  });
  const names = checks.map(({ name }) => name);
  return (found, at, scope) => {
    if (!isObject(found)) return scope.report(at, `it is ${shown(found)}, not an object`);
    for (const name of Object.keys(found)) {
      if (names.includes(name)) continue;
      const close = nearest(name, names);
      scope.report(
        member(at, name),
        close === undefined ? `it is none of ${names.join(", ")}` : `did you mean ${close}?`,
      );
    }
    for (const { name, required, check } of checks) {
      const inner = found[name];
      if (inner !== undefined) check(inner, member(at, name), scope);
      else if (required) scope.report(member(at, name), "it is missing");
    }
  };
}

/** An object of any members, so many, whose names and values follow a rule. */
export function map(key: TextRule, each: Check, { max = Infinity }: NumberRule = {}): Check {
  return (found, at, scope) => {
    if (!isObject(found)) return scope.report(at, `it is ${shown(found)}, not an object`);
    const entries = Object.entries(found);
    if (entries.length > max) {
      scope.report(at, `it has ${entries.length} entries; at most ${max} are allowed`);
    }
    for (const [name, one] of entries) {
      const problem = textProblem(name, key);
      if (problem !== undefined) scope.report(member(at, name), `its name: ${problem}`);
      each(one, member(at, name), scope);
    }
  };
}

/** Some checks of the same value. */
export function all(...checks: readonly Check[]): Check {
  return (found, at, scope) => {
    for (const check of checks) check(found, at, scope);
  };
}

/** No two elements of a list have the same value of a member. */
export function unique(name: string): Check {
  return (found, at, scope) => {
    const seen = new Set<unknown>();
    for (const [index, one] of (Array.isArray(found) ? found : []).entries()) {
      const key = isObject(one) ? one[name] : undefined;
      if (typeof key === "string" && seen.has(key)) {
        scope.report(`${at}[${index}].${name}`, `${shown(key)} is there already`);
      }
      seen.add(key);
    }
  };
}

/** Whatever it is, as long as the expressions in it are right. */
export function anything(found: unknown, at: string, scope: Scope): void {
  if (isExpression(found)) foresee(found, at, scope);
  else if (Array.isArray(found)) {
    for (const [index, one] of found.entries()) anything(one, `${at}[${index}]`, scope);
  } else if (isObject(found)) {
    for (const [name, one] of Object.entries(found)) anything(one, member(at, name), scope);
  }
}

/** What a value will be as far as it is known, without a word about what is wrong with it. */
export function settled(found: unknown, scope: Scope): unknown {
  if (!isExpression(found)) return found;
  const { Get: get } = found;
  const name = typeof get === "string" ? /^Parameters\.([\w-]+)$/.exec(get)?.[1] : undefined;
  return name === undefined ? undefined : scope.parameters.get(name)?.defaultValue;
}

function value(
  types: readonly ValueType[],
  problem: (found: unknown) => string | undefined,
): Check {
  return (found, at, scope) => {
    if (!isExpression(found)) {
      const wrong = problem(found);
      if (wrong !== undefined) scope.report(at, `it is ${shown(found)}, but ${wrong}`);
      return;
    }
    const foreseen = foresee(found, at, scope);
    if (foreseen !== undefined) checkForeseen(foreseen, at);

    function checkForeseen(foreseen: Foreseen, at: string): void {
      const { type, path } = foreseen;
      if (type !== undefined && !types.includes(type)) {
        const join = types.includes("String") ? "; Std:Join makes text of it" : "";
        scope.report(
          at,
          `it gives a value of type ${type}, but needs ${types.join(" or ")}${join}`,
        );
      } else if ("value" in foreseen) {
        const wrong = problem(foreseen.value);
        if (wrong === undefined) return;
        const where = path === at ? "" : ` (for ${at})`;
        scope.report(path, `it is ${shown(foreseen.value)}, but ${wrong}${where}`);
      }
    }
  };
}

function textProblem(
  found: unknown,
  { min = 1, max = Infinity, pattern, words, what }: TextRule,
): string | undefined {
  if (typeof found !== "string") return "it must be text";
  if (words !== undefined) {
    return words.includes(found) ? undefined : `it must be one of ${words.join(", ")}`;
  }
  if (found.length < min || found.length > max) {
    return `it has ${found.length} characters; ${between(min, max)} are allowed`;
  }
  if (pattern === undefined || pattern.test(found)) return undefined;
  return what === undefined ? `it must match ${pattern.source}` : `it must be ${what}`;
}

function numberProblem(
  found: unknown,
  { min = -Infinity, max = Infinity }: NumberRule,
  whole: boolean,
): string | undefined {
  const kind = whole ? "a whole number" : "a number";
  if (typeof found !== "number" || (whole && !Number.isSafeInteger(found))) {
    return `it must be ${kind}`;
  }
  if (found >= min && found <= max) return undefined;
  return `it must be ${kind}, ${between(min, max)}`;
}

function between(min: number, max: number): string {
  return max === Infinity
    ? `at least ${min}`
    : min === -Infinity
    ? `at most ${max}`
    : min === max
    ? `exactly ${min}`
    : `${min} to ${max}`;
}
