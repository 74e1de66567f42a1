/**
 * Names of runs that score the same again.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type { Runs } from "./state.ts";

/**
 * The id of the run that replaces another: `2013-10-01.r2` after `2013-10-01`, then `.r3`. One that
 * replaces it already is found again, unless it was abandoned.
 */
export async function replayId(runs: Runs, replayed: string): Promise<string> {
  const base = replayed.replace(/\.r\d+$/, "");
  for (let count = 2; count <= MOST; count++) {
    const id = `${base}.r${count}`;
    const state = runs.run(id);
    const kept = await state.manifest();
    if (kept === undefined) return id;
    if (kept.manifest.supersedes === replayed && await state.abandonment() === undefined) return id;
  }
  throw new UsageError({
    code: "run.unnamed",
    cannot: `replay run ${replayed}`,
    found: `there are ${MOST} replays of it`,
    todo: "Name the new run with --run-id",
    place: { option: "--run-id" },
  });
}

const MOST = 1000;
