/**
 * Whether a run may begin, go on or end.
 *
 * @module
 */
import { FencedError, UsageError } from "../../lib/errors.ts";
import type { Runs, RunState } from "./state.ts";

/**
 * Refuses to replace a run that somebody may still finish.
 *
 * @throws {UsageError} `run.superseded-incomplete`, `run.superseded-unknown`
 */
export async function checkSuperseded(runs: Runs, run: string, supersedes: string): Promise<void> {
  const old = runs.run(supersedes);
  if (supersedes !== run) {
    if (await old.completion() !== undefined || await old.abandonment() !== undefined) return;
  }
  const known = await old.manifest() !== undefined;
  throw new UsageError({
    code: known ? "run.superseded-incomplete" : "run.superseded-unknown",
    cannot: `supersede run ${supersedes}`,
    found: supersedes === run
      ? "it is this run"
      : known
      ? "it is not complete"
      : `${runs.uri} has no run of that id`,
    todo: known
      ? "Finish it by the command that began it, or give it up by deno task inference runs " +
        `abandon ${supersedes}`
      : "Name a run that deno task inference runs list shows",
    place: { option: "--supersedes" },
  });
}

/** Refuses to go on with a run that was given up. @throws {UsageError} `run.abandoned` */
export async function checkAbandoned(state: RunState): Promise<void> {
  const abandonment = await state.abandonment();
  if (abandonment === undefined) return;
  throw new UsageError({
    code: "run.abandoned",
    cannot: `go on with run ${state.id}`,
    found: `it was abandoned at ${abandonment.abandoned_at} (${abandonment.reason})`,
    todo: `Score the data again as another run: deno task inference runs replay ${state.id}`,
    place: { option: "--run-id" },
  });
}

/**
 * Looks now and then whether a run that is being published was given up.
 *
 * @param now the clock's milliseconds
 * @returns to be called between transactions; throws {@linkcode FencedError} `run.abandoned`
 */
export function watchAbandonment(state: RunState, now: () => number): () => Promise<void> {
  let looked = now();
  return async () => {
    if (now() - looked < PERIOD) return;
    looked = now();
    const abandonment = await state.abandonment();
    if (abandonment === undefined) return;
    throw new FencedError({
      code: "run.abandoned",
      cannot: `go on with run ${state.id}`,
      found: `it was abandoned meanwhile (${abandonment.reason})`,
      todo: "Nothing: what is published of it stays incomplete, and consumers of .runs skip it",
    });
  };
}

/** Milliseconds. */
const PERIOD = 2_000;
