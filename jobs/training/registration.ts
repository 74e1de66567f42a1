/**
 * From a logged model to a version of the registry, and perhaps to its champion.
 *
 * @module
 */

import { GateError } from "../lib/errors.ts";
import type { GateVerdict } from "../lib/evaluation/mod.ts";
import type { Log } from "../lib/log.ts";
import {
  DIGEST_TAG,
  inTurn,
  type LoggedModel,
  type ModelVersion,
  type Store,
} from "../lib/mlflow/mod.ts";
import type { Judgement } from "./gate.ts";
import { moveChampion } from "./promote.ts";

/** A version's fate. */
export type Status = "promoted" | "rejected" | "awaiting-approval";

/** What became of a version, and what it rests on. */
export interface Decision<J extends Judged = Judged> {
  readonly status: Status;
  readonly judgement: J;
}

/** As much of a judgement as a decision needs. */
export interface Judged {
  readonly verdict: GateVerdict;
  /** The champion that it was compared with. */
  readonly champion?: Pick<NonNullable<Judgement["champion"]>, "version">;
}

/** How to decide. */
export interface DecisionOptions<J extends Judged> {
  readonly approval: "auto" | "manual";
  /** Who decides, for the version's tags. */
  readonly by: string;
  /** Judges again, beside the champion that there is now. */
  readonly again: () => Promise<J>;
  /** Why, instead of what the gate says. */
  readonly reason?: string | undefined;
  readonly log: Log;
  /** Ends the wait for others that decide on the same model. */
  readonly signal: AbortSignal;
}

/** How often two trainings may disturb each other. */
const MOST_ROUNDS = 10;

/**
 * Makes a logged model a version with the alias `challenger`. A step that is repeated finds the
 * version that it made.
 */
export async function registerChallenger(
  store: Store,
  { name, model, runId, digest, card }: {
    name: string;
    model: LoggedModel;
    runId: string;
    digest: string;
    /** Markdown that MLflow shows with the version. */
    card?: string | undefined;
  },
): Promise<ModelVersion> {
  const last = await store.findAlias(name, "challenger");
  if (last?.runId === runId && last.tags[DIGEST_TAG] === digest) return last;
  const version = await store.register({
    name,
    model,
    runId,
    tags: { [DIGEST_TAG]: digest },
    ...(card === undefined ? {} : { description: card }),
  });
  await store.setAlias(name, "challenger", version.version);
  return version;
}

/**
 * Promotes a version that passed, or notes why it is not. Should the champion have changed since the
 * version was judged, it is judged again first: a version never replaces one it was not compared with.
 */
export async function decide<J extends Judged>(
  store: Store,
  version: ModelVersion,
  judgement: J,
  { approval, by, again, reason, log, signal }: DecisionOptions<J>,
): Promise<Decision<J>> {
  const { name } = version;
  let judged = judgement;
  for (let round = 0; judged.verdict.passed; round++) {
    if (approval === "manual") {
      await tag("awaiting approval", reason ?? "passed the quality gate; a person decides");
      return { status: "awaiting-approval", judgement: judged };
    }
    const against = judged.champion?.version;
    const champion = await inTurn(store, version, async () => {
      const found = await store.findAlias(name, "champion");
      if (found?.version !== version.version && found?.version !== against) return found;
      await moveChampion(store, version, { reason: reason ?? "passed the quality gate", by });
      return version;
    }, { signal });
    if (champion?.version === version.version) return { status: "promoted", judgement: judged };
    if (round >= MOST_ROUNDS) throw restless(version);
    log.warn("the champion has changed since the version was judged; judging again", {
      version: version.version,
      champion: champion?.version ?? "none",
    });
    judged = await again();
  }
  await tag("rejected", reason ?? judged.verdict.reasons.join("; "));
  return { status: "rejected", judgement: judged };

  async function tag(promotion: string, why: string): Promise<void> {
    await store.setVersionTags(name, version.version, { promotion, promotion_reason: why });
  }
}

/** The error of a version that does not become champion. */
export function gateError({ name, version }: ModelVersion, verdict: GateVerdict): GateError {
  return new GateError({
    code: "gate.not-met",
    cannot: `promote ${name} version ${version}`,
    found: verdict.reasons.join("; "),
    todo: "It stays registered as challenger; improve it, or promote it by hand with " +
      promoteByHand({ name, version }),
  });
}

/** The command that makes a version champion whatever the gate says. */
export function promoteByHand({ name, version }: Pick<ModelVersion, "name" | "version">): string {
  return `training promote --model ${name} --version ${version}`;
}

function restless({ name, version }: ModelVersion): GateError {
  return new GateError({
    code: "gate.restless",
    cannot: `promote ${name} version ${version}`,
    found: `the champion changed ${MOST_ROUNDS} times meanwhile`,
    todo: `Train fewer versions at once, or promote by hand with ${
      promoteByHand({ name, version })
    }`,
  });
}
