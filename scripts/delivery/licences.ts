/**
 * `delivery licences`: the licence of every npm package that deno.lock names, against a list.
 *
 * @module
 */
import { z } from "zod";
import { type AnyCommand, command } from "../../jobs/lib/command.ts";
import { DataError } from "../../jobs/lib/errors.ts";
import { runProgram } from "./program.ts";

/** Licences that ask for no more than their text beside the copy, by SPDX identifier. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "PSF-2.0", // argparse, a port of Python's
  "Unlicense",
]);

/** Packages that only tests import: nothing of them is in a job, an image or a binary. */
const ONLY_TESTED_WITH = /^@cloud-copilot\//;

const lockSchema = z.object({
  npm: z.record(z.string(), z.object({ os: z.unknown().optional(), cpu: z.unknown().optional() }))
    .default({}),
});
const packageSchema = z.object({
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
});

/** See the module. */
export const licencesCommand: AnyCommand = command({
  usage: "delivery licences",
  about: "The licences of all npm packages of deno.lock; exit 3 for one that is not allowed",
  options: {},
  contract: "processing",
  channels: () => ({}),
  run: async () => {
    const lock = lockSchema.parse(JSON.parse(await Deno.readTextFile("deno.lock")));
    await runProgram("deno", ["install", "--quiet", "--frozen"], { purpose: "load the packages" });
    const info = await runProgram("deno", ["info", "--json"], { purpose: "find the packages" });
    const { npmCache } = z.object({ npmCache: z.string() }).parse(JSON.parse(info.stdout));
    const found: Record<string, string> = {};
    for (const [key, { os, cpu }] of Object.entries(lock.npm)) {
      // The native half of a package for one platform: published with the package that asks for it.
      if (os !== undefined || cpu !== undefined) continue;
      const [, name = "", version = ""] = /^(@?[^@]+)@([^_]+)/.exec(key) ?? [];
      const file = `${npmCache}/registry.npmjs.org/${name}/${version}/package.json`;
      found[`${name}@${version}`] = licenceOf(JSON.parse(await Deno.readTextFile(file)));
    }
    const refused = Object.entries(found)
      .filter(([name, licence]) => !isAllowed(licence) && !ONLY_TESTED_WITH.test(name));
    if (refused.length > 0) {
      throw new DataError({
        code: "delivery.licence",
        cannot: "accept the packages of deno.lock",
        found: refused.map(([name, licence]) => `${name} is under ${licence}`).join(", "),
        todo:
          "Replace the package, or add the licence to scripts/delivery/licences.ts with a reason",
        place: { file: "deno.lock" },
      });
    }
    const counts = Map.groupBy(Object.values(found), (licence) => licence);
    return {
      summary: {
        status: "done",
        packages: Object.keys(found).length,
        licences: Object.fromEntries([...counts].map(([licence, all]) => [licence, all.length])),
      },
    };
  },
});

function licenceOf(json: unknown): string {
  const { license, licenses } = packageSchema.parse(json);
  if (licenses !== undefined) return licenses.map(({ type }) => type).join(" OR ");
  return (typeof license === "object" ? license.type : license) ?? "no licence named";
}

/** Whether one alternative of an SPDX expression without nesting is allowed in all its parts. */
function isAllowed(expression: string): boolean {
  return expression.replace(/^\((.*)\)$/, "$1").split(" OR ")
    .some((one) => one.split(" AND ").every((licence) => ALLOWED.has(licence.trim())));
}
