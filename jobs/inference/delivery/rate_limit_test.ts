import assert from "node:assert/strict";
import fc from "fast-check";
import { fakeClock } from "./fake_clock.ts";
import { rateLimit } from "./rate_limit.ts";

const signal = new AbortController().signal;

Deno.test("rateLimit() lets through no more than the rate and a second's worth in any window", async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 10_000 }),
    fc.array(fc.record({ rows: fc.integer({ min: 1, max: 5_000 }), idle: fc.nat(3_000) }), {
      maxLength: 30,
    }),
    async (perSecond, takes) => {
      const clock = fakeClock();
      const limit = rateLimit(perSecond, clock);
      const passed: { at: number; rows: number }[] = [];
      for (const { rows, idle } of takes) {
        clock.pass(idle);
        await limit.take(rows, signal);
        passed.push({ at: clock.now(), rows });
      }
      for (const [first, { at: from }] of passed.entries()) {
        let rows = 0;
        // Those at the window's start were let through for the time before it.
        for (const { at, rows: more } of passed.slice(first + 1)) {
          rows += more;
          assert.ok(rows <= perSecond * ((at - from) / 1000 + 1) + 1e-6);
        }
      }
    },
  ));
});

Deno.test("rateLimit() keeps the rate although every wait ends late", async () => {
  const clock = fakeClock({ late: 15 });
  const limit = rateLimit(1_000, clock);
  const start = clock.now();
  for (let batch = 0; batch < 1_000; batch++) await limit.take(100, signal);
  const rate = 100_000 / ((clock.now() - start) / 1000);
  assert.ok(rate > 999 && rate <= 1_000, `${rate} rows a second`);
});

Deno.test("rateLimit() without a rate does not wait", async () => {
  const clock = fakeClock();
  await rateLimit(undefined, clock).take(1e9, signal);
  assert.equal(clock.now(), 0);
});
