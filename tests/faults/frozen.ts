/**
 * A process that sleeps for longer than its transaction may last, which is a minute. It falls asleep
 * in a test of its own and is woken by the last test of all, so that the others need not wait.
 */

import assert from "node:assert/strict";
import { startProxy, type Verdict } from "./proxy.ts";
import { assertWhole, attempt, finish, gate, happens, newRun } from "./run.ts";
import { admin } from "./world.ts";

const NAME = "score, frozen in the midst of a transaction";
/** The process outlives the test. */
const OUTLIVED = { sanitizeOps: false, sanitizeResources: false };

let asleep: Promise<() => Promise<void>> | undefined;

Deno.test({ name: NAME, ...OUTLIVED, fn: async () => void await fallAsleep() });

/** Registers the last test. */
export function testWaking(): void {
  Deno.test({
    name: `${NAME}, goes on after the broker has given that up`,
    ...OUTLIVED,
    fn: async () => {
      const wake = await fallAsleep();
      await wake();
    },
  });
}

function fallAsleep(): Promise<() => Promise<void>> {
  return asleep ??= freeze();
}

async function freeze(): Promise<() => Promise<void>> {
  const run = await newRun();
  const [midway, woken] = [gate(), gate()];
  const hold = async (): Promise<Verdict> => {
    midway.open();
    await woken.opened;
    return "pass";
  };
  const proxy = startProxy(
    run.cluster.saslBootstrapServers,
    ({ request, nth, when }) =>
      request === "EndTxn" && nth === 5 && when === "before" ? hold() : "pass",
  );
  const scoring = await attempt(run, { servers: proxy.bootstrapServers, patience: 1_800_000 });
  await happens(midway.opened, scoring);
  scoring.signal("SIGSTOP");
  return async () => {
    await using _ = proxy;
    await admin(run.cluster, "decided", run.topic);
    const before = proxy.seen("InitProducerId");
    woken.open();
    scoring.signal("SIGCONT");
    const { code, log } = await scoring.result;
    // It may find that it was away for too long; but it must not take its transaction for committed.
    assert.ok(code === 0 || code === 4, log);
    if (code === 0) assert.ok(proxy.seen("InitProducerId") > before);
    await assertWhole(run, await finish(run));
  };
}
