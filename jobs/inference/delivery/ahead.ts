/**
 * Keeps one item ready: while the caller works on one, the next is made, and nothing beyond it. So
 * what is published slowly is read slowly, and making and publishing overlap.
 *
 * Ending the loop early ends the source once the item in the making is done.
 */
export async function* oneAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  let next = items.next();
  try {
    while (true) {
      const { done, value } = await next;
      if (done) return;
      next = items.next();
      // Its failure is met when its turn comes, or never.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await items.return?.();
  }
}
