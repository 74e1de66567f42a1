/**
 * A Terraform plan as a reviewer wants to read it: what is destroyed first, then the rest by kind.
 *
 * @module
 */
import { z } from "zod";

/** What is read of `terraform show -json` (format 1.x); the rest is ignored. */
export const planSchema = z.object({
  format_version: z.string().startsWith("1."),
  resource_changes: z.array(z.object({
    address: z.string().max(2_000),
    change: z.object({
      actions: z.array(z.enum(["no-op", "create", "read", "update", "delete", "forget"])),
      before: z.unknown(),
      after: z.unknown(),
    }),
  })).default([]),
});

/** A parsed plan. */
export type Plan = z.infer<typeof planSchema>;

/** Whether applying it would change anything. */
export function changesSomething({ resource_changes: changes }: Plan): boolean {
  return changes.some((change) => kindOf(change) !== undefined);
}

type Change = Plan["resource_changes"][number];

const KINDS = ["destroy", "replace", "update", "create", "forget"] as const;
type Kind = (typeof KINDS)[number];

/**
 * Markdown of a plan: a line of counts, then one list per kind of change, what is lost first. Of an
 * update it names the attributes that change, never their values: some are secret.
 */
export function planMarkdown(plan: Plan, title: string): string {
  const byKind = Map.groupBy(plan.resource_changes, kindOf);
  const counts = KINDS.map((kind) => `${byKind.get(kind)?.length ?? 0} to ${kind}`).join(", ");
  const lines = [
    `### ${title}`,
    "",
    KINDS.some((kind) => byKind.has(kind)) ? counts : "No changes.",
  ];
  for (const kind of KINDS) {
    const changes = byKind.get(kind) ?? [];
    if (changes.length === 0) continue;
    const open = kind === "destroy" || kind === "replace" ? " open" : "";
    lines.push("", `<details${open}><summary>${changes.length} to ${kind}</summary>`, "");
    for (const change of changes.toSorted(byAddress)) {
      const attributes = kind === "update" || kind === "replace" ? changedAttributes(change) : [];
      const list = attributes.map((name) => `\`${name}\``).join(", ");
      lines.push(`- \`${change.address}\`${list === "" ? "" : `: ${list}`}`);
    }
    lines.push("", "</details>");
  }
  return lines.join("\n") + "\n";
}

function kindOf({ change: { actions } }: Change): Kind | undefined {
  const does = (action: string) => actions.some((one) => one === action);
  if (does("delete")) return does("create") ? "replace" : "destroy";
  if (does("create")) return "create";
  if (does("update")) return "update";
  return does("forget") ? "forget" : undefined;
}

function byAddress(a: Change, b: Change): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

function changedAttributes({ change: { before, after } }: Change): string[] {
  const [old, now] = [asRecord(before), asRecord(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name])).sort();
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
