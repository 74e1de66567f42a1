/**
 * How far runs are, from the progress that their shards commit.
 *
 * @module
 */
import { type Group, roleOf, type ShardProgress } from "./groups.ts";

/** A run as Kafka knows it; how many rows and shards it has in all, only its manifest knows. */
export interface RunProgress {
  /** `<environment>.<pipeline>.<run>`. */
  readonly run: string;
  /** Rows done. */
  readonly rows: number;
  /** Rows done per second, since the look before. */
  readonly rows_per_second: number;
  /** Rows published. */
  readonly accepted: number;
  /** Rows that went to the dead letters. */
  readonly dead: number;
  /** Shards that have begun. */
  readonly shards: number;
  /** Shards that have published all of theirs. */
  readonly shards_done: number;
  /** Whether its completion was published. */
  readonly complete: boolean;
}

/** The runs of a topic, those that go on first. */
export function runsOf(
  topic: string,
  groups: readonly Group[],
  before: { readonly groups: readonly Group[]; readonly seconds: number },
): RunProgress[] {
  const then = shardsOf(topic, before.groups);
  const complete = new Set(groups.flatMap((group) => {
    const role = roleOf(topic, group);
    return role.kind === "completion" ? [role.name] : [];
  }));
  return [...shardsOf(topic, groups)].map(([run, shards]): RunProgress => {
    const total = (of: (shard: ShardProgress) => number, some = shards) =>
      some.reduce((sum, shard) => sum + of(shard), 0);
    const rows = total((shard) => shard.rows);
    // A run that was not there before has begun meanwhile.
    const earlier = total((shard) => shard.rows, then.get(run) ?? []);
    return {
      run,
      rows,
      rows_per_second: Math.max(0, Math.round((rows - earlier) / before.seconds)),
      accepted: total((shard) => shard.accepted),
      dead: total((shard) => shard.dead),
      shards: shards.length,
      shards_done: total((shard) => Number(shard.done)),
      complete: complete.has(run),
    };
  }).sort((one, other) =>
    Number(one.complete) - Number(other.complete) || (one.run < other.run ? -1 : 1)
  );
}

function shardsOf(topic: string, groups: readonly Group[]): Map<string, ShardProgress[]> {
  const shards = groups.flatMap((group) => {
    const role = roleOf(topic, group);
    return role.kind === "shard" ? [role.progress] : [];
  });
  return Map.groupBy(shards, ({ name }) => name);
}
