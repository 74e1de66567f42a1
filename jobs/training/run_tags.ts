/**
 * Who and what made a run, as its tags say.
 *
 * @module
 */

import type { Container } from "../lib/command.ts";
import { present } from "../lib/present.ts";
import { gitCommit } from "./git_commit.ts";

/** Tag that says which training job a run is of. */
export const JOB_ARN = "sagemaker.training_job_arn";

/** Stages that go on with the run of another job. */
export type Stage = "evaluate" | "register";

/**
 * Tags of a run that a command starts.
 *
 * @param source the command
 */
export async function runTags(
  source: string,
  container: Container | undefined,
): Promise<Record<string, string>> {
  return present({
    "mlflow.user": Deno.env.get("USER"),
    "mlflow.source.name": source,
    "mlflow.source.type": "JOB",
    "mlflow.source.git.commit": await gitCommit(),
    "image_digest": Deno.env.get("ML_IMAGE_DIGEST"),
    "sagemaker.training_job_name": Deno.env.get("TRAINING_JOB_NAME"),
    [JOB_ARN]: Deno.env.get("TRAINING_JOB_ARN"),
    "sagemaker.processing_job_name": processingJob(container),
  });
}

/** Tags that a stage adds to the run it goes on with, beside those of who began it. */
export function stageTags(
  stage: Stage,
  container: Container | undefined,
): Record<string, string> {
  return present({ [`sagemaker.${stage}_job_name`]: processingJob(container) });
}

/** Who acts: SageMaker's job, or the user. */
export function actor(container: Container | undefined): string {
  return processingJob(container) ?? Deno.env.get("TRAINING_JOB_NAME") ?? Deno.env.get("USER") ??
    "unknown";
}

function processingJob(container: Container | undefined): string | undefined {
  return container?.kind === "processing" ? container.job : undefined;
}
