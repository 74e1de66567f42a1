import assert from "node:assert/strict";
import { circleOf, fieldOfPart } from "./circle.ts";
import type { CalendarField } from "./schema.ts";

const LAST: Readonly<Record<CalendarField, number>> = {
  month: 12,
  day: 31,
  day_of_week: 6,
  hour: 23,
  minute_of_day: 1439,
};
const FIELDS = Object.entries(LAST) as [CalendarField, number][];

Deno.test("circleOf() puts the last value of a field as near to the first as the second is", () => {
  for (const [field, last] of FIELDS) {
    const sin = circleOf(field, "sin"), cos = circleOf(field, "cos");
    const distance = (a: number, b: number) => Math.hypot(sin[a]! - sin[b]!, cos[a]! - cos[b]!);
    const first = field === "month" || field === "day" ? 1 : 0;
    assert.ok(Math.abs(distance(first, last) - distance(first, first + 1)) < 1e-6, field);
    for (let value = first; value <= last; value++) {
      assert.ok(Math.abs(Math.hypot(sin[value]!, cos[value]!) - 1) < 1e-6, `${field} ${value}`);
    }
  }
  assert.deepEqual([0, 6, 12, 18].map((hour) => circleOf("hour", "sin")[hour]), [0, 1, 0, -1]);
  assert.deepEqual([0, 6, 12, 18].map((hour) => circleOf("hour", "cos")[hour]), [1, 0, -1, 0]);
});

Deno.test("circleOf() does not depend on the last digits of a sine", () => {
  for (const [field, last] of FIELDS) {
    const period = circleOf(field, "sin").length - 1;
    for (let value = 0; value <= last; value++) {
      for (const wave of ["sin", "cos"] as const) {
        const exact = Math[wave](2 * Math.PI * value / period) * 2 ** 24;
        const between = Math.abs(Math.abs(exact % 1) - 0.5);
        assert.ok(between > 1e-5, `${wave} of ${field} ${value}`);
      }
    }
  }
});

Deno.test("fieldOfPart() undoes a part's name", () => {
  for (const [field] of FIELDS) {
    assert.deepEqual(fieldOfPart(field), { field });
    assert.deepEqual(fieldOfPart(`${field}_sin`), { field, coordinate: "sin" });
    assert.deepEqual(fieldOfPart(`${field}_cos`), { field, coordinate: "cos" });
  }
});
