import type { Value } from "./expression.ts";
import { type Step, stepJson, type StepOptions } from "./step.ts";

/** Why an execution fails. */
export interface FailOptions extends StepOptions {
  /** What `status` and the console show. */
  readonly reason: Value<string>;
}

/** A step that ends the execution as failed, with a reason. */
export function fail(name: string, options: FailOptions): Step {
  return {
    name,
    toJSON: () => stepJson(name, "Fail", { Arguments: { ErrorMessage: options.reason } }, options),
  };
}
