import { waitFor } from "./expressions.ts";
import { isObject, listOf, shown } from "./json.ts";
import {
  conditionShape,
  failArguments,
  invocationArguments,
  outputParameters,
  registerModelArguments,
} from "./other_arguments.ts";
import { processingArguments } from "./processing_arguments.ts";
import type { Scope } from "./scope.ts";
import {
  all,
  anything,
  boolean,
  type Check,
  integer,
  list,
  literal,
  number,
  object,
  text,
  unique,
} from "./shapes.ts";
import { trainingArguments, tuningArguments } from "./training_arguments.ts";

const stepName = text({
  max: 64,
  pattern: /^[A-Za-z0-9\-_]+$/,
  what: "letters, digits, '-' and '_'",
});

const RETRIABLE = [
  "Step.SERVICE_FAULT",
  "Step.THROTTLING",
  "SageMaker.JOB_INTERNAL_ERROR",
  "SageMaker.CAPACITY_ERROR",
  "SageMaker.RESOURCE_LIMIT",
];

/** Steps that run no job of SageMaker's. */
const RETRIABLE_STEP = RETRIABLE.filter((type) => type.startsWith("Step."));

const retryPolicy = (types: readonly string[]): Check =>
  literal(all(
    object({
      "ExceptionType!": list(text({ words: types }), { min: 1, max: types.length }),
      IntervalSeconds: integer({ min: 1, max: 43_200 }),
      BackoffRate: number({ min: 1 }),
      MaxAttempts: integer({ min: 1, max: 20 }),
      ExpireAfterMin: integer({ min: 1, max: 14_400 }),
    }),
    (found, at, scope) => {
      if (!isObject(found)) return;
      const { MaxAttempts: attempts, ExpireAfterMin: minutes } = found;
      if (attempts !== undefined && minutes !== undefined) {
        scope.report(`${at}.ExpireAfterMin`, "it cannot stand beside MaxAttempts; choose one");
      } else if (attempts === undefined && minutes === undefined) {
        scope.report(`${at}.MaxAttempts`, "neither it nor ExpireAfterMin is there");
      }
    },
  ));

const cacheConfig = object({
  Enabled: literal(boolean()),
  ExpireAfter: literal(text({
    pattern: /^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/i,
    what: "a duration of ISO 8601, like P30D or PT12H",
  })),
});

const propertyFiles: Check = all(
  list(
    object({
      "PropertyFileName!": literal(text({ max: 256, pattern: /^[A-Za-z0-9\-_]+$/ })),
      "OutputName!": literal(text({ max: 64 })),
      "FilePath!": literal(text({ max: 256 })),
    }),
    { max: 10 },
  ),
  unique("PropertyFileName"),
);

const common = {
  "Name!": literal(stepName),
  "Type!": literal(text()),
  DisplayName: literal(text({ max: 256 })),
  Description: literal(text({ max: 3072 })),
  DependsOn: list(literal(stepName), { max: 100 }),
};
const retries = { RetryPolicies: list(retryPolicy(RETRIABLE), { max: 5 }) };
const stepRetries = { RetryPolicies: list(retryPolicy(RETRIABLE_STEP), { max: 5 }) };
const cache = { CacheConfig: cacheConfig };

/** What a step of each type may consist of. */
const TYPES: Readonly<Record<string, Check>> = {
  Processing: object({
    ...common,
    ...retries,
    ...cache,
    "Arguments!": processingArguments,
    PropertyFiles: propertyFiles,
  }),
  Training: object({ ...common, ...retries, ...cache, "Arguments!": trainingArguments }),
  Tuning: object({ ...common, ...retries, ...cache, "Arguments!": tuningArguments }),
  RegisterModel: object({ ...common, ...stepRetries, "Arguments!": registerModelArguments }),
  Fail: object({ ...common, "Arguments!": failArguments }),
  Condition: object({
    ...common,
    "Arguments!": object({
      "Conditions!": list(conditionShape, { min: 1 }),
      IfSteps: list(checkStep),
      ElseSteps: list(checkStep),
    }),
  }),
  Callback: object({
    ...common,
    "Arguments!": invocationArguments,
    "SqsQueueUrl!": text({
      pattern: /^https:\/\/sqs\.[\w-]+\.[\w.]+\/\d{12}\/[\w.-]+$/,
      what: "the URL of a queue, like https://sqs.REGION.amazonaws.com/ACCOUNT/NAME",
    }),
    OutputParameters: outputParameters,
  }),
  Lambda: object({
    ...common,
    ...cache,
    "Arguments!": invocationArguments,
    "FunctionArn!": text({
      pattern: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
      what: "the ARN of a function",
    }),
    OutputParameters: outputParameters,
  }),
};

/** Known to AWS, but not looked into here. */
const OTHER_TYPES = [
  "Transform",
  "Model",
  "EMR",
  "AutoML",
  "ClarifyCheck",
  "QualityCheck",
  "Endpoint",
  "EndpointConfig",
];

/** Checks a step, with those in its branches. */
export function checkStep(found: unknown, at: string, scope: Scope): void {
  if (!isObject(found)) return scope.report(at, `it is ${shown(found)}, not an object`);
  const { Name: name, Type: type } = found;
  const outer = scope.step;
  scope.step = typeof name === "string" ? name : undefined;
  checkDeclaration(found, at, scope);
  const shape = typeof type === "string" ? TYPES[type] : undefined;
  if (shape !== undefined) shape(found, at, scope);
  else if (typeof type === "string" && OTHER_TYPES.includes(type)) anything(found, at, scope);
  else {
    const known = [...Object.keys(TYPES), ...OTHER_TYPES].join(", ");
    scope.report(`${at}.Type`, type === undefined ? "it is missing" : `it must be one of ${known}`);
  }
  checkPropertyFiles(found, at, scope);
  for (const [index, target] of listOf(found["DependsOn"]).entries()) {
    if (typeof target === "string") waitFor(target, `${at}.DependsOn[${index}]`, scope);
  }
  scope.step = outer;
}

function checkDeclaration(
  { Name: name }: Readonly<Record<string, unknown>>,
  at: string,
  scope: Scope,
): void {
  if (typeof name !== "string" || scope.steps.get(name)?.path === at) return;
  if (scope.steps.has(name)) scope.report(`${at}.Name`, `there is a step ${name} already`);
}

/** A property file is in an output that the step has. */
function checkPropertyFiles(
  step: Readonly<Record<string, unknown>>,
  at: string,
  scope: Scope,
): void {
  const { Arguments } = step;
  const config = isObject(Arguments) ? Arguments["ProcessingOutputConfig"] : undefined;
  const outputs = listOf(isObject(config) ? config["Outputs"] : undefined)
    .map((output) => isObject(output) ? output["OutputName"] : undefined);
  for (const [index, file] of listOf(step["PropertyFiles"]).entries()) {
    const output = isObject(file) ? file["OutputName"] : undefined;
    if (typeof output !== "string" || outputs.includes(output)) continue;
    scope.report(`${at}.PropertyFiles[${index}].OutputName`, `the step has no output ${output}`);
  }
}
