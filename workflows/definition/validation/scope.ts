/**
 * What a check needs to know of the whole definition, and where it says what it found.
 *
 * @module
 */
import { isObject, listOf } from "./json.ts";

/** Something that AWS would refuse, or that must not be in a definition. */
export interface Finding {
  /** Where, as a JSON path: `$.Steps[0].Arguments.RoleArn`. */
  readonly path: string;
  /** What is wrong, and what is allowed. */
  readonly message: string;
}

/** The types of values, as parameters name them. */
export type ValueType = "String" | "Integer" | "Float" | "Boolean";

/** A parameter as it is declared. */
export interface DeclaredParameter {
  readonly path: string;
  readonly type: ValueType;
  readonly defaultValue: unknown;
}

/** A step as it is declared, wherever it stands. */
export interface DeclaredStep {
  readonly path: string;
  readonly type: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** The branches of conditions that it stands in, outermost first: paths of their lists. */
  readonly branches: readonly string[];
}

/** One step that waits for another, and where that is written. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** A definition while it is checked. */
export class Scope {
  /** By name; the first of equal ones. */
  readonly parameters = new Map<string, DeclaredParameter>();
  /** By name; the first of equal ones. */
  readonly steps = new Map<string, DeclaredStep>();
  readonly edges: Edge[] = [];
  readonly findings: Finding[] = [];
  /** Name of the step that is looked at. */
  step: string | undefined;

  /** Notes what the definition declares, so that it may be used before. */
  constructor(definition: Readonly<Record<string, unknown>>) {
    for (const [index, json] of listOf(definition["Parameters"]).entries()) {
      if (!isObject(json)) continue;
      const { Name, Type = "String", DefaultValue } = json;
      if (typeof Name !== "string" || this.parameters.has(Name) || !isValueType(Type)) continue;
      const path = `$.Parameters[${index}]`;
      this.parameters.set(Name, { path, type: Type, defaultValue: DefaultValue });
    }
    this.#declare(definition["Steps"], "$.Steps", []);
  }

  /** Notes a finding, unless there is one at this very place. */
  report(path: string, message: string): void {
    if (!this.findings.some((finding) => finding.path === path)) {
      this.findings.push({ path, message });
    }
  }

  #declare(steps: unknown, at: string, branches: readonly string[]): void {
    for (const [index, json] of listOf(steps).entries()) {
      if (!isObject(json)) continue;
      const path = `${at}[${index}]`;
      const { Name, Type, Arguments } = json;
      if (typeof Name === "string" && typeof Type === "string" && !this.steps.has(Name)) {
        this.steps.set(Name, { path, type: Type, json, branches });
      }
      if (Type !== "Condition" || !isObject(Arguments)) continue;
      for (const branch of ["IfSteps", "ElseSteps"]) {
        const below = `${path}.Arguments.${branch}`;
        this.#declare(Arguments[branch], below, [...branches, below]);
      }
    }
  }
}

function isValueType(type: unknown): type is ValueType {
  return type === "String" || type === "Integer" || type === "Float" || type === "Boolean";
}
