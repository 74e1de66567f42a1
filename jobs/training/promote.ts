import { type AnyCommand, command } from "../lib/command.ts";
import { type ModelRegistry, type ModelVersion, openTracking } from "../lib/mlflow/mod.ts";
import { loadVersion } from "./load.ts";
import { promoteOptions } from "./options.ts";

/** Makes a registered version the champion, by a person's decision. */
export const promoteCommand: AnyCommand = command({
  usage: "training promote",
  about: "Make a registered version the champion",
  options: promoteOptions,
  contract: "processing",
  channels: () => ({}),
  run: async ({ values, log }) => {
    const store = await openTracking(values, log);
    const version = await store.version(values.model, values.version);
    // Who scores by the alias must never be the first to learn that the model does not load.
    await loadVersion(store, values.model, values.version);
    await promote(store, version, values.reason ?? "promoted by hand");
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

/** Moves the alias `champion` and the stage Production to a version and writes down why. */
export async function promote(
  registry: ModelRegistry,
  version: ModelVersion,
  reason: string,
): Promise<void> {
  const { name } = version;
  const before = await registry.findAlias(name, "champion");
  await registry.setVersionTags(name, version.version, {
    promotion: "promoted",
    promotion_reason: reason,
    promoted_at: new Date().toISOString(),
    ...(before === undefined || before.version === version.version
      ? {}
      : { previous_champion: before.version }),
  });
  await registry.setStage(name, version.version, "Production");
  // The alias comes last: whoever deploys by it sees a version that is complete.
  await registry.setAlias(name, "champion", version.version);
}
