/**
 * What differs between two definitions, by step.
 *
 * @module
 */

/** One difference. */
export interface Difference {
  /** `Parameters`, `Pipeline`, or the name of a step. */
  readonly where: string;
  /** What, below it: `Arguments.StoppingCondition.MaxRuntimeInSeconds`; empty for all of it. */
  readonly path: string;
  /** Undefined where it was not there. */
  readonly before: unknown;
  /** Undefined where it is gone. */
  readonly after: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** Compares two definitions. The order of keys and of named things does not matter. */
export function compareDefinitions(before: unknown, after: unknown): Difference[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((where) => {
    const [one, other] = [old.get(where), now.get(where)];
    if (one === undefined || other === undefined) {
      return [{ where, path: "", before: one, after: other }];
    }
    return differences(one, other, "").map((difference) => ({ where, ...difference }));
  });
}

/** For people: a line for each difference, below a line for each place. */
export function differenceText(differences: readonly Difference[]): string {
  const places = Map.groupBy(differences, ({ where }) => where);
  return [...places].flatMap(([where, found]) => {
    const whole = found.find(({ path }) => path === "");
    if (whole !== undefined) return [`${whole.before === undefined ? "+" : "-"} ${where}`];
    return [`~ ${where}`, ...found.map(line)];
  }).join("\n");
}

function line({ path, before, after }: Difference): string {
  if (before === undefined) return `    + ${path}: ${shown(after)}`;
  if (after === undefined) return `    - ${path}: ${shown(before)}`;
  return `    ~ ${path}: ${shown(before)} → ${shown(after)}`;
}

/** The parts that are compared with each other: the frame, the parameters, each step. */
function partsOf(definition: unknown): Map<string, unknown> {
  const { Parameters, Steps, ...frame } = isObject(definition) ? definition : {};
  const parts = new Map<string, unknown>([["Pipeline", frame], ["Parameters", Parameters ?? []]]);
  addSteps(Steps);
  return parts;

  function addSteps(steps: unknown): void {
    for (const step of Array.isArray(steps) ? steps : []) {
      if (!isObject(step)) continue;
      const { Arguments: args } = step;
      if (step["Type"] !== "Condition" || !isObject(args)) {
        parts.set(String(step["Name"]), step);
        continue;
      }
      // Of steps in branches only the names stand here; they are parts of their own.
      const { IfSteps, ElseSteps } = args;
      parts.set(String(step["Name"]), {
        ...step,
        Arguments: { ...args, IfSteps: namesOf(IfSteps), ElseSteps: namesOf(ElseSteps) },
      });
      addSteps(IfSteps);
      addSteps(ElseSteps);
    }
  }
}

function namesOf(steps: unknown): unknown[] {
  return (Array.isArray(steps) ? steps : []).map((step) => isObject(step) ? step["Name"] : step);
}

function differences(
  before: unknown,
  after: unknown,
  path: string,
): Omit<Difference, "where">[] {
  const [one, other] = [keyed(before), keyed(after)];
  if (one === undefined || other === undefined) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  }
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.flatMap((name) => {
    const below = path === "" ? name : `${path}.${name}`;
    const [old, now] = [one[name], other[name]];
    return old === undefined || now === undefined
      ? [{ path: below, before: old, after: now }]
      : differences(old, now, below);
  });
}

/** An object's members, or a list's elements by the names that they have; undefined for the rest. */
function keyed(value: unknown): Json | undefined {
  if (isObject(value)) return value;
  if (!Array.isArray(value)) return undefined;
  const names = value.map((one) => isObject(one) ? nameOf(one) : undefined);
  if (names.includes(undefined) || new Set(names).size < names.length) {
    return value.length > 0 && value.some(isObject) ? { ...value } : undefined;
  }
  return Object.fromEntries(value.map((one, index) => [names[index], one]));
}

const NAMES = ["Name", "InputName", "OutputName", "ChannelName", "PropertyFileName", "Key"];

function nameOf(json: Json): string | undefined {
  const name = NAMES.map((key) => json[key]).find((one) => typeof one === "string");
  return typeof name === "string" ? name : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
