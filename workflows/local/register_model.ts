/**
 * RegisterModel steps: a version of a group of SageMaker's own model registry, kept as JSON.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { type Properties, readArguments } from "./step_world.ts";

const schema = z.looseObject({
  ModelPackageGroupName: z.string().regex(/^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$/),
  ModelApprovalStatus: z.string().default("PendingManualApproval"),
});

/** Keeps the next version of a group in a folder. */
export async function registerModel(folder: string, resolved: Properties): Promise<Properties> {
  const args = readArguments(schema, resolved);
  const group = join(folder, args.ModelPackageGroupName);
  await Deno.mkdir(group, { recursive: true });
  for (let version = 1;; version++) {
    const properties = {
      ...resolved,
      ModelPackageArn:
        `arn:aws:sagemaker:local:000000000000:model-package/${args.ModelPackageGroupName}/${version}`,
      ModelPackageVersion: version,
      ModelApprovalStatus: args.ModelApprovalStatus,
    };
    try {
      const text = JSON.stringify(properties, null, 2) + "\n";
      await Deno.writeTextFile(join(group, `${version}.json`), text, { createNew: true });
      return properties;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}
