import assert from "node:assert/strict";
import fc from "fast-check";
import { deliver, type Lane } from "./delivery.ts";
import type { Outgoing, Produced } from "./protocol/transaction_requests.ts";

const OLD = { host: "old", port: 1 };
const NEW = { host: "new", port: 2 };
const NOT_LEADER = 6;
const NOT_ENOUGH_REPLICAS_AFTER_APPEND = 20;
const OUT_OF_ORDER = 45;
const DUPLICATE = 46;

Deno.test("deliver() stores every batch once and in order, whatever passes goes wrong", async () => {
  const lanes = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 });
  const fates = fc.infiniteStream(fc.constantFrom("well", "well", "refused", "appended"));
  await fc.assert(
    fc.asyncProperty(lanes, fates, async (counts, fates) => {
      const broker = new Broker();
      let troubles = 0;
      await deliver(lanesOf(counts), {
        leaderOf: () => OLD,
        refresh: () => Promise.resolve(),
        send: (_, batches) =>
          broker.take(batches, () => {
            const fate = troubles > 5 ? "well" : fates.next().value;
            if (fate !== "well") troubles++;
            return fate;
          }),
        deadline: Date.now() + 60_000,
        onRetry: () => {},
      });
      counts.forEach((count, partition) =>
        assert.deepEqual(broker.log(partition), Array.from({ length: count }, (_, i) => i))
      );
      assert.ok(broker.mostInFlight <= 5);
    }),
    { numRuns: 50 },
  );
});

Deno.test("deliver() asks for the leader anew, and sends the identical bytes there", async () => {
  const [lane] = lanesOf([3]);
  assert.ok(lane);
  let leader = OLD;
  const sent: Record<string, Uint8Array[]> = { old: [], new: [] };
  const reasons: string[] = [];
  await deliver([lane], {
    leaderOf: () => leader,
    refresh: () => {
      leader = NEW;
      return Promise.resolve();
    },
    send: ({ host }, batches) => {
      sent[host]?.push(...batches.map(({ batch }) => batch));
      return Promise.resolve(answers(batches, host === "old" ? NOT_LEADER : 0));
    },
    deadline: Date.now() + 60_000,
    onRetry: (reason) => reasons.push(reason),
  });
  assert.deepEqual(sent["new"], lane.batches);
  assert.deepEqual(reasons, ["Produce was answered with NOT_LEADER_OR_FOLLOWER"]);
});

Deno.test("deliver() fails at once when it cannot know, or cannot mend it", async () => {
  const attempt = (send: () => Promise<readonly Produced[]>, deadline = Date.now() + 60_000) =>
    deliver(lanesOf([2, 2]), {
      leaderOf: () => OLD,
      refresh: () => Promise.resolve(),
      send,
      deadline,
      onRetry: () => {},
    });
  await assert.rejects(attempt(() => Promise.reject(new Error("reset"))), /reset/);
  await assert.rejects(attempt(() => Promise.resolve([])), /no answer for partition/);
  for (const [code, type] of [[OUT_OF_ORDER, "OUT_OF_ORDER"], [10, "MESSAGE_TOO_LARGE"]] as const) {
    const [first, second] = lanesOf([1, 1]).map(({ topic, partition }) => ({ topic, partition }));
    assert.ok(first && second);
    const produced = [{ ...first, code: 0, detail: null }, { ...second, code, detail: null }];
    await assert.rejects(attempt(() => Promise.resolve(produced)), new RegExp(type));
  }
});

Deno.test("deliver() gives up in time when nothing passes", async () => {
  await assert.rejects(
    deliver(lanesOf([1]), {
      leaderOf: () => undefined,
      refresh: () => Promise.resolve(),
      send: () => Promise.reject(new Error("unused")),
      deadline: Date.now() + 50,
      onRetry: () => {},
    }),
    /not stored in time/,
  );
});

/** A partition as brokers keep it: it refuses gaps, and knows the last batches. */
class Broker {
  mostInFlight = 0;
  readonly #logs = new Map<number, number[]>();
  #inFlight = 0;

  log(partition: number): number[] {
    return this.#logs.get(partition) ?? [];
  }

  async take(batches: readonly Outgoing[], fate: () => string): Promise<Produced[]> {
    this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight);
    const produced = batches.map(({ topic, partition, batch }) => {
      const log = this.log(partition);
      this.#logs.set(partition, log);
      const number = batch[0] ?? -1;
      const code = (() => {
        if (number < log.length) return log.length - number <= 5 ? DUPLICATE : OUT_OF_ORDER;
        const luck = fate();
        // What follows a refused batch is refused as well, until the client begins again.
        if (luck === "refused" || number > log.length) return NOT_LEADER;
        log.push(number);
        return luck === "appended" ? NOT_ENOUGH_REPLICAS_AFTER_APPEND : 0;
      })();
      return { topic, partition, code, detail: null };
    });
    await Promise.resolve();
    this.#inFlight--;
    return produced;
  }
}

function lanesOf(counts: readonly number[]): Lane[] {
  return counts.map((count, partition) => ({
    topic: "t",
    partition,
    batches: Array.from({ length: count }, (_, i) => Uint8Array.of(i)),
  }));
}

function answers(batches: readonly Outgoing[], code: number): Produced[] {
  return batches.map(({ topic, partition }) => ({ topic, partition, code, detail: null }));
}
