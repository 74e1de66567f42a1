/**
 * What has to come before what.
 *
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";
import type { LocalDefinition, LocalStep } from "./shape.ts";
import { referredSteps } from "./functions.ts";

/** The steps that each step waits for: those it names, those it takes from, its condition. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Finds what every step waits for.
 *
 * @throws {UsageError} `pipeline.step-unknown`, `pipeline.cycle`
 */
export function dependenciesOf({ steps }: Pick<LocalDefinition, "steps">): Dependencies {
  const names = new Set(steps.map(({ Name }) => Name));
  const dependencies = new Map(steps.map((step) => [step.Name, own(step, names)]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    if (path.includes(name)) {
      throw invalid("pipeline.cycle", `${[...path, name].join(" waits for ")}`);
    }
    for (const before of dependencies.get(name) ?? []) visit(before, [...path, name]);
    done.add(name);
  };
  for (const name of names) visit(name, []);
  return dependencies;
}

/** A step and all that come after it. */
export function andAfter(step: string, dependencies: Dependencies): Set<string> {
  const found = new Set([step]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [name, needed] of dependencies) {
      if ([...needed].some((each) => found.has(each))) found.add(name);
    }
  }
  return found;
}

function own(step: LocalStep, names: ReadonlySet<string>): Set<string> {
  const needed = new Set([
    ...step.DependsOn,
    ...referredSteps([step.Arguments, step.SqsQueueUrl, step.FunctionArn]),
    ...(step.branch === undefined ? [] : [step.branch.of]),
  ]);
  for (const name of needed) {
    if (!names.has(name)) {
      throw invalid("pipeline.step-unknown", `${step.Name} waits for ${name}, which is no step`);
    }
  }
  return needed;
}

function invalid(code: string, found: string): UsageError {
  return new UsageError({
    code,
    cannot: "order the steps",
    found,
    todo: "Correct DependsOn and the references; deno task pipeline validate finds all mistakes",
  });
}
