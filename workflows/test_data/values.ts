import type { TestData } from "./write.ts";
import { BAYES_ACCURACY, TOLERANCE } from "./rows.ts";
import { TEST_SLOT } from "./write.ts";

/** What the definitions' variables are with the test data: its own model, never a real one. */
export function testDataValues({ training, inference }: TestData): Record<string, string | number> {
  return {
    training_data_uri: training,
    inference_data_uri: inference,
    scheduled_time: TEST_SLOT,
    model_name: "pipeline-test",
    experiment_name: "pipeline-test",
    training_label: "label",
    inference_key_column: "id",
    training_minimum_accuracy: BAYES_ACCURACY - TOLERANCE,
  };
}
