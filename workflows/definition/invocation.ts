/**
 * Steps whose work is done elsewhere: by a Lambda function, or by whoever reads an SQS queue.
 *
 * @module
 */
import { Get, type Scalar, type Value } from "./expression.ts";
import { type JobStepOptions, type Step, stepJson, type StepOptions } from "./step.ts";

/** What an output can be. */
export type OutputType = "String" | "Integer" | "Float" | "Boolean";

/** The outputs of a step by name. */
export type Outputs = Readonly<Record<string, OutputType>>;

/** The type of a value in TypeScript. */
export type TypeOf<T extends OutputType> = T extends "String" ? string
  : T extends "Boolean" ? boolean
  : number;

/** Such a step, and what other steps may use of it. */
export interface InvocationStep<O extends Outputs> extends Step {
  /** What it gives back. */
  readonly outputs: { readonly [K in keyof O]: Get<TypeOf<O[K]>> };
}

/** What is given to the other side, and what it gives back. */
export interface InvocationOptions<O extends Outputs> {
  /** What is given to the other side. */
  readonly arguments: Readonly<Record<string, Value<Scalar>>>;
  /** What it gives back, by name. */
  readonly outputs?: O;
}

/** A step that calls a Lambda function. */
export function lambda<const O extends Outputs = Record<never, never>>(
  name: string,
  options: JobStepOptions & InvocationOptions<O> & { readonly functionArn: Value<string> },
): InvocationStep<O> {
  return invocation(name, "Lambda", options, { FunctionArn: options.functionArn });
}

/** A step that puts a message with a token into a queue and waits for an answer with that token. */
export function callback<const O extends Outputs = Record<never, never>>(
  name: string,
  options: StepOptions & InvocationOptions<O> & { readonly queueUrl: Value<string> },
): InvocationStep<O> {
  return invocation(name, "Callback", options, { SqsQueueUrl: options.queueUrl });
}

function invocation<O extends Outputs>(
  name: string,
  type: "Lambda" | "Callback",
  options: JobStepOptions & InvocationOptions<O>,
  target: Readonly<Record<string, unknown>>,
): InvocationStep<O> {
  const outputs = Object.entries(options.outputs ?? {});
  const references = outputs.map(([output]) => [
    output,
    new Get(`Steps.${name}.OutputParameters['${output}']`),
  ]);
  return {
    name,
    outputs: Object.fromEntries(references) as InvocationStep<O>["outputs"],
    toJSON: () =>
      stepJson(name, type, {
        Arguments: options.arguments,
        ...target,
        OutputParameters: outputs.length === 0
          ? undefined
          : outputs.map(([OutputName, OutputType]) => ({ OutputName, OutputType })),
      }, options),
  };
}
