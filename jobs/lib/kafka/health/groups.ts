/**
 * Groups that hold the progress of runs, told apart from groups that consume.
 *
 * @module
 */
import { z } from "zod";
import { topicsOf } from "../topics.ts";
import type { ByPartition, GroupListing, GroupOffset } from "./requests.ts";

/** A group with all that it has committed. */
export interface Group extends GroupListing {
  /** By topic and partition. */
  readonly committed: ByPartition<GroupOffset>;
}

/** The progress of one shard. */
export interface ShardProgress {
  /** `<environment>.<pipeline>.<run>`. */
  readonly name: string;
  /** Its number. */
  readonly shard: number;
  /** Rows done. */
  readonly rows: number;
  /** Rows published. */
  readonly accepted: number;
  /** Rows that went to the dead letters. */
  readonly dead: number;
  /** True after its last transaction. */
  readonly done: boolean;
}

/** What a group is to a stream of predictions. */
export type Role =
  | { readonly kind: "shard"; readonly progress: ShardProgress }
  /** Says that a run is complete. */
  | { readonly kind: "completion"; readonly name: string }
  | { readonly kind: "consumer" };

const shardMetadata = z.looseObject({
  accepted: z.int().nonnegative(),
  dead: z.int().nonnegative(),
  done: z.boolean(),
});

/** Looks at a group's name and at what it has committed: either alone could be chance. */
export function roleOf(topic: string, { group, committed }: Group): Role {
  const { predictions, runs } = topicsOf(topic);
  const [, name = "", last = ""] = /^([^.]+\.[^.]+\..+)\.(\d+|complete)$/.exec(group) ?? [];
  if (last === "complete" && parse(committed.get(runs)?.get(0)) !== undefined) {
    return { kind: "completion", name };
  }
  const progress = committed.get(predictions)?.get(0);
  const found = shardMetadata.safeParse(parse(progress));
  if (last === "" || last === "complete" || progress === undefined || !found.success) {
    return { kind: "consumer" };
  }
  const { accepted, dead, done } = found.data;
  return {
    kind: "shard",
    progress: { name, shard: Number(last), rows: progress.offset, accepted, dead, done },
  };
}

function parse(offset: GroupOffset | undefined): unknown {
  try {
    return JSON.parse(offset?.metadata ?? "");
  } catch {
    return undefined;
  }
}
