import assert from "node:assert/strict";
import fc from "fast-check";
import { oneAhead } from "./ahead.ts";

Deno.test("oneAhead() gives what the source gives, and never makes more than one ahead", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.nat()),
    fc.nat({ max: 5 }),
    async (items, turns) => {
      let made = 0;
      const taken: number[] = [];
      async function* source() {
        for (const item of items) {
          await Promise.resolve();
          made++;
          yield item;
        }
      }
      for await (const item of oneAhead(source())) {
        taken.push(item);
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        assert.ok(made <= taken.length + 1, `${made} made, ${taken.length} taken`);
      }
      assert.deepEqual(taken, items);
    },
  ));
});

Deno.test("oneAhead() makes the next item while the caller works", async () => {
  let made = 0;
  async function* source() {
    while (true) {
      await Promise.resolve();
      yield ++made;
    }
  }
  for await (const item of oneAhead(source())) {
    await until(() => made === item + 1);
    if (item === 3) break;
  }
});

Deno.test("oneAhead() throws what the source throws, in its turn", async () => {
  async function* source() {
    yield 1;
    await Promise.resolve();
    throw new Error("broken");
  }
  const taken: number[] = [];
  await assert.rejects(async () => {
    for await (const item of oneAhead(source())) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      taken.push(item);
    }
  }, /broken/);
  assert.deepEqual(taken, [1]);
});

Deno.test("oneAhead() closes the source when the caller stops", async () => {
  let closed = false;
  async function* source() {
    try {
      for (let item = 0;; item++) yield item;
    } finally {
      closed = true;
    }
  }
  await assert.rejects(async () => {
    for await (const _ of oneAhead(source())) throw new Error("stop");
  }, /stop/);
  assert.ok(closed);
});

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (condition()) return;
    await Promise.resolve();
  }
  assert.fail("it did not happen");
}
