/**
 * Ways to be wrong, and how each of them has to end.
 *
 * @module
 */

import assert from "node:assert/strict";
import { python } from "../job/task.ts";

/** One way to be wrong. */
export interface Mistake {
  readonly about: string;
  readonly args: readonly string[];
  readonly exit: number;
  readonly code: string;
  readonly message: RegExp;
}

/** A folder to work in, and below it data with all kinds of faults, and `good.parquet`. */
export async function badData(): Promise<{ folder: string; data: string }> {
  const folder = await Deno.makeTempDir();
  const data = `${folder}/data`;
  await Deno.mkdir(data);
  await python("tests/bad_input/make_data.py", ["examples/flights/train/2013-01.parquet", data]);
  return { folder, data };
}

/** The exit code, and one error in the house form, without a stack. */
export function check(result: { code: number; log: string }, mistake: Mistake): void {
  assert.equal(result.code, mistake.exit, result.log);
  const errors = result.log.trimEnd().split("\n").map((line) => JSON.parse(line))
    .filter((line) => line.level === "error");
  assert.equal(errors.length, 1, result.log);
  const { message, code } = errors[0];
  assert.ok(String(code).startsWith(mistake.code), `${code}: ${message}`);
  assert.match(message, /^Cannot .+: .+[.?] .+[.?]$/s);
  assert.match(message, mistake.message);
  assert.doesNotMatch(result.log, /\n\s+at /, "a stack was shown");
}
