import { z } from "zod";
import { issuesOf } from "../errors.ts";
import { invalid, readJson } from "./root.ts";

/** The machines of a job. */
export interface Hosts {
  /** Name of this one. */
  readonly current: string;
  /** Names of all, sorted, so that every host numbers them alike. */
  readonly all: readonly string[];
}

const schema = z.object({
  current_host: z.string().min(1),
  hosts: z.array(z.string().min(1)).min(1).max(1000),
});

/**
 * Reads `resourceconfig.json`.
 *
 * @returns one host where the file is missing
 * @throws {UsageError} `container.config-invalid`
 */
export async function readHosts(path: string): Promise<Hosts> {
  const json = await readJson(path);
  if (json === undefined) return { current: "algo-1", all: ["algo-1"] };
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalid(path, issuesOf(parsed.error));
  const { current_host: current, hosts } = parsed.data;
  if (!hosts.includes(current)) throw invalid(path, `current_host ${current} is not among hosts`);
  return { current, all: hosts.toSorted() };
}
