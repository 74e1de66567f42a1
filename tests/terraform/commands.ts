/**
 * Terraform in a copy of `infra/`, of which it may make what it likes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { copyOfInfra, type Ended, run } from "../infra/commands.ts";
import { toolchain } from "../infra/toolchain.ts";
import { type Resource, resourcesOf } from "./resources.ts";

/** Terraform in a folder. */
export async function terraform(cwd: string, ...args: string[]): Promise<Ended> {
  return await run("terraform", [...args, "-no-color"], { cwd, env: toolchain.env });
}

/** How it ended, which has to be well. */
export async function succeeds(ended: Promise<Ended>): Promise<Ended> {
  const result = await ended;
  assert.equal(result.code, 0, result.log);
  return result;
}

/** Applies, and plans again: nothing may be left to change. */
export async function applied(folder: string): Promise<void> {
  await succeeds(terraform(folder, "init"));
  await succeeds(terraform(folder, "validate"));
  await succeeds(terraform(folder, "apply", "-auto-approve"));
  const again = await terraform(folder, "plan", "-detailed-exitcode");
  assert.equal(again.code, 0, `a second plan is not empty: ${again.log}`);
}

/** The state of a folder, or a plan in it, as JSON. */
export async function shown(cwd: string, ...file: string[]): Promise<Shown> {
  const { out } = await succeeds(
    run("terraform", ["show", "-json", ...file], { cwd, env: toolchain.env }),
  );
  return JSON.parse(out);
}

/** What `terraform show -json` says, as far as it is looked at. */
export interface Shown {
  readonly values?: Values;
  readonly planned_values?: Values;
}

interface Values {
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly root_module: Parameters<typeof resourcesOf>[0];
}

/** What Terraform makes, or would make. */
export function made({ values, planned_values }: Shown): Resource[] {
  const all = values ?? planned_values;
  assert.ok(all);
  return resourcesOf(all.root_module).filter(({ mode }) => mode === "managed");
}

/** Gives a copy of the configurations, and takes it away afterwards. */
export async function inCopy(work: (root: string) => Promise<void>): Promise<void> {
  const root = await copyOfInfra();
  try {
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Two at a time: Terraform waits for its provider as long as it works itself. */
export async function each<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all([lane(), lane()]);
}
