/**
 * Values that SageMaker computes when a pipeline runs: references and the two functions of the
 * definition language.
 *
 * @module
 */

/** A value that is only known when the pipeline runs. `T` is what it will be. */
export abstract class Expression<T> {
  /** Never there: it makes an `Expression<string>` no `Expression<number>`. */
  declare protected readonly evaluatesTo: T;
  /** Its form in a definition. */
  abstract toJSON(): Readonly<Record<string, unknown>> | string;
}

/** A value that is known now, or when the pipeline runs. */
export type Value<T> = T | Expression<T>;

/** What a parameter, a hyperparameter or an argument can be. */
export type Scalar = string | number | boolean;

/** `{"Get": "Steps.Train.TrainingJobName"}`: a parameter, a property of a step or of the execution. */
export class Get<T> extends Expression<T> {
  /** See {@linkcode Get}. */
  constructor(readonly path: string) {
    super();
  }
  /** See {@linkcode Expression.toJSON}. */
  override toJSON(): Readonly<Record<string, unknown>> {
    return { Get: this.path };
  }
}

class Join extends Expression<string> {
  constructor(readonly on: string, readonly values: readonly Value<Scalar>[]) {
    super();
  }
  override toJSON(): Readonly<Record<string, unknown>> {
    return { "Std:Join": { On: this.on, Values: this.values } };
  }
}

class JsonGet<T> extends Expression<T> {
  constructor(readonly file: Get<unknown>, readonly path: string) {
    super();
  }
  override toJSON(): Readonly<Record<string, unknown>> {
    return { "Std:JsonGet": { PropertyFile: this.file, Path: this.path } };
  }
}

/** The values as text, one after the other, with `on` between them. */
export function join(on: string, ...values: readonly Value<Scalar>[]): Expression<string> {
  return new Join(on, values);
}

/** A number or a truth value as text, which is what hyperparameters and arguments are. */
export function text(value: Expression<Scalar>): Expression<string> {
  return join("", value);
}

/** A JSON file that a step writes; made with {@linkcode processing}. */
export interface PropertyFile {
  /** Text at a path like `gate.reasons[0]`. */
  string(path: string): Expression<string>;
  /** A number at a path. */
  number(path: string): Expression<number>;
  /** A truth value at a path. */
  boolean(path: string): Expression<boolean>;
}

/** What of a property file can be read. */
export function propertyFile(step: string, name: string): PropertyFile {
  const file = new Get(`Steps.${step}.PropertyFiles.${name}`);
  return {
    string: (path) => new JsonGet<string>(file, path),
    number: (path) => new JsonGet<number>(file, path),
    boolean: (path) => new JsonGet<boolean>(file, path),
  };
}

/** What is known of the execution that runs. */
export const execution = {
  /** Differs in every execution, also where it resumes another. */
  id: new Get<string>("Execution.PipelineExecutionId"),
  /** ARN of the execution. */
  arn: new Get<string>("Execution.PipelineExecutionArn"),
  /** Name of the pipeline. */
  pipelineName: new Get<string>("Execution.PipelineName"),
  /** ARN of the pipeline. */
  pipelineArn: new Get<string>("Execution.PipelineArn"),
  /** When it started. */
  startTime: new Get<string>("Execution.StartDateTime"),
  /** When the step runs. */
  currentTime: new Get<string>("Execution.CurrentDateTime"),
} as const;
