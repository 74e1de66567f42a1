/**
 * How far consumers are behind.
 *
 * @module
 */
import { topicsOf } from "../topics.ts";
import { type Group, roleOf } from "./groups.ts";
import type { ByPartition } from "./requests.ts";

/** A group that reads a topic. */
export interface LagOfGroup {
  /** Its id. */
  readonly group: string;
  /** What it reads. */
  readonly topic: string;
  /** `Stable`, `Empty` (nobody runs), … */
  readonly state: string;
  /** Partitions on which it has committed an offset. */
  readonly partitions: number;
  /**
   * Offsets that it has yet to read there. As with Kafka's own tools, the markers that end
   * transactions count; a consumer that has read all is at most one behind on each partition.
   */
  readonly lag: number;
}

/** The lag of every group that consumes one of the topics, by group and topic. */
export function lagOf(
  topic: string,
  groups: readonly Group[],
  ends: ByPartition<number>,
): LagOfGroup[] {
  return groups.filter((group) => roleOf(topic, group).kind === "consumer")
    .flatMap(({ group, state, committed }) =>
      Object.values(topicsOf(topic)).flatMap((name): LagOfGroup[] => {
        const offsets = [...committed.get(name) ?? []].filter(([, { offset }]) => offset >= 0);
        if (offsets.length === 0) return [];
        const lag = offsets.reduce(
          // An offset beyond the end is one of a topic that was made anew.
          (sum, [partition, { offset }]) =>
            sum + Math.max(0, (ends.get(name)?.get(partition) ?? offset) - offset),
          0,
        );
        return [{ group, topic: name, state, partitions: offsets.length, lag }];
      })
    )
    .sort((one, other) => compare(one.group, other.group) || compare(one.topic, other.topic));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
