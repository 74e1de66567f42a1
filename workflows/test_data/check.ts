import { GateError } from "../../jobs/lib/errors.ts";
import { BAYES_ACCURACY, TOLERANCE } from "./rows.ts";

/**
 * Checks the accuracy of a training on the test data. Too good is as wrong as too bad: the model would
 * know what it cannot know.
 *
 * @returns the error, if it is not within the tolerance
 */
export function checkAccuracy(accuracy: number | undefined): GateError | undefined {
  if (accuracy !== undefined && Math.abs(accuracy - BAYES_ACCURACY) <= TOLERANCE) return undefined;
  return new GateError({
    code: "pipeline.test-data",
    cannot: "trust the pipeline",
    found: `on the test data its model has an accuracy of ${accuracy ?? "nothing"}, and the best ` +
      `there can be is ${BAYES_ACCURACY}`,
    todo: `Find out what is wrong; within ${TOLERANCE} it would be right`,
  });
}
