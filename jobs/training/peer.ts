import type { Context, Outcome } from "../lib/command.ts";
import { messageOf } from "../lib/errors.ts";
import { prepareData } from "./data.ts";
import { growShare } from "./fit.ts";
import type { trainOptions } from "./options.ts";
import type { TrainingHost } from "./hosts/mod.ts";

/**
 * What a host other than the first does: it grows its trees and leaves them to the first, which
 * evaluates, logs and registers.
 *
 * @throws {DataError} {@linkcode UsageError} {@linkcode DependencyError} which the first host learns of
 */
export async function trainAsPeer(
  context: Context<typeof trainOptions>,
  host: TrainingHost,
): Promise<Outcome> {
  const { values, log, signal } = context;
  try {
    const data = await prepareData(values, log);
    signal.throwIfAborted();
    const trees = await growShare(data, context, host);
    return { summary: { status: "grown", host: host.name, trees, of: values.nEstimators } };
  } catch (error) {
    // Who is stopped may be started again.
    if (!signal.aborted) {
      await host.notes.failed(messageOf(error)).catch((reason) => {
        log.warn("the first host could not be told", { reason: messageOf(reason) });
      });
    }
    throw error;
  }
}
