/**
 * The command `rollback`: an earlier version becomes champion again, once it has shown that it works.
 *
 * @module
 */

import { type AnyCommand, command, type Context, type Outcome } from "../lib/command.ts";
import { UsageError } from "../lib/errors.ts";
import { inTurn, type ModelVersion, openTracking, type Store } from "../lib/mlflow/mod.ts";
import { rollbackOptions } from "./options.ts";
import { moveChampion } from "./promote.ts";
import { actor } from "./run_tags.ts";
import { scoreExample } from "./example.ts";

/** Makes an earlier version the champion. */
export const rollbackCommand: AnyCommand = command({
  usage: "training rollback",
  about: [
    "Make an earlier version the champion again",
    "",
    "The version is loaded and scores its stored input example first; the alias moves only if it does.",
  ].join("\n"),
  options: rollbackOptions,
  contract: "processing",
  channels: () => ({}),
  run: rollback,
});

async function rollback(
  { values, container, log, signal }: Context<typeof rollbackOptions>,
): Promise<Outcome> {
  const store = await openTracking(values, log, signal);
  const champion = await store.findAlias(values.model, "champion");
  const target = values.to === undefined
    ? await previous(store, values.model, champion)
    : await store.version(values.model, values.to);
  if (target.version === champion?.version) throw sameVersion(target);
  const example = await scoreExample(store, target);
  log.info("the version scores its example", { version: target.version, rows: example.rows });
  const reason = values.reason ?? `rolled back from version ${champion?.version ?? "none"}`;
  const move = { reason, by: actor(container), promotion: "rolled back to", back: true };
  await inTurn(store, target, () => moveChampion(store, target, move), { signal });
  if (champion !== undefined) {
    await store.setVersionTags(values.model, champion.version, {
      promotion: "rolled back",
      promotion_reason: values.reason ?? `rolled back to version ${target.version}`,
    });
  }
  return {
    summary: {
      status: "rolled-back",
      model: values.model,
      version: target.version,
      ...(champion === undefined ? {} : { from: champion.version }),
      alias: "champion",
    },
  };
}

async function previous(
  store: Store,
  model: string,
  champion: ModelVersion | undefined,
): Promise<ModelVersion> {
  const before = champion?.tags["previous_champion"];
  if (champion !== undefined && before !== undefined) return await store.version(model, before);
  throw new UsageError({
    code: "rollback.no-previous",
    cannot: `roll back ${model}`,
    found: champion === undefined
      ? "it has no champion"
      : `version ${champion.version} is its first champion`,
    todo: "Name the version with --to",
    place: { option: "--to" },
  });
}

function sameVersion({ name, version }: ModelVersion): UsageError {
  return new UsageError({
    code: "rollback.same-version",
    cannot: `roll back ${name}`,
    found: `version ${version} is the champion already`,
    todo: "Name another version with --to",
    place: { option: "--to" },
  });
}
