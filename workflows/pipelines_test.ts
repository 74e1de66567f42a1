import assert from "node:assert/strict";
import { renderTemplate, validateDefinition, variablesOf } from "./definition/mod.ts";
import { DEFINITIONS, definitionTemplate, withExamples } from "./synthesis.ts";
import { VARIABLES } from "./variables.ts";

/** What a job is told, as far as it is read here. */
interface Job {
  readonly NetworkConfig?: Network;
  readonly VpcConfig?: Network["VpcConfig"];
  readonly EnableInterContainerTrafficEncryption?: boolean;
  readonly ProcessingResources?: { readonly ClusterConfig: Cluster };
  readonly ResourceConfig?: Cluster;
  readonly ProcessingInputs?: unknown;
  readonly AppSpecification?: { readonly ContainerArguments: readonly string[] };
  readonly AlgorithmSpecification?: {
    readonly MetricDefinitions: readonly { readonly Name: string; readonly Regex: string }[];
  };
  readonly HyperParameters?: Readonly<Record<string, unknown>>;
  readonly Environment?: Readonly<Record<string, unknown>>;
  readonly CheckpointConfig?: { readonly S3Uri: unknown };
}

interface Network {
  readonly VpcConfig: { readonly Subnets: readonly string[] };
  readonly EnableInterContainerTrafficEncryption: boolean;
}

interface Cluster {
  readonly VolumeKmsKeyId: string;
  readonly InstanceCount: unknown;
}

interface Step {
  readonly Name: string;
  readonly Type: string;
  readonly CacheConfig?: unknown;
  readonly RetryPolicies?: readonly { readonly ExceptionType: readonly string[] }[];
  readonly Arguments: Job & {
    readonly TrainingJobDefinition?: Job;
    readonly IfSteps?: readonly Step[];
    readonly ElseSteps?: readonly Step[];
  };
}

interface Definition {
  readonly Parameters: readonly { readonly Name: string }[];
  readonly Steps: readonly Step[];
}

const render = (name: typeof DEFINITIONS[number], values = {}): Definition =>
  JSON.parse(renderTemplate(definitionTemplate(name), withExamples(values)));

function stepsOf(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) =>
    step.Type === "Condition"
      ? [step, ...stepsOf([...step.Arguments.IfSteps ?? [], ...step.Arguments.ElseSteps ?? []])]
      : [step]
  );
}

function stepOf({ Steps }: Definition, name: string): Step {
  const found = stepsOf(Steps).find(({ Name }) => Name === name);
  assert.ok(found, name);
  return found;
}

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
  assert.match(JSON.stringify(CheckpointConfig?.S3Uri), /"Get":"Execution.PipelineExecutionId"/);
});

Deno.test("the training pipeline has the specification's hyperparameters, by its names", () => {
  const definition = render("training", { n_estimators: 300 });
  const { HyperParameters } = stepOf(definition, "Train").Arguments;
  for (const name of ["n_estimators", "max_depth", "model_name", "experiment_name"]) {
    assert.ok(name in (HyperParameters ?? {}), name);
  }
  const trees = definition.Parameters.find(({ Name }) => Name === "NEstimators");
  assert.deepEqual(trees, { Name: "NEstimators", Type: "Integer", DefaultValue: 300 });
});

Deno.test("the metrics that SageMaker reads are the lines that the training prints", () => {
  const { AlgorithmSpecification } = stepOf(render("training"), "Train").Arguments;
  const metric = AlgorithmSpecification?.MetricDefinitions.find(({ Name }) => Name === "roc_auc");
  assert.equal("metric roc_auc=0.8123".match(metric?.Regex ?? "$^")?.[1], "0.8123");
});

Deno.test("scoring is never cached, retries itself, and all machines read the same data", () => {
  const definition = render("inference");
  const score = stepOf(definition, "Score");
  assert.equal(score.CacheConfig, undefined);
  assert.equal(score.Arguments.ProcessingInputs, undefined);
  assert.deepEqual(score.Arguments.AppSpecification?.ContainerArguments, [
    "score",
    "--retry-for",
    "15m",
  ]);
  assert.deepEqual(score.Arguments.ProcessingResources?.ClusterConfig.InstanceCount, {
    Get: "Parameters.InferenceInstanceCount",
  });
  const names = definition.Parameters.map(({ Name }) => Name);
  for (const name of ["InputUri", "InputPartition", "InputLagDays", "RunId", "ScheduledTime"]) {
    assert.ok(names.includes(name), name);
  }
});

Deno.test("all jobs run in the network, encrypted, and are retried for SageMaker's reasons only", () => {
  for (const name of DEFINITIONS) {
    for (const { Name, Type, Arguments: given, RetryPolicies } of stepsOf(render(name).Steps)) {
      if (Type === "Condition" || Type === "Fail") continue;
      const job = given.TrainingJobDefinition ?? given;
      const { VpcConfig } = job.NetworkConfig ?? job;
      assert.ok(VpcConfig && VpcConfig.Subnets.length > 0, Name);
      const { EnableInterContainerTrafficEncryption } = job.NetworkConfig ?? job;
      assert.equal(EnableInterContainerTrafficEncryption, true, Name);
      const cluster = job.ProcessingResources?.ClusterConfig ?? job.ResourceConfig;
      assert.match(cluster?.VolumeKmsKeyId ?? "", /^arn:aws:kms:/, Name);
      const types = (RetryPolicies ?? []).flatMap(({ ExceptionType }) => ExceptionType);
      assert.ok(types.length > 0, Name);
      assert.ok(types.every((type) => /^(Step|SageMaker)\./.test(type)), Name);
    }
  }
});

Deno.test("every job sends its traces where its environment says, or nowhere", () => {
  for (const name of DEFINITIONS) {
    for (const endpoint of ["http://collector:4318", " "]) {
      const { Steps } = render(name, { environment: "prod", otlp_endpoint: endpoint });
      for (const { Name, Type, Arguments: given } of stepsOf(Steps)) {
        if (Type === "Condition" || Type === "Fail") continue;
        const { Environment = {} } = given.TrainingJobDefinition?.Environment
          ? given.TrainingJobDefinition
          : given;
        assert.equal(Environment["OTEL_EXPORTER_OTLP_ENDPOINT"], endpoint, Name);
        assert.equal(
          Environment["OTEL_RESOURCE_ATTRIBUTES"],
          "deployment.environment.name=prod",
          Name,
        );
      }
    }
  }
});
