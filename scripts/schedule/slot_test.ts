import assert from "node:assert/strict";
import fc from "fast-check";
import { latestSlot, nextSlot } from "./slot.ts";

const at = (expression: string, now: string) => latestSlot(expression, new Date(now)).toISOString();

Deno.test("latestSlot() is the last time that has come", () => {
  assert.equal(at("cron(0 2 * * ? *)", "2026-11-23T02:40:00Z"), "2026-11-23T02:00:00.000Z");
  assert.equal(at("cron(0 2 * * ? *)", "2026-11-23T01:59:59Z"), "2026-11-22T02:00:00.000Z");
  assert.equal(at("cron(0 2 * * ? *)", "2026-11-23T02:00:00Z"), "2026-11-23T02:00:00.000Z");
  assert.equal(at("cron(30 6 ? * MON-FRI *)", "2026-11-22T12:00:00Z"), "2026-11-20T06:30:00.000Z");
  assert.equal(at("cron(0/15 8-18 * * ? *)", "2026-11-23T19:00:00Z"), "2026-11-23T18:45:00.000Z");
  assert.equal(at("cron(0 0 1 JAN,jul ? *)", "2026-11-23T00:00:00Z"), "2026-07-01T00:00:00.000Z");
});

Deno.test("latestSlot() of a day's schedule is at most a day ago, whenever it is asked", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 23 }),
      fc.nat({ max: 59 }),
      fc.date({ min: new Date("1971-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
      (hour, minute, now) => {
        const slot = latestSlot(`cron(${minute} ${hour} * * ? *)`, now);
        const ago = now.getTime() - slot.getTime();
        assert.ok(ago >= 0 && ago < 86_400_000);
        assert.deepEqual([slot.getUTCHours(), slot.getUTCMinutes()], [hour, minute]);
      },
    ),
  );
});

Deno.test("latestSlot() refuses what it would get wrong", () => {
  for (
    const expression of [
      "rate(1 day)",
      "cron(0 2 L * ? *)",
      "cron(0 25 * * ? *)",
      "cron(0 2 * * ?)",
      "cron(0 0 ? * 6#3 *)",
    ]
  ) {
    assert.throws(() => latestSlot(expression, new Date()), /Cannot find the latest slot/);
  }
});

Deno.test("nextSlot() is the first time that comes, on the clocks of its zone", () => {
  const next = (expression: string, now: string, zone?: string) =>
    nextSlot(expression, new Date(now), zone).toISOString();
  const daily = "cron(0 2 * * ? *)";
  assert.equal(next(daily, "2026-11-23T01:59:59Z"), "2026-11-23T02:00:00.000Z");
  assert.equal(next(daily, "2026-11-23T02:00:00Z"), "2026-11-24T02:00:00.000Z");
  assert.equal(next(daily, "2026-11-23T00:30:00Z", "Europe/Vienna"), "2026-11-23T01:00:00.000Z");
  assert.equal(next(daily, "2026-07-23T00:30:00Z", "Europe/Vienna"), "2026-07-24T00:00:00.000Z");
  assert.equal(next(daily, "2026-11-23T11:00:00Z", "Asia/Kolkata"), "2026-11-23T20:30:00.000Z");
  assert.equal(next(daily, "2026-11-23T05:00:00Z", "America/New_York"), "2026-11-23T07:00:00.000Z");
});

Deno.test("between the latest slot and the next there is none", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 23 }),
      fc.constantFrom("*", "MON-FRI", "SUN"),
      fc.date({ min: new Date("1971-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
      (hour, weekdays, now) => {
        const expression = `cron(5 ${hour} ? * ${weekdays} *)`;
        const next = nextSlot(expression, now);
        assert.ok(next > now);
        const before = latestSlot(expression, new Date(next.getTime() - 1));
        assert.deepEqual(before, latestSlot(expression, now));
      },
    ),
  );
});
