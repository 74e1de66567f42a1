/**
 * What a look at one thing found.
 *
 * @module
 */
import { messageOf, PlatformError } from "../../jobs/lib/errors.ts";
import { explain } from "../../workflows/executions/mod.ts";

/** `unknown`: the look itself was not allowed, or needs what is missing. */
export type Verdict = "ok" | "warn" | "fail" | "unknown";

/** One line of the report. */
export interface Finding {
  /** What was looked at. */
  readonly name: string;
  /** How it is. */
  readonly verdict: Verdict;
  /** What was found. */
  readonly found: string;
  /** What mends it; none where nothing has to be mended. */
  readonly remedy?: string;
}

/** All is well. */
export function ok(name: string, found: string): Finding {
  return { name, verdict: "ok", found };
}

/** Something does not work. */
export function fail(name: string, found: string, remedy: string): Finding {
  return { name, verdict: "fail", found, remedy };
}

/** Something works, and somebody should look at it. */
export function warn(name: string, found: string, remedy: string): Finding {
  return { name, verdict: "warn", found, remedy };
}

/** It could not be seen. */
export function unknown(name: string, found: string, remedy: string): Finding {
  return { name, verdict: "unknown", found, remedy };
}

/**
 * Looks, and makes a finding of what AWS answers instead: what is missing fails, what may not be seen
 * is unknown.
 *
 * @param service first part of IAM's actions
 * @param action the call
 * @param missing what mends it if the thing is not there
 */
export async function look(
  name: string,
  { service, action, missing }: {
    readonly service: string;
    readonly action: string;
    readonly missing: string;
  },
  step: () => Promise<Finding>,
): Promise<Finding> {
  try {
    return await step();
  } catch (error) {
    if (isMissing(error)) return fail(name, "it does not exist", missing);
    const explained = explain(error, { service, action, purpose: "look" });
    if (!(explained instanceof PlatformError)) throw explained;
    if (explained.code === "aws.not-found") return fail(name, "it does not exist", missing);
    const text = messageOf(explained).replace(/^Cannot look: /, "");
    const at = text.indexOf(". ");
    const [found, remedy] = at < 0
      ? [text, "Mend what it says"]
      : [text.slice(0, at), text.slice(at + 2)];
    return explained.code === "aws.denied"
      ? unknown(name, found, remedy)
      : fail(name, found, remedy);
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const message = messageOf(error);
  return /^(ResourceNotFound(Exception)?|NotFound|NoSuchBucket|RepositoryNotFoundException|ImageNotFoundException|NoSuchKey)$/
    .test(error.name) || /does not exist|could not be found/i.test(message);
}
