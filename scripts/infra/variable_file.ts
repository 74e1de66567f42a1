/**
 * Single values of a `terraform.tfvars`, as the configurations of this repository write them.
 *
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";

/**
 * The text that a variable file gives to a name.
 *
 * @returns undefined where the file does not give it
 */
export function stringOf(text: string, name: string): string | undefined {
  const [, value] = new RegExp(`^${name}\\s*=\\s*"([^"\\\\]*)"\\s*(?:#.*)?$`, "m").exec(text) ?? [];
  return value;
}

/** The same for what has to be there. */
export function requiredString(text: string, name: string, file: string): string {
  const value = stringOf(text, name);
  if (value !== undefined) return value;
  throw new UsageError({
    code: "infra.variable-missing",
    cannot: `read ${file}`,
    found: `it has no text for ${name}`,
    todo: `Write ${name} = "…" in it`,
    place: { file },
  });
}
