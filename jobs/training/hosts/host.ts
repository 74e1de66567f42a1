import type { Context } from "../../lib/command.ts";
import type { BlockStore, Peers } from "../../lib/forest/mod.ts";
import { openStorage } from "../../lib/storage/mod.ts";
import type { trainOptions } from "../options.ts";
import { type HostNotes, openNotes } from "./notes.ts";
import { treeStore } from "./tree_store.ts";
import { watchPeers } from "./watch.ts";

/** This host's part in a training on several. */
export interface TrainingHost {
  readonly name: string;
  /** Its place among the sorted hosts; 0 evaluates, logs and registers. */
  readonly index: number;
  readonly count: number;
  /** Where the trees of all meet. */
  readonly store: BlockStore;
  /** What this host tells the others, and they it. */
  readonly notes: HostNotes;
  /** For the training itself. */
  readonly peers: Peers;
}

/**
 * Finds this host's part, and what the hosts have said so far.
 *
 * @returns undefined where there is only one host
 * @throws {UsageError} `storage.uri-invalid`
 * @throws {DependencyError} `storage.…`
 */
export async function joinHosts(
  { values, container, log, signal }: Context<typeof trainOptions>,
): Promise<TrainingHost | undefined> {
  const { current: name, all } = container?.hosts ?? { current: "", all: [] };
  if (all.length <= 1 || values.workS3Uri === undefined) return undefined;
  const storage = openStorage(values.workS3Uri, {
    option: "--work-s3-uri",
    purpose: "share trees between hosts",
  });
  const index = all.indexOf(name);
  const notes = await openNotes(storage, Deno.env.get("TRAINING_JOB_NAME"), name);
  log.info("training on several hosts", {
    host: name,
    hosts: all.length,
    trees: `${index}, ${index + all.length}, …`,
    work: storage.uri,
  });
  const watch = watchPeers(notes, { seconds: values.hostTimeout, log, signal });
  return {
    name,
    index,
    count: all.length,
    store: treeStore(storage),
    notes,
    peers: { index, count: all.length, ...watch },
  };
}
