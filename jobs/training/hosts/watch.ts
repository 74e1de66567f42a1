import { setTimeout } from "node:timers/promises";
import { DependencyError, UsageError } from "../../lib/errors.ts";
import type { Peers } from "../../lib/forest/mod.ts";
import type { Log } from "../../lib/log.ts";
import type { HostNote, HostNotes } from "./notes.ts";

/** How the other hosts are watched. */
export interface WatchOptions {
  /** How long no tree may come before they are given up. */
  readonly seconds: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Seconds between looks: at first, and at most. */
const LOOKS = { first: 0.1, most: 2 };

/**
 * Waits for the trees of the others.
 *
 * @throws {DependencyError} `training.host-failed`, `training.host-timeout`
 * @throws {UsageError} `training.hosts-differ`
 */
export function watchPeers(
  notes: HostNotes,
  { seconds, log, signal }: WatchOptions,
): Pick<Peers, "begin" | "wait"> {
  let own = "";
  let fewest = Infinity;
  let since = performance.now();
  let pause = LOOKS.first;
  return {
    begin: async (fingerprint) => {
      own = fingerprint;
      await notes.began(fingerprint);
    },
    wait: async (missing) => {
      for (const note of await notes.read()) refuse(note, own);
      if (missing < fewest) {
        if (fewest === Infinity) log.info("waiting for other hosts", { trees_missing: missing });
        fewest = missing;
        since = performance.now();
        pause = LOOKS.first;
      }
      if (performance.now() - since > 1000 * seconds) throw timedOut(missing, seconds);
      await setTimeout(1000 * pause, undefined, { signal });
      pause = Math.min(LOOKS.most, 2 * pause);
    },
  };
}

function refuse(note: HostNote, own: string): void {
  if (note.state === "failed") {
    throw new DependencyError({
      code: "training.host-failed",
      cannot: "train on several hosts",
      found: `host ${note.host} failed (${note.reason})`,
      todo: "Mend that and run the same job again: the trees that are done are kept",
    });
  }
  if (note.fingerprint === own) return;
  throw new UsageError({
    code: "training.hosts-differ",
    cannot: "train on several hosts",
    found: `host ${note.host} has other data, hyperparameters or another version than this one`,
    todo: "Give all hosts the same image and all of the data (S3DataDistributionType " +
      "FullyReplicated)",
  });
}

function timedOut(missing: number, seconds: number): DependencyError {
  return new DependencyError({
    code: "training.host-timeout",
    cannot: "train on several hosts",
    found: `${missing} trees of other hosts are missing, and none has come for ${seconds} s`,
    todo: "Look at the other hosts' logs, or raise --host-timeout; a job started again goes on " +
      "with the trees that are there",
    place: { option: "host-timeout" },
  });
}
