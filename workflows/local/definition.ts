/**
 * Reads a definition as far as executing it needs: what AWS's SDK writes, what ours writes, and what
 * a person writes by hand.
 *
 * @module
 */
import { z } from "zod";
import { issuesOf, UsageError } from "../../jobs/lib/errors.ts";
import type { Branch, LocalDefinition, LocalStep } from "./shape.ts";

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -");
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const parameter = z.looseObject({
  Name: z.string().min(1).max(64),
  Type: z.enum(["String", "Integer", "Float", "Boolean"]),
  DefaultValue: scalar.optional(),
  EnumValues: z.array(scalar).optional(),
});

const retryPolicy = z.looseObject({
  ExceptionType: z.union([z.string(), z.array(z.string())])
    .transform((types) => typeof types === "string" ? [types] : types),
  IntervalSeconds: z.number().min(0).max(43_200).default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxAttempts: z.int().min(1).max(20).optional(),
  ExpireAfterMin: z.number().min(1).max(14_400).optional(),
});

const propertyFile = z.looseObject({
  PropertyFileName: z.string(),
  OutputName: z.string(),
  FilePath: z.string(),
});

const step = z.looseObject({
  Name: name,
  Type: z.string(),
  Arguments: z.record(z.string(), z.unknown()).default({}),
  DisplayName: z.string().optional(),
  Description: z.string().optional(),
  DependsOn: z.array(z.string()).default([]),
  RetryPolicies: z.array(retryPolicy).default([]),
  CacheConfig: z.looseObject({ Enabled: z.boolean(), ExpireAfter: z.string().optional() })
    .optional(),
  PropertyFiles: z.array(propertyFile).default([]),
  SqsQueueUrl: z.unknown().optional(),
  FunctionArn: z.unknown().optional(),
});

const branches = z.looseObject({
  Conditions: z.array(z.unknown()),
  IfSteps: z.array(z.unknown()).default([]),
  ElseSteps: z.array(z.unknown()).default([]),
});

const definition = z.looseObject({
  Version: z.literal("2020-12-01"),
  Parameters: z.array(parameter).default([]),
  Steps: z.array(z.unknown()).min(1).max(500),
  ParallelismConfiguration: z.looseObject({ MaxParallelExecutionSteps: z.int().min(1) }).optional(),
});

/** Kinds of step that can be executed on this machine. */
export const STEP_TYPES: readonly string[] = [
  "Processing",
  "Training",
  "Condition",
  "Fail",
  "RegisterModel",
  "Callback",
  "Lambda",
];

/**
 * Reads a definition.
 *
 * @param source names it in messages
 * @throws {UsageError} `pipeline.definition-invalid`, `pipeline.step-unsupported`
 */
export function readDefinition(text: string, source: string): LocalDefinition {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(source, `it is not JSON (${error instanceof Error ? error.message : error})`);
  }
  const parsed = definition.safeParse(json);
  if (!parsed.success) throw invalid(source, issuesOf(parsed.error));
  const { Parameters, Steps, ParallelismConfiguration } = parsed.data;
  const steps = Steps.flatMap((one, index) => flatten(one, undefined, `Steps.${index}`, source));
  const names = new Set<string>();
  for (const { Name } of steps) {
    if (names.has(Name)) throw invalid(source, `two steps are called ${Name}`);
    names.add(Name);
  }
  const unsupported = steps.filter(({ Type }) => !STEP_TYPES.includes(Type));
  if (unsupported.length > 0) {
    throw new UsageError({
      code: "pipeline.step-unsupported",
      cannot: `run ${source} on this machine`,
      found: unsupported.map(({ Name, Type }) => `${Name} is a ${Type} step`).join("; "),
      todo: `Start it on SageMaker; here run ${STEP_TYPES.join(", ")}`,
      place: { file: source },
    });
  }
  return {
    parameters: Parameters,
    steps,
    parallelism: ParallelismConfiguration?.MaxParallelExecutionSteps,
  };
}

function flatten(
  json: unknown,
  branch: Branch | undefined,
  path: string,
  source: string,
): LocalStep[] {
  const parsed = step.safeParse(json);
  if (!parsed.success) throw invalid(source, `${path}: ${issuesOf(parsed.error)}`);
  const own = { ...parsed.data, branch };
  if (own.Type !== "Condition") return [own];
  const choice = branches.safeParse(own.Arguments);
  if (!choice.success) throw invalid(source, `${path}.Arguments: ${issuesOf(choice.error)}`);
  const { IfSteps, ElseSteps } = choice.data;
  return [
    { ...own, Arguments: { Conditions: choice.data.Conditions } },
    ...IfSteps.flatMap((one, index) =>
      flatten(one, { of: own.Name, when: true }, `${path}.Arguments.IfSteps.${index}`, source)
    ),
    ...ElseSteps.flatMap((one, index) =>
      flatten(one, { of: own.Name, when: false }, `${path}.Arguments.ElseSteps.${index}`, source)
    ),
  ];
}

function invalid(source: string, found: string): UsageError {
  return new UsageError({
    code: "pipeline.definition-invalid",
    cannot: `read the definition ${source}`,
    found,
    todo: "Correct it; deno task pipeline validate finds what SageMaker would refuse",
    place: { file: source },
  });
}
