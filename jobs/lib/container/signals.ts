import { StoppedError } from "../errors.ts";

type Stop = "SIGTERM" | "SIGINT";

/** Who is told to stop; whoever asks before there is anybody is heard later. */
let onStop: ((name: Stop) => void) | undefined;
let requested: Stop | undefined;

/** Does what the signal would do. A process without permission to signal cannot even signal itself. */
export function requestStop(name: Stop): void {
  if (onStop === undefined) requested = name;
  else onStop(name);
}

/**
 * Turns SIGTERM (SageMaker's stop, two minutes before SIGKILL) and SIGINT into an aborted signal
 * whose reason is a {@linkcode StoppedError}. A second one ends the process at once.
 *
 * @returns the signal, and `release`, after which the process's default behaviour is back
 */
export function stopSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (name: Stop) => {
    const error = new StoppedError(name);
    if (controller.signal.aborted) Deno.exit(error.exitCode);
    controller.abort(error);
  };
  const onTerm = () => stop("SIGTERM");
  const onInterrupt = () => stop("SIGINT");
  Deno.addSignalListener("SIGTERM", onTerm);
  Deno.addSignalListener("SIGINT", onInterrupt);
  onStop = stop;
  if (requested !== undefined) stop(requested);
  return {
    signal: controller.signal,
    release: () => {
      onStop = undefined;
      Deno.removeSignalListener("SIGTERM", onTerm);
      Deno.removeSignalListener("SIGINT", onInterrupt);
    },
  };
}
