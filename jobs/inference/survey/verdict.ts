import { DRIFT_THRESHOLDS, hasDrifted } from "../../lib/dataset/mod.ts";
import { DataError, UsageError } from "../../lib/errors.ts";
import type { KeptManifest, RunState } from "../runs/mod.ts";
import { keptChecked } from "./kept.ts";

/**
 * Refuses to score what no check has let pass, for `--on-drift fail`: the verdict has to be about this
 * very manifest and model, and nothing may have moved further than allowed.
 *
 * @param threshold stability index; that of the check unless told
 * @param kept undefined where the run is not begun, so that there can be no verdict
 * @throws {UsageError} `run.not-checked`
 * @throws {DataError} `run.drifted`
 */
export async function requireUndrifted(
  state: RunState,
  kept: KeptManifest | undefined,
  threshold: number | undefined,
): Promise<void> {
  const checked = kept && await keptChecked(state);
  if (kept === undefined || checked === undefined) {
    throw notChecked(state.id, "no check has let its data pass");
  }
  if (checked.manifest !== kept.hash) {
    throw notChecked(state.id, `its check was of manifest ${checked.manifest}, not ${kept.hash}`);
  }
  const { digest } = kept.manifest.model;
  if (checked.model_digest !== digest) {
    throw notChecked(state.id, `its check was with model ${checked.model_digest}, not ${digest}`);
  }
  const moved = [...checked.drift, ...checked.predictions]
    .filter((each) =>
      threshold === undefined
        ? each.drifted
        : hasDrifted(each, { ...DRIFT_THRESHOLDS, stability: threshold })
    );
  if (moved.length === 0) return;
  throw new DataError({
    code: "run.drifted",
    cannot: `score run ${state.id}`,
    found: moved.map(({ name, stability, missing_change }) =>
      `${name} has moved (stability index ${stability.toFixed(2)}, ` +
      `${(100 * missing_change).toFixed(1)} % more missing)`
    ).join("; "),
    todo: "Look at drift.json of the check; to score it nevertheless, use --on-drift warn",
    place: { option: "--on-drift" },
  });
}

function notChecked(run: string, found: string): UsageError {
  return new UsageError({
    code: "run.not-checked",
    cannot: `score run ${run} with --on-drift fail`,
    found,
    todo: "Run deno task inference check with the same options first, or use --on-drift warn",
    place: { option: "--on-drift" },
  });
}
