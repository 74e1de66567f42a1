import type { Context } from "../../lib/command.ts";
import { UsageError } from "../../lib/errors.ts";
import type { trainOptions } from "../options.ts";

/**
 * Makes sure that several hosts can grow the forest that the options describe.
 *
 * @throws {UsageError} `training.no-work-store`, `forest.engine-option`
 */
export function checkHosts(
  { values, container }: Pick<Context<typeof trainOptions>, "values" | "container">,
): void {
  const hosts = container?.hosts.all ?? [];
  if (hosts.length <= 1) return;
  const cannot = `train on ${hosts.length} hosts`;
  if (values.workS3Uri === undefined) {
    throw new UsageError({
      code: "training.no-work-store",
      cannot,
      found: `resourceconfig.json has ${hosts.join(", ")}, and there is no place for their trees`,
      todo: "Set work_s3_uri to s3://BUCKET/PREFIX, or the job's InstanceCount to 1",
      place: { option: "work-s3-uri" },
    });
  }
  const alone = values.engine !== "forest"
    ? { option: "engine", value: values.engine }
    : values.maxLeafNodes !== 0
    ? { option: "max-leaf-nodes", value: values.maxLeafNodes }
    : undefined;
  if (alone === undefined) return;
  throw new UsageError({
    code: "forest.engine-option",
    cannot,
    found: `with --${alone.option} ${alone.value}, trees are grown on one`,
    todo: `Leave --${alone.option} at its default, or set the job's InstanceCount to 1`,
    place: { option: alone.option },
  });
}
