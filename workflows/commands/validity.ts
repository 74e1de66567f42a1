import { messageOf, UsageError } from "../../jobs/lib/errors.ts";
import { type Finding, validateDefinition } from "../definition/mod.ts";

/** What is wrong with a definition's text. */
export function findingsOf(text: string): Finding[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return [{ path: "$", message: `it is no JSON: ${messageOf(error)}` }];
  }
  return validateDefinition(json);
}

/** Refuses a definition that AWS would refuse. @throws {UsageError} `pipeline.invalid` */
export function requireValid(name: string, text: string): void {
  const findings = findingsOf(text);
  if (findings.length > 0) throw invalid([name], findings);
}

/** The error of definitions with findings; the first of them are in the message. */
export function invalid(names: readonly string[], findings: readonly Finding[]): UsageError {
  const first = findings.slice(0, SHOWN).map(({ path, message }) => `${path}: ${message}`);
  const more = findings.length > SHOWN ? [`and ${findings.length - SHOWN} more`] : [];
  return new UsageError({
    code: "pipeline.invalid",
    cannot: `use ${names.join(", ")}`,
    found: [...first, ...more].join("; "),
    todo: "Correct the pipeline in workflows/; AWS would refuse it",
  });
}

const SHOWN = 5;
