/**
 * What it means for the user that Deno refused access to a file or a host. Binaries have their permissions
 * compiled in; a task of deno.json may have been narrowed.
 *
 * @module
 */
import { messageOf, UsageError } from "./errors.ts";

const REFUSED = /Requires (read|write|net) access to (?:"([^"]*)"|<([^>]*)>)/;

/**
 * The error to show for one that Deno's refusal caused, however deep it lies in the chain of causes.
 *
 * @returns undefined if something else caused it
 */
export function explainRefusal(error: unknown): UsageError | undefined {
  for (let cause = error; cause !== undefined && cause !== null; cause = causeOf(cause)) {
    const [, access, path = "a file"] = REFUSED.exec(messageOf(cause)) ?? [];
    if (access === undefined) continue;
    if (access === "net") return unreachable(path, error);
    return new UsageError({
      code: "file.not-permitted",
      cannot: `${access} ${path}`,
      found: Deno.build.standalone
        ? "this binary reads and writes only in /opt/ml, /tmp and the folder it is started in"
        : `this process was started without --allow-${access} for it`,
      todo: Deno.build.standalone ? "Mount it at one of these, or start there" : "Allow it",
      place: { file: path },
      cause: error,
    });
  }
  return undefined;
}

function unreachable(host: string, cause: unknown): UsageError {
  return new UsageError({
    code: "net.not-permitted",
    cannot: `reach ${host}`,
    found: "this process was started without --allow-net for it",
    todo: `Add it to the permissions of the task: --allow-net=${host}`,
    place: { url: host },
    cause,
  });
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
