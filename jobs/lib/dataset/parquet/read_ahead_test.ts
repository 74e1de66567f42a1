import assert from "node:assert/strict";
import fc from "fast-check";
import { type Range, ReadAhead } from "./read_ahead.ts";

const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);

/** A file, what was asked of it, and how much of that at once. */
function fileOf(fails = (_start: number) => false) {
  const asked: [number, number][] = [];
  const seen = { asked, most: 0, now: 0 };
  const fetch = async (start: number, end: number) => {
    asked.push([start, end]);
    seen.most = Math.max(seen.most, ++seen.now);
    // Others get their turn, as they do while a server thinks.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    seen.now--;
    if (fails(start)) throw new Error(`no byte ${start}`);
    return BYTES.slice(start, end).buffer;
  };
  return { fetch, seen };
}

const groupsOf = (cuts: readonly number[]): Range[][] => {
  const ends = [...new Set(cuts)].sort((a, b) => a - b);
  const ranges = ends.slice(1).map((end, i) => ({ start: ends[i] ?? 0, end }));
  return [ranges.filter((_, i) => i % 3 !== 1).slice(0, 4), ranges.slice(6)].filter((all) =>
    all.length
  );
};

Deno.test("read() gives the bytes of the file, whatever is planned and asked for", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 12 }),
    fc.record({
      part: fc.integer({ min: 1, max: 300 }),
      ahead: fc.integer({ min: 0, max: 500 }),
      atOnce: fc.integer({ min: 1, max: 4 }),
      gap: fc.integer({ min: 0, max: 100 }),
    }),
    async (cuts, options) => {
      const { fetch, seen } = fileOf();
      const plan = groupsOf(cuts);
      const reader = new ReadAhead(fetch, plan, options);
      for (const group of plan) {
        // As the decoder does: several at a time.
        await Promise.all(group.map(async ({ start, end }) => {
          assert.deepEqual(new Uint8Array(await reader.read(start, end)), BYTES.slice(start, end));
        }));
      }
      assert.deepEqual(new Uint8Array(await reader.read(3, 5)), BYTES.slice(3, 5));
      await reader.idle();
      assert.ok(seen.most <= options.atOnce + 1, `${seen.most} at once`);
    },
  ));
});

Deno.test("read() fetches the next group while this one is worked on, in parts, and each byte once", async () => {
  const { fetch, seen } = fileOf();
  const plan = [[{ start: 0, end: 400 }], [{ start: 400, end: 800 }], [{ start: 800, end: 1000 }]];
  const reader = new ReadAhead(fetch, plan, { part: 100, ahead: 500, atOnce: 8, gap: 0 });
  await reader.read(0, 400);
  assert.deepEqual(seen.asked.map(([start]) => start), [0, 100, 200, 300, 400, 500, 600, 700, 800]);
  await reader.read(400, 800);
  await reader.read(800, 1000);
  assert.deepEqual(seen.asked.map(([start]) => start), [
    0,
    100,
    200,
    300,
    400,
    500,
    600,
    700,
    800,
    900,
  ]);
});

Deno.test("what fails ahead is told where it is read", async () => {
  const { fetch } = fileOf((start) => start === 400);
  const plan = [[{ start: 0, end: 400 }], [{ start: 400, end: 800 }]];
  const reader = new ReadAhead(fetch, plan, { part: 400, ahead: 500 });
  assert.equal((await reader.read(0, 400)).byteLength, 400);
  await assert.rejects(reader.read(400, 800), /no byte 400/);
});
