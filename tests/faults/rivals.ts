/**
 * Two processes of one run: one finishes it, the other ends with exit 6 and has no part in it.
 */

import assert from "node:assert/strict";
import { startProxy, type Verdict } from "./proxy.ts";
import { assertWhole, attempt, finish, gate, happens, isFenced, newRun, succeeds } from "./run.ts";

/** A proxy that holds up the nth request of a kind before the broker gets it, until told. */
function holdUp(servers: string, request: "EndTxn" | "InitProducerId", nth: number) {
  const [reached, released] = [gate(), gate()];
  const proxy = startProxy(servers, async (moment): Promise<Verdict> => {
    if (moment.request === request && moment.nth === nth && moment.when === "before") {
      reached.open();
      await released.opened;
    }
    return "pass";
  });
  return Object.assign(proxy, { reached: reached.opened, release: released.open });
}

Deno.test("score: the second process takes over, and the first finds out when all is done", async () => {
  const run = await newRun();
  await using proxy = holdUp(run.cluster.saslBootstrapServers, "EndTxn", 5);
  const first = await attempt(run, { servers: proxy.bootstrapServers });
  await happens(proxy.reached, first);
  const summary = await finish(run);
  proxy.release();
  await isFenced(first);
  await assertWhole(run, summary);
});

Deno.test("score: a process that initialises again disturbs its successor, and publishes nothing", async () => {
  const run = await newRun();
  const servers = run.cluster.saslBootstrapServers;
  await using early = holdUp(servers, "EndTxn", 5);
  await using late = holdUp(servers, "EndTxn", 5);
  const first = await attempt(run, { servers: early.bootstrapServers });
  await happens(early.reached, first);
  const second = await attempt(run, { servers: late.bootstrapServers });
  await happens(late.reached, second);
  // Its connection breaks, so it takes the transactional id back, before it can know better.
  early.release();
  early.cut();
  await isFenced(first);
  assert.ok(early.seen("InitProducerId") > 1);
  late.release();
  await assertWhole(run, await succeeds(second, run));
});

Deno.test("score: a process that initialises again after a time-out publishes nothing either", async () => {
  const run = await newRun();
  const servers = run.cluster.saslBootstrapServers;
  const [unanswered, timedOut, released] = [gate(), gate(), gate()];
  await using early = startProxy(servers, async ({ request, nth, when }): Promise<Verdict> => {
    if (request === "EndTxn" && nth === 5 && when === "after") {
      unanswered.open();
      return "silence";
    }
    if (request === "InitProducerId" && nth > 1 && when === "before") {
      timedOut.open();
      await released.opened;
    }
    return "pass";
  });
  await using late = holdUp(servers, "EndTxn", 5);
  const first = await attempt(run, { servers: early.bootstrapServers });
  await happens(unanswered.opened, first);
  await happens(timedOut.opened, first);
  const second = await attempt(run, { servers: late.bootstrapServers });
  await happens(late.reached, second);
  released.open();
  await isFenced(first);
  late.release();
  await assertWhole(run, await succeeds(second, run));
});

Deno.test("score: the process that started first can be the one that takes over", async () => {
  const run = await newRun();
  const servers = run.cluster.saslBootstrapServers;
  await using early = holdUp(servers, "InitProducerId", 1);
  await using late = holdUp(servers, "EndTxn", 5);
  const first = await attempt(run, { servers: early.bootstrapServers });
  await happens(early.reached, first);
  const second = await attempt(run, { servers: late.bootstrapServers });
  await happens(late.reached, second);
  early.release();
  const summary = await succeeds(first, run);
  late.release();
  await isFenced(second);
  await assertWhole(run, summary);
});

Deno.test("score: of processes that start at the same instant one finishes", async () => {
  const run = await newRun({ day: "split", batch: 100 });
  const rivals = await Promise.all([attempt(run), attempt(run)]);
  const ends = await Promise.all(rivals.map(({ result }) => result));
  const codes = ends.map(({ code }) => code).sort();
  assert.deepEqual(codes, [0, 6], ends.map(({ log }) => log).join("\n\n"));
  await assertWhole(run, ends.find(({ code }) => code === 0)?.summary);
});

Deno.test("score: a frozen process that wakes after its successor publishes nothing", async () => {
  for (const [request, nth] of [["EndTxn", 5], ["InitProducerId", 1]] as const) {
    const run = await newRun();
    await using proxy = holdUp(run.cluster.saslBootstrapServers, request, nth);
    const frozen = await attempt(run, { servers: proxy.bootstrapServers });
    await happens(proxy.reached, frozen);
    frozen.signal("SIGSTOP");
    // What it has sent gets to the broker while it sleeps.
    proxy.release();
    const summary = await finish(run);
    frozen.signal("SIGCONT");
    const { code, log } = await frozen.result;
    assert.ok(code === 6 || code === 0, `ended with ${code}: ${log}`);
    await assertWhole(run, summary);
  }
});
