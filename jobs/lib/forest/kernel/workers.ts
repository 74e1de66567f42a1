/**
 * Workers that grow trees beside the main thread.
 *
 * @module
 */

import type { GrownTree } from "./grown_tree.ts";
import type { GrowerSetup } from "./grower.ts";

/** A worker that has been started. */
export interface TreeWorker {
  /** Lets it grow. @returns once it is done; rejects with what went wrong, in `onTree` too. */
  grow(setup: GrowerSetup, onTree: (tree: GrownTree) => void): Promise<void>;
  /** Ends it at once. */
  terminate(): void;
}

/**
 * Starts a worker. It loads while the caller goes on.
 *
 * The worker is a file beside this one: a compiled binary must embed it (`deno compile --include
 * jobs/lib/forest/kernel/worker.ts`), and a bundle must keep it at that place beside itself. Without it
 * training goes on with one thread and a notice. URLs of a Blob do not work in a compiled binary.
 *
 * @param onFailure Told if it cannot be started; then {@linkcode TreeWorker.grow} does nothing.
 */
export function startWorker(onFailure: (reason: string) => void): TreeWorker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const ready = new Promise<boolean>((resolve) => {
    worker.onmessage = () => resolve(true);
    worker.onerror = (event) => {
      event.preventDefault();
      onFailure(event.message);
      resolve(false);
    };
  });
  return {
    grow: async (setup, onTree) => {
      if (!await ready) return;
      await new Promise<void>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<GrownTree | "done">) => {
          if (data === "done") return resolve();
          try {
            onTree(data);
          } catch (error) {
            // Nobody catches what an event's handler throws.
            reject(error);
          }
        };
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
        worker.postMessage(setup);
      });
    },
    terminate: () => worker.terminate(),
  };
}
