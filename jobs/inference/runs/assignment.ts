/**
 * Assigns inputs to shards so that no shard has much more to do than another: the longest first,
 * each to the shard with the fewest rows (R. L. Graham, "Bounds on multiprocessing timing anomalies",
 * 1969: at most 4/3 of the best there is). The same inputs give the same shards.
 *
 * @param rows of each input
 * @param shards how many; some stay empty if there are fewer inputs
 * @returns for each shard the indexes of its inputs, ascending
 */
export function assignInputs(rows: readonly number[], shards: number): number[][] {
  const assigned = Array.from({ length: shards }, (): { rows: number; inputs: number[] } => ({
    rows: 0,
    inputs: [],
  }));
  const longestFirst = rows.map((count, index) => ({ count, index }))
    .sort((a, b) => b.count - a.count || a.index - b.index);
  for (const { count, index } of longestFirst) {
    const least = assigned.reduce((least, shard) => shard.rows < least.rows ? shard : least);
    least.rows += count;
    least.inputs.push(index);
  }
  return assigned.map(({ inputs }) => inputs.sort((a, b) => a - b));
}
