/**
 * The request that starts a pipeline, as `aws sagemaker start-pipeline-execution` reads it.
 *
 * @module
 */
import {
  checkParameters,
  declaredParameters,
  pipelineName,
  type PipelineType,
  slotText,
  startToken,
} from "../../workflows/executions/mod.ts";
import type { Variables, VariableValue } from "./variable_file.ts";

/** What is asked for. */
export interface StartQuestion {
  readonly type: PipelineType;
  /** `staging` */
  readonly environment: string;
  /** Of the environment's variable file. */
  readonly variables: Variables;
  /** Of the definition, with `${name}` for what the environment knows. */
  readonly template: string;
  /** Nominal time of the run. */
  readonly slot: Date;
  /** Parameters by name, above all others. */
  readonly given: Readonly<Record<string, string>>;
}

/** A request of SageMaker's StartPipelineExecution. */
export interface StartRequest {
  readonly PipelineName: string;
  readonly PipelineParameters: readonly { readonly Name: string; readonly Value: string }[];
  readonly ClientRequestToken: string;
}

/** What the environments' Terraform calls otherwise than the definitions do. */
const RENAMED: Readonly<Record<string, string>> = {
  approval: "training_approval",
  drop_columns: "training_drop_columns",
  min_roc_auc: "training_minimum_roc_auc",
  time_column: "training_time_column",
};

/**
 * Makes the request: the environment's values, the slot, and what is given. What only AWS knows, such
 * as the name of a bucket, is left to the defaults of the deployed definition.
 *
 * @throws {UsageError} `pipeline.parameter-invalid`
 */
export function startRequest(question: StartQuestion): StartRequest {
  const { type, environment, variables, template, given } = question;
  const told = new Date(given["ScheduledTime"] ?? NaN);
  const slot = Number.isNaN(told.getTime()) ? question.slot : told;
  const declared = declaredParameters(JSON.parse(quoted(template)));
  const values: Record<string, string> = {};
  for (const { Name, DefaultValue } of declared) {
    const value = Name === "RunId" || Name === "ScheduledTime"
      ? slotText(slot)
      : filledIn(DefaultValue, variables);
    if (value !== undefined) values[Name] = value;
  }
  Object.assign(values, given);
  checkParameters(declared, values);
  const pipeline = pipelineName(environment, type);
  return {
    PipelineName: pipeline,
    PipelineParameters: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
    ClientRequestToken: startToken(pipeline, slot, values["RunId"] ?? slotText(slot)),
  };
}

/** A template as JSON: numbers and lists that only the environment knows become text. */
function quoted(template: string): string {
  return template.replace(/(: )(\$\{[a-z][a-z0-9_]*\})/g, '$1"$2"');
}

/** A default with the environment's values in it; undefined without variables, or unknown ones. */
function filledIn(fallback: unknown, variables: Variables): string | undefined {
  if (typeof fallback !== "string" || !/\$\{/.test(fallback)) return undefined;
  let known = true;
  const text = fallback.replace(/\$\{([a-z][a-z0-9_]*)\}/g, (_, name: string) => {
    const value = textOf(find(name, variables));
    if (value === undefined) known = false;
    return value ?? "";
  });
  return known ? text : undefined;
}

function find(name: string, variables: Variables): VariableValue | undefined {
  const { training_hyperparameters: hyperparameters } = variables;
  const renamed = RENAMED[name];
  return variables[name] ??
    (isMap(hyperparameters) ? hyperparameters[name] : undefined) ??
    (renamed === undefined ? undefined : variables[renamed]);
}

/** Undefined for what no parameter can be, and for null: then Terraform has a default. */
function textOf(value: VariableValue | undefined): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? " " : value.map(String).join(",");
  if (typeof value === "object" || value === undefined) return undefined;
  return String(value);
}

function isMap(value: VariableValue | undefined): value is Variables {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
