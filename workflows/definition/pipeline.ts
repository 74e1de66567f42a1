import { execution, type Scalar, type Value } from "./expression.ts";
import type { Parameter } from "./parameter.ts";
import type { Step } from "./step.ts";

/** What a pipeline consists of. */
export interface PipelineOptions {
  /** In the order in which people see them. */
  readonly parameters: readonly Parameter<Scalar>[];
  /** In any order; what runs when follows from references and `dependsOn`. */
  readonly steps: readonly Step[];
  /** Steps that may run at the same time, in every execution; SageMaker's 200 unless told. */
  readonly parallelism?: number;
  /** Experiment and trial that SageMaker keeps an execution under; `null` for none. */
  readonly experiment?: { readonly name: Value<string>; readonly trial: Value<string> } | null;
}

/** A pipeline. As JSON it is a definition of version 2020-12-01. */
export interface Pipeline {
  /** See {@linkcode PipelineOptions.parallelism}; not a part of the definition, but of its start. */
  readonly parallelism: number | undefined;
  /** Its definition. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** Puts steps together. */
export function pipeline(options: PipelineOptions): Pipeline {
  const experiment = options.experiment === undefined
    ? { name: execution.pipelineName, trial: execution.id }
    : options.experiment;
  return {
    parallelism: options.parallelism,
    toJSON: () => ({
      Version: "2020-12-01",
      Metadata: {},
      Parameters: options.parameters.map((parameter) => parameter.declaration()),
      PipelineExperimentConfig: experiment === null
        ? undefined
        : { ExperimentName: experiment.name, TrialName: experiment.trial },
      Steps: options.steps,
    }),
  };
}
