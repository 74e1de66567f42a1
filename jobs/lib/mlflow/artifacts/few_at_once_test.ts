import assert from "node:assert/strict";
import fc from "fast-check";
import { fewAtOnce } from "./few_at_once.ts";

Deno.test("fewAtOnce() keeps the order of the items, whatever ends first, and never does too many", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5), { maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      async (turns, most) => {
        let underWay = 0;
        let peak = 0;
        const results = await fewAtOnce([...turns.entries()], async ([index, turn]) => {
          peak = Math.max(peak, ++underWay);
          for (let i = 0; i < turn; i++) await Promise.resolve();
          underWay--;
          return index;
        }, most);
        assert.deepEqual(results, turns.map((_, index) => index));
        assert.ok(peak <= most, `${peak} at once`);
      },
    ),
  );
});

Deno.test("fewAtOnce() begins nothing after a failure, and waits for what is under way", async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = fewAtOnce([0, 1, 2, 3, 4, 5], async (item) => {
    begun.push(item);
    if (item === 1) throw new Error("one failed");
    for (let i = 0; i < 10; i++) await Promise.resolve();
    ended.push(item);
  }, 3);
  await assert.rejects(work, /one failed/);
  assert.deepEqual(begun, [0, 1, 2]);
  assert.deepEqual(ended, [0, 2]);
});
