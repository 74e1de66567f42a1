import { type AnyCommand, command } from "../../jobs/lib/command.ts";
import { flag, type Options, text } from "../../jobs/lib/config.ts";
import {
  BAYES_ACCURACY,
  SCORING_ROWS,
  TEST_SLOT,
  TOLERANCE,
  writeTestData,
} from "../test_data/mod.ts";

const options = {
  output: { about: "Folder of the data", hint: "DIR", parse: text(), fallback: "./out/test-data" },
  corrupt: {
    about: "Labels that mean nothing: a training must fail",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

/** Writes the test data, to be uploaded for a run on SageMaker. */
export const testDataCommand: AnyCommand = command({
  usage: "pipeline test-data",
  about: [
    "Write data whose best possible accuracy is known, to see that a pipeline works",
    "training/ to train on (label: label), inference/ with a day to score (key: id). The summary says",
    "which parameters a start needs and what must come out.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: async ({ values }) => {
    const written = await writeTestData(values.output, values.corrupt);
    return {
      summary: {
        status: "written",
        ...written,
        corrupted: values.corrupt,
        bayes_accuracy: BAYES_ACCURACY,
        tolerance: TOLERANCE,
        scoring_rows: SCORING_ROWS,
        training_parameters: {
          ModelName: "pipeline-test",
          ExperimentName: "pipeline-test",
          Label: "label",
          MinAccuracy: String(BAYES_ACCURACY - TOLERANCE),
        },
        inference_parameters: {
          ModelUri: "models:/pipeline-test@champion",
          ScheduledTime: TEST_SLOT,
        },
      },
    };
  },
});
