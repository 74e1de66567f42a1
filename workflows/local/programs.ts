/**
 * Finds what no program stands in for before anything runs.
 *
 * @module
 */
import { type Commands, requireCommand } from "./commands.ts";
import { lookUp, parsePath } from "./path.ts";
import type { ParameterValues } from "../parameters/mod.ts";
import type { LocalDefinition, LocalStep } from "./shape.ts";

/** Where each type of step says what it runs. */
const PLACES: Readonly<Record<string, (step: LocalStep) => unknown>> = {
  Processing: ({ Arguments }) => at(Arguments, "AppSpecification.ImageUri"),
  Training: ({ Arguments }) => at(Arguments, "AlgorithmSpecification.TrainingImage"),
  Callback: ({ SqsQueueUrl }) => SqsQueueUrl,
  Lambda: ({ FunctionArn }) => FunctionArn,
};

/**
 * Checks every image, queue and function that is known before the execution.
 *
 * @throws {UsageError} `pipeline.command-missing`
 */
export function requirePrograms(
  { steps }: Pick<LocalDefinition, "steps">,
  parameters: ParameterValues,
  commands: Commands,
): void {
  for (const step of steps) {
    const named = PLACES[step.Type]?.(step);
    const reference = at(named, "Get");
    const [, parameter] = /^Parameters\.(.+)$/.exec(String(reference)) ?? [];
    const name = parameter === undefined ? named : parameters[parameter];
    if (typeof name === "string") requireCommand(name, commands);
  }
}

function at(json: unknown, path: string): unknown {
  return lookUp(json, parsePath(path) ?? []);
}
