/**
 * Clusters that cannot be reached, or not by everybody.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { KafkaHealth } from "../../jobs/lib/kafka/mod.ts";
import { misses } from "./misses.ts";
import { check, LOCAL, step, test } from "./place.ts";
import { blackHole, tlsServer, unusedPort } from "./servers.ts";

test("checkKafka(): each way to miss a cluster fails at its step, and what needs it is skipped", async (t) => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using hole = await blackHole();
  const cases = misses({ silent: silent.addr.port, hole: hole.port });
  // All at once: some wait.
  const found = await Promise.all(
    cases.map(([, connection]) => check(connection, { timeout: 7_000 })),
  );
  silent.close();
  for (const [index, [about, , name, message, remedy]] of cases.entries()) {
    await t.step(about, () => {
      const health = found[index] as KafkaHealth;
      assert.equal(health.status, "fail");
      const failed = health.steps.filter(({ verdict }) => verdict === "fail");
      assert.deepEqual(failed.map((step) => step.name), [name]);
      assert.match(failed[0]?.found ?? "", message);
      assert.match(failed[0]?.remedy ?? "", remedy);
      const after = health.steps.slice(health.steps.findIndex((step) => step.name === name) + 1);
      assert.ok(after.every(({ verdict }) => verdict === "skipped"));
      assert.equal(health.steps.length, 10);
    });
  }
});

test("checkKafka(): certificates that have ended, end soon or are for another host", async () => {
  const verdict = async (host: string, days: number) => {
    await using server = await tlsServer(host, days);
    const { bootstrapServers, caFile } = server;
    return step(await check({ bootstrapServers, securityProtocol: "SSL", caFile }), "tls");
  };
  const [ended, soon, other, good] = await Promise.all([
    verdict("localhost", -1),
    verdict("localhost", 12),
    verdict("broker.example", 300),
    verdict("localhost", 40),
  ]);
  assert.equal(ended.verdict, "fail");
  assert.match(ended.found, /expired/);
  assert.equal(soon.verdict, "warn");
  assert.match(soon.found, /ends in 12 days/);
  assert.equal(other.verdict, "fail");
  assert.match(other.found, /another host name/);
  assert.equal(good.verdict, "ok");
  assert.match(good.found, /40 days/);
});

test("checkKafka(): one of several bootstrap servers suffices, with a warning", async () => {
  const dead = `127.0.0.1:${unusedPort()}`;
  const health = await check({ bootstrapServers: `${dead},${LOCAL.bootstrapServers}` });
  assert.equal(health.status, "warn");
  assert.equal(step(health, "tcp").verdict, "warn");
  assert.ok(step(health, "tcp").found.includes(dead));
});

test("checkKafka(): it ends in its time", async () => {
  await using hole = await blackHole();
  const started = performance.now();
  const health = await check({ bootstrapServers: `127.0.0.1:${hole.port}` }, { timeout: 300 });
  assert.equal(step(health, "tcp").verdict, "fail");
  assert.ok(performance.now() - started < 4_000);
});
