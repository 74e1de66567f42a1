import type { Artifact } from "../store.ts";

/** When a model was made, as its `MLmodel` says; undefined if it does not. */
export function madeAt(files: readonly Artifact[]): Date | undefined {
  const mlmodel = files.find(({ path }) => path === "MLmodel");
  if (mlmodel === undefined) return undefined;
  // MLflow writes UTC without saying so: 2013-01-01 05:00:00.500000
  const [, day, time] = /^utc_time_created: '?(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/m
    .exec(new TextDecoder().decode(mlmodel.bytes)) ?? [];
  const made = new Date(`${day}T${time}Z`);
  return Number.isNaN(made.getTime()) ? undefined : made;
}
