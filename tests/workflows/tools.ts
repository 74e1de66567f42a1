/**
 * What workflows need of the machine, beside act: why something cannot be run here.
 *
 * @module
 */
import { answers } from "../../scripts/services/mod.ts";

/** Whether the long tests are asked for: a workflow takes a minute. */
export const EXTENDED: boolean = Deno.env.get("ML_TEST_EXTENDED") === "1";

/** The path of a program of the tests: the variable, or whatever is on the PATH. */
export function program(variable: string, name: string): string {
  return Deno.env.get(variable) || name;
}

/** Why actionlint cannot be run here. */
export const withoutActionlint: string | undefined =
  await answers(program("ACTIONLINT", "actionlint"), "--version")
    ? undefined
    : "actionlint is neither on the PATH nor named by ACTIONLINT";

/** What `deno compile` puts under a program: given, or from Deno's host. */
export async function withoutRuntime(): Promise<string | undefined> {
  if (Deno.env.get("DENORT_BIN")) return undefined;
  const look = ["--silent", "--fail", "--head", "--max-time", "10", "https://dl.deno.land/"];
  return await answers("curl", ...look)
    ? undefined
    : "DENORT_BIN is not set, and Deno's host cannot be reached";
}

/** Images are built without a daemon, and pushed to a registry. */
export async function withoutContainers(): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    return "images are built as root on Linux here";
  }
  const missing: string[] = [];
  for (const name of ["buildah", "podman", "docker-registry"]) {
    if (!await answers(name, "--version")) missing.push(name);
  }
  return missing.length === 0 ? undefined : `${missing.join(", ")} are missing`;
}
