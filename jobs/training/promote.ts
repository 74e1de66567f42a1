import { type AnyCommand, command } from "../lib/command.ts";
import { inTurn, type ModelRegistry, type ModelVersion, openTracking } from "../lib/mlflow/mod.ts";
import { loadVersion } from "./load.ts";
import { promoteOptions } from "./options.ts";
import { actor } from "./run_tags.ts";

/** Makes a registered version the champion, by a person's decision. */
export const promoteCommand: AnyCommand = command({
  usage: "training promote",
  about: "Make a registered version the champion",
  options: promoteOptions,
  contract: "processing",
  channels: () => ({}),
  run: async ({ values, container, log, signal }) => {
    const store = await openTracking(values, log, signal);
    const version = await store.version(values.model, values.version);
    // Who scores by the alias must never be the first to learn that the model does not load.
    await loadVersion(store, values.model, values.version);
    const reason = values.reason ?? "promoted by hand";
    const move = { reason, by: actor(container) };
    await inTurn(store, version, () => moveChampion(store, version, move), { signal });
    log.info("promoted", { model: values.model, version: values.version });
    return {
      summary: {
        status: "promoted",
        model: values.model,
        version: values.version,
        alias: "champion",
      },
    };
  },
});

/** Why and by whom a version becomes champion, as its tags say. */
export interface Move {
  readonly reason: string;
  readonly by: string;
  /** `promoted` unless told. */
  readonly promotion?: string;
  /** Forgets who was champion before, so that the next rollback does not come back to it. */
  readonly back?: boolean;
}

/** Moves the alias `champion` and the stage Production to a version, and writes who, when and why. */
export async function moveChampion(
  registry: ModelRegistry,
  { name, version }: ModelVersion,
  { reason, by, promotion = "promoted", back = false }: Move,
): Promise<void> {
  const before = await registry.findAlias(name, "champion");
  await registry.setVersionTags(name, version, {
    promotion,
    promotion_reason: reason,
    promoted_at: new Date().toISOString(),
    promoted_by: by,
    ...(back || before === undefined || before.version === version
      ? {}
      : { previous_champion: before.version }),
  });
  await registry.setStage(name, version, "Production");
  // The alias comes last: whoever deploys by it sees a version that is complete.
  await registry.setAlias(name, "champion", version);
  // Of two that move it at once the last wins, and sees to it that the stage says the same.
  const after = await registry.findAlias(name, "champion");
  if (after !== undefined && after.stage !== "Production") {
    await registry.setStage(name, after.version, "Production");
  }
}
