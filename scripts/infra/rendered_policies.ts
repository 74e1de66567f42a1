/**
 * Policies as a plan of `infra/policies` has them.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";

/** What one role may do, and who may take it. */
export interface RolePolicies {
  readonly policy: unknown;
  readonly trust: unknown;
}

/** By environment, then by role: `training`, …, `ci-plan`. */
export type RenderedPolicies = Readonly<Record<string, Readonly<Record<string, RolePolicies>>>>;

const PLAN = z.object({
  planned_values: z.object({
    root_module: z.object({
      child_modules: z.array(z.object({
        address: z.string(),
        resources: z.array(z.object({
          type: z.string(),
          index: z.union([z.string(), z.number()]).optional(),
          values: z.object({ policy: z.string(), assume_role_policy: z.string() }).partial(),
        })),
      })),
    }),
  }),
});

/** The documents in the JSON form of a plan; sorted, so that equal policies are equal text. */
export function policiesIn(plan: unknown): RenderedPolicies {
  const found: Record<string, Record<string, RolePolicies>> = {};
  for (const { address, resources } of PLAN.parse(plan).planned_values.root_module.child_modules) {
    const [, module, environment = ""] = /^module\.(\w+)\["(\w+)"\]$/.exec(address) ?? [];
    const prefix = module === "ci_access" ? "ci-" : "";
    const of = (type: string, role: string) =>
      resources.find((one) => one.type === type && one.index === role)?.values;
    for (const { type, index } of resources) {
      if (type !== "aws_iam_role" || typeof index !== "string") continue;
      const roles = found[environment] ??= {};
      roles[`${prefix}${index}`] = {
        policy: JSON.parse(of("aws_iam_role_policy", index)?.policy ?? "null"),
        trust: JSON.parse(of("aws_iam_role", index)?.assume_role_policy ?? "null"),
      };
    }
  }
  return sorted(found) as RenderedPolicies;
}

/** A digest of all that the policies are made of. */
export async function sourcesDigest(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of ["infra/modules/roles", "infra/modules/ci-access", "infra/policies"]) {
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
      .filter((name) => name.endsWith(".tf")).toSorted();
    for (const name of names) {
      hash.update(`${folder}/${name}\n${await Deno.readTextFile(`${folder}/${name}`)}`);
    }
  }
  return hash.digest("hex");
}

/** Keys in order, and lists of text too: policies mean the same in any. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.every((item) => typeof item === "string") ? items.toSorted() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1).map((
      [key, one],
    ) => [key, sorted(one)]),
  );
}
