import assert from "node:assert/strict";
import { renderTemplate, validateDefinition, variablesOf } from "./definition/mod.ts";
import { DEFINITIONS, definitionTemplate, withExamples } from "./synthesis.ts";
import { VARIABLES } from "./variables.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

const render = (name: typeof DEFINITIONS[number], values = {}): Json =>
  JSON.parse(renderTemplate(definitionTemplate(name), withExamples(values)));

function stepsOf({ Steps }: Json): Json[] {
  return Steps.flatMap((step: Json) =>
    step.Type === "Condition"
      ? [step, ...stepsOf({ Steps: [...step.Arguments.IfSteps, ...step.Arguments.ElseSteps] })]
      : [step]
  );
}

const stepOf = (definition: Json, name: string): Json =>
  stepsOf(definition).find(({ Name }) => Name === name);

Deno.test("no definition has anything that AWS would refuse, with spot instances and without", () => {
  for (const name of DEFINITIONS) {
    assert.deepEqual(validateDefinition(render(name)), [], name);
    const plain = {
      training_use_spot: false,
      training_stopping_condition: { MaxRuntimeInSeconds: 9 },
    };
    assert.deepEqual(validateDefinition(render(name, plain)), [], name);
  }
});

Deno.test("an environment that waits for spot instances less than it trains is found", () => {
  const wrong = { MaxRuntimeInSeconds: 100, MaxWaitTimeInSeconds: 99 };
  const found = validateDefinition(render("training", { training_stopping_condition: wrong }));
  assert.deepEqual(found.map(({ path }) => path), [
    "$.Steps[1].Arguments.StoppingCondition.MaxWaitTimeInSeconds",
  ]);
});

Deno.test("variables.json describes every variable, and none that no definition has", () => {
  const used = new Set(DEFINITIONS.flatMap((name) => variablesOf(definitionTemplate(name))));
  assert.deepEqual([...used].toSorted(), Object.keys(VARIABLES).toSorted());
});

Deno.test("a training keeps its checkpoints apart from those of other executions", () => {
  const { CheckpointConfig } = stepOf(render("training"), "Train").Arguments;
  assert.match(JSON.stringify(CheckpointConfig.S3Uri), /"Get":"Execution.PipelineExecutionId"/);
});

Deno.test("the training pipeline has the specification's hyperparameters, by its names", () => {
  const definition = render("training", { n_estimators: 300 });
  const { HyperParameters } = stepOf(definition, "Train").Arguments;
  for (const name of ["n_estimators", "max_depth", "model_name", "experiment_name"]) {
    assert.ok(name in HyperParameters, name);
  }
  const trees = definition.Parameters.find(({ Name }: Json) => Name === "NEstimators");
  assert.deepEqual(trees, { Name: "NEstimators", Type: "Integer", DefaultValue: 300 });
});

Deno.test("the metrics that SageMaker reads are the lines that the training prints", () => {
  const { MetricDefinitions } =
    stepOf(render("training"), "Train").Arguments.AlgorithmSpecification;
  const { Regex } = MetricDefinitions.find(({ Name }: Json) => Name === "roc_auc");
  assert.equal("metric roc_auc=0.8123".match(Regex)?.[1], "0.8123");
});

Deno.test("scoring is never cached, retries itself, and all machines read the same data", () => {
  const definition = render("inference");
  const score = stepOf(definition, "Score");
  assert.equal(score.CacheConfig, undefined);
  assert.equal(score.Arguments.ProcessingInputs, undefined);
  assert.deepEqual(score.Arguments.AppSpecification.ContainerArguments, [
    "score",
    "--retry-for",
    "15m",
  ]);
  const { InstanceCount } = score.Arguments.ProcessingResources.ClusterConfig;
  assert.deepEqual(InstanceCount, { Get: "Parameters.InferenceInstanceCount" });
  const names = definition.Parameters.map(({ Name }: Json) => Name);
  for (const name of ["InputUri", "InputPartition", "InputLagDays", "RunId", "ScheduledTime"]) {
    assert.ok(names.includes(name), name);
  }
});

Deno.test("all jobs run in the network, encrypted, and are retried for SageMaker's reasons only", () => {
  for (const name of DEFINITIONS) {
    for (const { Name, Type, Arguments: given, RetryPolicies } of stepsOf(render(name))) {
      if (Type === "Condition" || Type === "Fail") continue;
      const job = given.TrainingJobDefinition ?? given;
      const { VpcConfig } = job.NetworkConfig ?? job;
      assert.ok(VpcConfig.Subnets.length > 0, Name);
      const { EnableInterContainerTrafficEncryption } = job.NetworkConfig ?? job;
      assert.equal(EnableInterContainerTrafficEncryption, true, Name);
      const cluster = job.ProcessingResources?.ClusterConfig ?? job.ResourceConfig;
      assert.match(cluster.VolumeKmsKeyId, /^arn:aws:kms:/, Name);
      const types = RetryPolicies.flatMap(({ ExceptionType }: Json) => ExceptionType);
      assert.ok(types.every((type: string) => /^(Step|SageMaker)\./.test(type)), Name);
    }
  }
});
