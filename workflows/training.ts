/**
 * `ml-platform-<env>-training`: check the data, train, evaluate; then register and promote, or register
 * and fail with the reason.
 *
 * No step is cached: SageMaker's cache compares where data is, and this data changes where it is.
 *
 * @module
 */
import { metricPattern } from "../jobs/lib/telemetry.ts";
import {
  condition,
  equals,
  execution,
  fail,
  floatParameter,
  integerParameter,
  join,
  type Pipeline,
  pipeline,
  processing,
  stringParameter,
  text,
  training,
} from "./definition/mod.ts";
import { machines, SURROUNDINGS, TRACES } from "./jobs.ts";
import { type Search, searchedTraining } from "./training_search.ts";
import { environment } from "./variables.ts";

const inputUri = stringParameter("InputUri", { defaultValue: environment.trainingData });
const runId = stringParameter("RunId");
const modelName = stringParameter("ModelName", { defaultValue: environment.modelName });
const experimentName = stringParameter("ExperimentName", {
  defaultValue: environment.experimentName,
});
const label = stringParameter("Label", { defaultValue: environment.label });
const nEstimators = integerParameter("NEstimators", { defaultValue: environment.nEstimators });
const maxDepth = integerParameter("MaxDepth", { defaultValue: environment.maxDepth });
const minSamplesLeaf = integerParameter("MinSamplesLeaf", {
  defaultValue: environment.minSamplesLeaf,
});
const maxFeatures = stringParameter("MaxFeatures", { defaultValue: environment.maxFeatures });
const classWeight = stringParameter("ClassWeight", {
  defaultValue: environment.classWeight,
  enumValues: ["none", "balanced"],
});
const objective = stringParameter("Objective", {
  defaultValue: environment.objective,
  enumValues: ["classification", "regression"],
});
const testFraction = floatParameter("TestFraction", { defaultValue: environment.testFraction });
const seed = integerParameter("Seed", { defaultValue: environment.seed });
const minAccuracy = floatParameter("MinAccuracy", { defaultValue: environment.minAccuracy });
const minRocAuc = floatParameter("MinRocAuc", { defaultValue: environment.minRocAuc });
const gateMinGain = floatParameter("GateMinGain", { defaultValue: environment.gateMinGain });
const approval = stringParameter("Approval", {
  defaultValue: environment.approval,
  enumValues: ["auto", "manual"],
});
const mlflowTrackingUri = stringParameter("MlflowTrackingUri", {
  defaultValue: environment.mlflow,
});
const instanceType = stringParameter("TrainingInstanceType", {
  defaultValue: environment.trainingInstanceType,
});
const instanceCount = integerParameter("TrainingInstanceCount", {
  defaultValue: environment.trainingInstanceCount,
});
const volumeSize = integerParameter("VolumeSizeInGB", { defaultValue: 50 });

const parameters = [
  inputUri,
  runId,
  modelName,
  experimentName,
  label,
  nEstimators,
  maxDepth,
  minSamplesLeaf,
  maxFeatures,
  classWeight,
  objective,
  testFraction,
  seed,
  minAccuracy,
  minRocAuc,
  gateMinGain,
  approval,
  mlflowTrackingUri,
  instanceType,
  instanceCount,
  volumeSize,
];

const artifacts = (kind: string) => join("/", environment.artifacts, kind, execution.id);
const job = {
  ...SURROUNDINGS,
  image: environment.trainingImage,
  role: environment.trainingRole,
  instances: machines(instanceType, 1, volumeSize),
  maxRuntimeSeconds: 3600,
};
/** Columns that may be none: a blank is not set, and only the environment may be a blank. */
const columns = { ML_KEY_COLUMN: environment.keyColumn };
const gate = {
  ...TRACES,
  MLFLOW_TRACKING_URI: mlflowTrackingUri,
  ML_MODEL_NAME: modelName,
  ML_MIN_ACCURACY: text(minAccuracy),
  ML_MIN_ROC_AUC: text(minRocAuc),
  ML_GATE_MIN_GAIN: text(gateMinGain),
};

