/** How many files go at once: enough to hide the way to the server, few enough for small ones. */
const FILES_AT_ONCE = 4;

/**
 * Does something with each of many, a few at a time.
 *
 * @returns the results in the order of the items
 * @throws what the first that failed threw, once nothing is under way any more; no others are begun
 */
export async function fewAtOnce<T, R>(
  items: readonly T[],
  action: (item: T) => Promise<R>,
  most: number = FILES_AT_ONCE,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) {
      if (failures.length > 0) return;
      try {
        results[index] = await action(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
