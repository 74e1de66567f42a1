import assert from "node:assert/strict";
import fc from "fast-check";
import { minutesOf, monthNumber, timestampPart } from "./calendar.ts";
import { MISSING_TIMESTAMP } from "../column.ts";
import type { CalendarField, TimestampPart } from "./schema.ts";

const FIELDS: CalendarField[] = ["month", "day", "day_of_week", "hour", "minute_of_day"];
const PARTS = FIELDS.flatMap((field): TimestampPart[] => [field, `${field}_sin`, `${field}_cos`]);

// What a Date holds: the years -271,821 to 275,760.
const MOST = 8_640_000_000_000_000_000n;

Deno.test("timestampPart() agrees with Date before and after 1970", () => {
  const moment = fc.bigInt({ min: -MOST, max: MOST });
  fc.assert(
    fc.property(moment, (micros) => {
      const rest = ((micros % 1000n) + 1000n) % 1000n;
      const date = new Date(Number((micros - rest) / 1000n));
      const minutes = minutesOf(BigInt64Array.of(micros));
      const part = (name: TimestampPart) => timestampPart(minutes, name)[0];
      assert.equal(part("month"), date.getUTCMonth() + 1);
      assert.equal(part("day"), date.getUTCDate());
      assert.equal(part("day_of_week"), (date.getUTCDay() + 6) % 7);
      assert.equal(part("hour"), date.getUTCHours());
      assert.equal(part("minute_of_day"), date.getUTCHours() * 60 + date.getUTCMinutes());
      const turns = (date.getUTCHours() * 60 + date.getUTCMinutes()) / 1440;
      assert.ok(Math.abs((part("minute_of_day_sin") ?? 9) - Math.sin(2 * Math.PI * turns)) < 1e-7);
      assert.ok(Math.abs((part("minute_of_day_cos") ?? 9) - Math.cos(2 * Math.PI * turns)) < 1e-7);
      const month = (date.getUTCMonth() + 1) / 12;
      assert.ok(Math.abs((part("month_sin") ?? 9) - Math.sin(2 * Math.PI * month)) < 1e-7);
      assert.equal(monthNumber(minutes[0] ?? NaN), date.getUTCFullYear() * 12 + date.getUTCMonth());
    }),
    { numRuns: 2000 },
  );
});

Deno.test("timestampPart() gives each row what it gives that row alone", () => {
  const near = fc.bigInt({ min: 0n, max: 5n * 86_400_000_000n });
  const moment = fc.oneof(
    near,
    fc.bigInt({ min: -MOST, max: MOST }),
    fc.constant(MISSING_TIMESTAMP),
  );
  fc.assert(
    fc.property(fc.array(moment), (micros) => {
      const minutes = minutesOf(BigInt64Array.from(micros));
      for (const part of PARTS) {
        const alone = Float32Array.from(
          minutes,
          (one) => timestampPart(Float64Array.of(one), part)[0] ?? NaN,
        );
        assert.deepEqual(timestampPart(minutes, part), alone);
      }
    }),
  );
});

Deno.test("minutesOf() rounds down next to a whole minute, however large", () => {
  for (const minute of [0n, 1n, -1n, 150_000_000n, -150_000_000n, 143_000_000_000n]) {
    const values = [-1n, 0n, 59_999_999n].map((rest) => minute * 60_000_000n + rest);
    const minutes = minutesOf(BigInt64Array.from(values));
    assert.deepEqual([...minutes], [Number(minute - 1n), Number(minute), Number(minute)]);
  }
});

Deno.test("timestampPart() of a missing time is NaN", () => {
  const minutes = minutesOf(BigInt64Array.of(MISSING_TIMESTAMP));
  for (const part of PARTS) {
    assert.deepEqual([...timestampPart(minutes, part)], [NaN]);
  }
});
