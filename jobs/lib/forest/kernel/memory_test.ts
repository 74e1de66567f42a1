import assert from "node:assert/strict";
import { DataError } from "../../errors.ts";
import { BINARY, CLASSES } from "./layout.ts";
import { layOut, type Shape } from "./memory.ts";

const SHAPE: Shape = {
  rows: 1_000_000,
  columns: 28,
  classes: 2,
  kind: BINARY,
  targets: 1,
  maxDepth: 10,
  draws: 1,
  trees: 100,
};

Deno.test("layOut() takes at most 150 bytes a row and 12 MB a thread for two threads at 28 columns", () => {
  const { memory, threads } = layOut(SHAPE, 2);
  assert.equal(threads.length, 2);
  assert.ok(memory.buffer.byteLength <= 150 * SHAPE.rows + 2 * 12e6, `${memory.buffer.byteLength}`);
});

Deno.test("layOut() makes room for as many threads as 4 GiB hold, and says when none fits", () => {
  const deep = { ...SHAPE, maxDepth: 0 };
  const { threads } = layOut({ ...deep, rows: 10_000_000 }, 64);
  assert.ok(threads.length >= 2 && threads.length < 64, `${threads.length}`);
  assert.throws(() => layOut({ ...deep, rows: 60_000_000 }, 1), (error) => {
    assert.ok(error instanceof DataError);
    assert.match(error.message, /takes \d+\.\d GiB of memory/);
    return true;
  });
  const wide = { ...SHAPE, kind: CLASSES, columns: 1000, classes: 1000, targets: 1000 };
  assert.ok(layOut({ ...wide, rows: 20_000, maxDepth: 0 }, 1).memory.buffer.byteLength < 2 ** 29);
});