const dataQuality = processing("DataQuality", {
  ...job,
  displayName: "Data quality",
  description: "Look for everything that is wrong with the data",
  arguments: ["validate"],
  environment: { ...TRACES, ML_LABEL: label, ML_OBJECTIVE: objective, ...columns },
  inputs: { data: { from: inputUri } },
});

const trainingJob = {
  ...job,
  instances: machines(instanceType, instanceCount, volumeSize),
  channels: { train: { from: inputUri, contentType: "application/x-parquet" } },
  outputTo: `${environment.artifacts}/training`,
  metrics: Object.fromEntries(
    ["accuracy", "roc_auc", "log_loss", "f1", "rmse", "mae", "r2"]
      .map((name) => [name, metricPattern(name)]),
  ),
  environment: {
    ...TRACES,
    MLFLOW_TRACKING_URI: mlflowTrackingUri,
    // Where several machines meet; one alone needs it not.
    ML_WORK_S3_URI: artifacts("work"),
    ML_RUN_NAME: runId,
    ML_TIME_COLUMN: environment.timeColumn,
    ML_DROP_COLUMNS: environment.dropColumns,
    ...columns,
  },
  stopping: environment.stopping,
  spot: environment.useSpot,
  // The execution's id keeps two trainings apart: a checkpoint belongs to one of them.
  checkpointsTo: artifacts("checkpoints"),
};
const hyperparameters = {
  stages: "train",
  model_name: modelName,
  experiment_name: experimentName,
  label,
  objective,
  n_estimators: text(nEstimators),
  max_depth: text(maxDepth),
  min_samples_leaf: text(minSamplesLeaf),
  max_features: maxFeatures,
  class_weight: classWeight,
  test_fraction: text(testFraction),
  seed: text(seed),
};

/** The pipeline; with a search, hyperparameters are tried instead of given. */
export function trainingPipeline({ search }: { search?: Search } = {}): Pipeline {
  const train = search === undefined
    ? training("Train", {
      ...trainingJob,
      description: "Grow the forest and log it in MLflow",
      dependsOn: [dataQuality],
      hyperparameters,
    })
    : searchedTraining(search, trainingJob, hyperparameters, dataQuality);

  const evaluate = processing("Evaluate", {
    ...job,
    description: "Measure the model on held-out rows, beside the champion",
    arguments: ["evaluate"],
    environment: gate,
    inputs: { model: { from: train.model }, train: { from: inputUri } },
    outputs: { evaluation: { to: artifacts("evaluation") } },
    propertyFiles: { Evaluation: { output: "evaluation", path: "evaluation.json" } },
  });

  const registration = {
    ...job,
    role: environment.registrationRole,
    environment: { ...gate, ML_APPROVAL: approval },
    inputs: {
      model: { from: train.model },
      evaluation: { from: evaluate.outputs.evaluation },
      train: { from: inputUri },
    },
  };
  const register = processing("Register", {
    ...registration,
    description: "Register the model and make it the champion",
    arguments: ["register", "--promote"],
  });
  const reject = processing("Reject", {
    ...registration,
    description: "Register the model as a challenger, with the reason",
    arguments: ["register", "--reject"],
  });
  const notGoodEnough = fail("NotGoodEnough", {
    dependsOn: [reject],
    reason: join(
      " ",
      "The model did not pass the quality gate:",
      evaluate.files.Evaluation.string("gate.reasons[0]"),
      "- all reasons are in",
      join("/", evaluate.outputs.evaluation, "evaluation.json"),
    ),
  });
  const goodEnough = condition("GoodEnough", {
    displayName: "Good enough?",
    when: [equals(evaluate.files.Evaluation.boolean("gate.passed"), true)],
    then: [register],
    otherwise: [reject, notGoodEnough],
  });

  return pipeline({ parameters, steps: [dataQuality, train, evaluate, goodEnough] });
}
