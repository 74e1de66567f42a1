/**
 * What SageMaker's step cache compares, and for how long.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html
 * @module
 */
import { createHash } from "node:crypto";
import { UsageError } from "../../jobs/lib/errors.ts";
import { isObject } from "./path.ts";

/** The arguments that a step of each type is recognised by; where its outputs go is none. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  Processing: ["AppSpecification", "Environment", "ProcessingInputs"],
  Training: [
    "AlgorithmSpecification",
    "CheckpointConfig",
    "DebugHookConfig",
    "DebugRuleConfigurations",
    "Environment",
    "HyperParameters",
    "InputDataConfig",
  ],
  Lambda: ["FunctionArn", "Arguments"],
  Callback: ["SqsQueueUrl", "Arguments"],
};

/**
 * What a step with these resolved arguments is recognised by. As on SageMaker, data is recognised by
 * where it is: its content does not count.
 *
 * @returns undefined for a type of step that is never cached
 */
export function cacheKey(
  type: string,
  resolved: Readonly<Record<string, unknown>>,
): string | undefined {
  const attributes = ATTRIBUTES[type];
  if (attributes === undefined) return undefined;
  const compared = attributes.map((name) => [name, sorted(resolved[name] ?? null)]);
  return createHash("sha256").update(JSON.stringify([type, compared])).digest("hex").slice(0, 32);
}

/**
 * Milliseconds of an ISO 8601 duration like `P30D`, `PT1H30M` or `P1M` (of 30 days).
 *
 * @throws {UsageError} `pipeline.duration-invalid`
 */
export function duration(text: string): number {
  const match =
    /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i
      .exec(text);
  if (match !== null) {
    const [, years, months, weeks, days, hours, minutes, seconds] = match.map((part) =>
      Number(part ?? 0)
    );
    const inDays = (years ?? 0) * 365 + (months ?? 0) * 30 + (weeks ?? 0) * 7 + (days ?? 0);
    const inSeconds = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
    return (inDays * 86_400 + inSeconds) * 1000;
  }
  throw new UsageError({
    code: "pipeline.duration-invalid",
    cannot: "use the cache",
    found: `ExpireAfter is ${JSON.stringify(text)}`,
    todo: "Give a duration of ISO 8601, such as P30D or PT12H",
  });
}

/** The same value, whatever order its keys came in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value).sort().map((key) => [key, sorted(value[key])]),
  );
}
