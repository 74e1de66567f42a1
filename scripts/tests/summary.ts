/**
 * What a run of `deno test` says about itself.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";

/** Counts of tests (steps belong to their test). */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts the tests of a run.
 *
 * A run that broke down or had no test counts as one failure, for it proved nothing.
 *
 * @param output all that `deno test` wrote to stdout, with or without colours
 * @param success whether it exited with 0
 * @param mustRun whether a skipped test is a failure, unless its name begins with `not run:`
 */
export function countTests(output: string, success: boolean, mustRun: boolean): Counts {
  const lines = stripVTControlCharacters(output).split(/\r?\n/);
  const last = lines.findLast((line) => SUMMARY.test(line));
  const [, passed = 0, failed = 0, ignored = 0] = (SUMMARY.exec(last ?? "") ?? []).map(Number);
  const skipped = Number.isNaN(ignored) ? 0 : ignored;
  const excused = lines.filter((line) => EXCUSED.test(line)).length;
  const illicit = mustRun ? Math.max(0, skipped - excused) : 0;
  const broken = passed + failed + skipped === 0 || (!success && failed === 0);
  return {
    passed,
    failed: failed + illicit + (broken ? 1 : 0),
    skipped: skipped - illicit,
  };
}

/** `ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)` */
const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/;
/** A top-level test; a step would be indented. */
const EXCUSED = /^not run: .* \.\.\. ignored/;

/** Adds up runs. */
export function sum(runs: readonly Counts[]): Counts {
  return runs.reduce((all, one) => ({
    passed: all.passed + one.passed,
    failed: all.failed + one.failed,
    skipped: all.skipped + one.skipped,
  }), { passed: 0, failed: 0, skipped: 0 });
}

/** The line that a run of several runners ends with. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
