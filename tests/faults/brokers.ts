/**
 * Brokers that die in the middle of a run.
 */

import assert from "node:assert/strict";
import type { Broker } from "../../scripts/services/mod.ts";
import { startProxy } from "./proxy.ts";
import {
  assertWhole,
  attempt,
  type AttemptOptions,
  finish,
  gate,
  happens,
  newRun,
  succeeds,
} from "./run.ts";
import { EXTENDED } from "./world.ts";

/** Says the whole attempt; the sink before it has its own patience, and words. */
const BEGINS_AGAIN = '"message":"trying again"';

Deno.test("score goes on when the broker was killed and has come back", async () => {
  const run = await newRun();
  const hit = gate();
  await using proxy = startProxy(run.cluster.saslBootstrapServers, ({ request, nth }) => {
    if (request === "Produce" && nth === 8) hit.open();
    return "pass";
  });
  const scoring = await attempt(run, { servers: proxy.bootstrapServers });
  await happens(hit.opened, scoring);
  const [broker] = run.cluster.brokers;
  await broker?.kill();
  assert.equal(scoring.over(), false);
  await broker?.start();
  await assertWhole(run, await succeeds(scoring, run));
});

Deno.test("score that may wait begins again by itself once the broker is back", async () => {
  const run = await newRun();
  const [broker] = run.cluster.brokers;
  await broker?.kill();
  const scoring = await attempt(run, { args: ["--retry-for=5m"] });
  await happens(scoring.says(BEGINS_AGAIN), scoring);
  await broker?.start();
  await assertWhole(run, await succeeds(scoring, run));
});

Deno.test("score goes on when the coordinator of its transactions dies and another takes over", async () => {
  const run = await newRun({ cluster: "three" });
  const hit = Promise.withResolvers<Broker | undefined>();
  await using proxy = startProxy(run.cluster.saslBootstrapServers, ({ request, nth, broker }) => {
    if (request === "EndTxn" && nth === 4) hit.resolve(run.cluster.brokers[broker]);
    return "pass";
  });
  const scoring = await attempt(run, { servers: proxy.bootstrapServers });
  await happens(hit.promise.then(() => {}), scoring);
  const coordinator = await hit.promise;
  await coordinator?.kill();
  const summary = await succeeds(scoring, run);
  await coordinator?.start();
  await assertWhole(run, summary);
});

if (EXTENDED) {
  Deno.test("score goes on while all brokers are killed and come back, one after the other", async () => {
    const run = await newRun({ cluster: "three", day: "large", batch: 500 });
    const hit = gate();
    await using proxy = startProxy(run.cluster.saslBootstrapServers, ({ request, nth }) => {
      if (request === "EndTxn" && nth === 20) hit.open();
      return "pass";
    });
    const scoring = await attempt(run, {
      servers: proxy.bootstrapServers,
      args: ["--rate-limit=10000"],
      // A million rows take 100 s at that rate, and three brokers start meanwhile.
      patience: 600_000,
    });
    await happens(hit.opened, scoring);
    for (const broker of run.cluster.brokers) {
      await broker.kill();
      await broker.start();
    }
    await assertWhole(run, await succeeds(scoring, run));
  });

  Deno.test("score waits while too few replicas are in sync", async () => {
    const run = await newRun({ cluster: "three" });
    const hit = gate();
    await using proxy = startProxy(run.cluster.saslBootstrapServers, ({ request, nth }) => {
      if (request === "EndTxn" && nth === 4) hit.open();
      return "pass";
    });
    const scoring = await attempt(run, { servers: proxy.bootstrapServers });
    await happens(hit.opened, scoring);
    const [first, second] = run.cluster.brokers;
    await Promise.all([first?.kill(), second?.kill()]);
    assert.equal(scoring.over(), false);
    await Promise.all([first?.start(), second?.start()]);
    await assertWhole(run, await succeeds(scoring, run));
  });

  // With brokers that do not forget to tell each other how a transaction ended that they gave up while
  // they started, as 4.3.1 does now and then.
  Deno.test("score that may wait goes on from its progress when the brokers were away for long", async () => {
    const { run, proxy, scoring } = await bereft({ args: ["--retry-for=10m"], patience: 600_000 });
    await using _ = proxy;
    await happens(scoring.says(BEGINS_AGAIN), scoring);
    await Promise.all(run.cluster.brokers.map((broker) => broker.start()));
    const summary = await succeeds(scoring, run);
    assert.match((await scoring.result).log, /"message":"resuming"/);
    await assertWhole(run, summary);
  });

  Deno.test("score ends with exit 4 when the brokers stay away, and can be resumed", async () => {
    const { run, proxy, scoring } = await bereft();
    await using _ = proxy;
    const { code, log } = await scoring.result;
    assert.equal(code, 4, log);
    assert.match(log, /kafka\.publish-failed/);
    await Promise.all(run.cluster.brokers.map((broker) => broker.start()));
    await assertWhole(run, await finish(run));
  });
}

/** An attempt whose brokers have all died in the middle of a transaction. */
async function bereft(options: AttemptOptions = {}) {
  const run = await newRun({ cluster: "three" });
  const hit = gate();
  const proxy = startProxy(run.cluster.saslBootstrapServers, ({ request, nth }) => {
    if (request === "Produce" && nth === 8) hit.open();
    return "pass";
  });
  const scoring = await attempt(run, { ...options, servers: proxy.bootstrapServers });
  await happens(hit.opened, scoring);
  await Promise.all(run.cluster.brokers.map((broker) => broker.kill()));
  return { run, proxy, scoring };
}
