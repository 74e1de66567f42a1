/**
 * One at a time. The file store locks. MLflow's API can neither do that nor compare and set an alias,
 * but every version has tags that only its own trainer writes: with one such flag a version, the
 * one-bit algorithm of Burns and Lamport keeps all but one out (L. Lamport, "The mutual exclusion
 * problem: part II", JACM 33, 1986). A flag counts for two minutes only, so that who dies with it
 * blocks nobody for long; clocks may therefore differ by a minute at most.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import { DependencyError } from "../errors.ts";
import type { ModelRegistry, ModelVersion } from "./store.ts";

/** Tag of a version whose trainer wants to decide on the model's aliases: until when, ISO 8601. */
export const TURN_TAG = "promotion_turn";

/** How long a flag counts, in ms. */
const LEASE_MS = 120_000;
/** What must be left of it when the turn begins. */
const ENOUGH_MS = 90_000;
/** How long to wait for the turn. */
const PATIENCE_MS = 300_000;

/** What is needed of a registry. */
export type TurnRegistry = Pick<
  ModelRegistry,
  "versions" | "setVersionTags" | "deleteVersionTag" | "lock"
>;

/** How to wait for the turn. */
export interface TurnOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** About how long between two looks; 300 unless told. */
  readonly pollMs?: number;
}

/**
 * Runs `action` while no other version of the model has its turn.
 *
 * @param version on whose behalf; two that act for the same version at once are not kept apart
 * @throws {DependencyError} `mlflow.turn-taken` after five minutes, and what the registry throws
 */
export async function inTurn<T>(
  registry: TurnRegistry,
  version: Pick<ModelVersion, "name" | "version">,
  action: () => Promise<T>,
  options: TurnOptions = {},
): Promise<T> {
  if (registry.lock === undefined) return await byFlags(registry, version, action, options);
  using _lock = await inTime(registry.lock(version.name), version, options);
  return await action();
}

/** A lock that is taken in time; one that comes too late is let go of. */
async function inTime(
  taking: Promise<Disposable>,
  { name, version }: Pick<ModelVersion, "name" | "version">,
  { signal }: TurnOptions,
): Promise<Disposable> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(taken(name, version)), PATIENCE_MS);
  const onStop = () => over.reject(signal?.reason);
  signal?.addEventListener("abort", onStop, { once: true });
  try {
    signal?.throwIfAborted();
    return await Promise.race([taking, over.promise]);
  } catch (error) {
    taking.then((lock) => lock[Symbol.dispose](), () => {});
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onStop);
  }
}

async function byFlags<T>(
  registry: TurnRegistry,
  { name, version }: Pick<ModelVersion, "name" | "version">,
  action: () => Promise<T>,
  { signal, pollMs = 300 }: TurnOptions,
): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  const rivals = async () => {
    if (Date.now() > until) throw taken(name, version);
    return (await registry.versions(name)).filter((other) =>
      other.version !== version && wants(other)
    );
  };
  const isLower = (other: ModelVersion) => Number(other.version) < Number(version);
  let expires = 0;
  const raise = async () => {
    expires = Date.now() + LEASE_MS;
    await registry.setVersionTags(name, version, { [TURN_TAG]: new Date(expires).toISOString() });
  };
  const lower = () => registry.deleteVersionTag(name, version, TURN_TAG);
  try {
    for (;;) {
      await raise();
      if ((await rivals()).some(isLower)) {
        // The older version goes first.
        await lower();
        while ((await rivals()).some(isLower)) await pause(pollMs, signal);
        continue;
      }
      while ((await rivals()).some((other) => !isLower(other))) await pause(pollMs, signal);
      if (expires - Date.now() > ENOUGH_MS) return await action();
    }
  } finally {
    await lower().catch(() => {});
  }
}

function wants({ tags }: ModelVersion): boolean {
  return Date.parse(tags[TURN_TAG] ?? "") > Date.now();
}

/** With jitter, so that those who wait do not ask in step. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await sleep(ms * (0.5 + Math.random()));
}

function taken(name: string, version: string): DependencyError {
  return new DependencyError({
    code: "mlflow.turn-taken",
    cannot: `decide on version ${version} of the model "${name}"`,
    found: `other versions have had their turn for ${PATIENCE_MS / 60_000} minutes`,
    todo: `Train fewer versions at once; a tag ${TURN_TAG} of a version that nobody trains any ` +
      "more may be removed",
  });
}
