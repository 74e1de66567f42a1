/**
 * Mends kafkajs's request queue, which after every answer sets a timer to a time long past: the
 * runtime warns of it on stderr, and the timer comes back every millisecond for as long as the
 * connection lives (https://github.com/tulios/kafkajs/issues/1751, open, no release since 2023).
 *
 * @module
 */

/** What matters of a queue here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
}

/** Lets queues set a timer only where there is something to wait for. */
export async function mendRequestQueue(): Promise<void> {
  const { default: queue }: { default: unknown } = await import(
    "kafkajs/src/network/requestQueue/index.js"
  );
  if (typeof queue !== "function" || mended.has(queue)) return;
  mended.add(queue);
  const name = "scheduleCheckPendingRequests";
  const schedule: unknown = queue.prototype[name];
  if (typeof schedule !== "function") return;
  Object.defineProperty(queue.prototype, name, {
    value(this: RequestQueue): void {
      if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
    },
  });
}

const mended = new WeakSet<object>();
