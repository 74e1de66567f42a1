import { z } from "zod";
import { issuesOf, UsageError } from "../../jobs/lib/errors.ts";
import type { Aws } from "./aws.ts";
import type { ExecutionName } from "./names.ts";

/** A step of a definition, wherever it stands. */
export interface DefinedStep {
  /** Its name. */
  readonly name: string;
  /** `Processing`, `Training`, `Condition`… */
  readonly type: string;
  /** The branch of a condition that it stands in. */
  readonly branch?: { readonly condition: string; readonly side: "IfSteps" | "ElseSteps" };
}

const STEP = z.looseObject({
  Name: z.string(),
  Type: z.string(),
  Arguments: z.looseObject({ IfSteps: z.unknown(), ElseSteps: z.unknown() }).partial().optional(),
});
const STEPS = z.array(STEP);

/** The steps of an execution's own definition. */
export async function definedSteps(
  aws: Aws,
  { arn, id, pipeline }: ExecutionName,
): Promise<DefinedStep[]> {
  const { PipelineDefinition: text = "{}" } = await aws.sagemaker(
    "DescribePipelineDefinitionForExecution",
    `read the definition of execution ${id} of ${pipeline}`,
    (client) => client.describePipelineDefinitionForExecution({ PipelineExecutionArn: arn }),
  );
  return stepsOf(JSON.parse(text));
}

/**
 * The steps of a definition's JSON, in the order in which they stand there.
 *
 * @throws {UsageError} `pipeline.definition-unreadable`
 */
export function stepsOf(definition: unknown): DefinedStep[] {
  const parsed = z.looseObject({ Steps: STEPS }).safeParse(definition);
  if (parsed.success) return flatten(parsed.data.Steps);
  throw new UsageError({
    code: "pipeline.definition-unreadable",
    cannot: "read the steps of the execution's definition",
    found: issuesOf(parsed.error),
    todo: "Start a new execution instead of resuming this one",
  });
}

function flatten(steps: z.infer<typeof STEPS>, branch?: DefinedStep["branch"]): DefinedStep[] {
  return steps.flatMap(({ Name: name, Type: type, Arguments }) => [
    { name, type, ...(branch === undefined ? {} : { branch }) },
    ...(["IfSteps", "ElseSteps"] as const).flatMap((side) => {
      const inner = STEPS.safeParse(Arguments?.[side]);
      return inner.success ? flatten(inner.data, { condition: name, side }) : [];
    }),
  ]);
}
