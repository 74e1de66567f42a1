import { StoppedError } from "../errors.ts";

/**
 * Turns SIGTERM (SageMaker's stop, two minutes before SIGKILL) and SIGINT into an aborted signal
 * whose reason is a {@linkcode StoppedError}. A second one ends the process at once.
 *
 * @returns the signal, and `release`, after which the process's default behaviour is back
 */
export function stopSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (name: "SIGTERM" | "SIGINT") => () => {
    const error = new StoppedError(name);
    if (controller.signal.aborted) Deno.exit(error.exitCode);
    controller.abort(error);
  };
  const onTerm = stop("SIGTERM");
  const onInterrupt = stop("SIGINT");
  Deno.addSignalListener("SIGTERM", onTerm);
  Deno.addSignalListener("SIGINT", onInterrupt);
  return {
    signal: controller.signal,
    release: () => {
      Deno.removeSignalListener("SIGTERM", onTerm);
      Deno.removeSignalListener("SIGINT", onInterrupt);
    },
  };
}
