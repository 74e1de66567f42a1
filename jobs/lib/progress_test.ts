import assert from "node:assert/strict";
import { createLog } from "./log.ts";
import { CLEAR_LINE, startProgress } from "./progress.ts";

function record(terminal: boolean, clock = () => performance.now()) {
  const lines: string[] = [];
  const drawn: string[] = [];
  const log = createLog({ format: "json", write: (line) => lines.push(line) });
  const progress = startProgress("growing trees", log, terminal, {
    unit: { name: "rows", each: 500 },
    write: (text) => drawn.push(text),
    clock,
  });
  return { lines, drawn, progress };
}

Deno.test("startProgress() logs each tenth once where nobody watches", () => {
  const { lines, drawn, progress } = record(false);
  for (let done = 1; done <= 1000; done++) progress.update(done, 1000);
  progress.end();
  assert.deepEqual(lines.map((line) => JSON.parse(line).done), [
    100,
    200,
    300,
    400,
    500,
    600,
    700,
    800,
    900,
    1000,
  ]);
  assert.deepEqual(drawn, []);
});

Deno.test("startProgress() draws one line over and over on a terminal, and clears it", () => {
  const { lines, drawn, progress } = record(true);
  for (let done = 1; done <= 1000; done++) progress.update(done, 1000);
  progress.end();
  assert.ok(drawn.length < 500, "it draws faster than anybody sees");
  assert.ok(drawn.every((text) => text.startsWith(CLEAR_LINE) && !text.includes("\n")));
  assert.match(drawn.at(-2) ?? "", /1000\/1000/);
  assert.equal(drawn.at(-1), CLEAR_LINE);
  assert.deepEqual(lines, []);
});

Deno.test("startProgress() takes work of nothing for done", () => {
  const { lines, progress } = record(false);
  progress.update(0, 0);
  assert.equal(lines.length, 1);
});

Deno.test("startProgress() tells the rate and the end by what this process does itself", () => {
  for (const terminal of [false, true]) {
    let now = 0;
    const { lines, drawn, progress } = record(terminal, () => now);
    // 60 are there from an earlier attempt.
    progress.update(60, 100, { done: 0, total: 40 });
    now = 10_000;
    const before = Date.now();
    progress.update(80, 100, { done: 20, total: 40 });
    if (terminal) {
      assert.match(drawn.at(-1) ?? "", / growing trees 80\/100, 1k rows\/s, about 10 s left$/);
      continue;
    }
    const { ends_about: end, ...line } = JSON.parse(lines.at(-1) ?? "");
    assert.deepEqual([line.done, line.rows_per_second, line.seconds_left], [80, 1000, 10]);
    assert.ok(Math.abs(Date.parse(end) - before - 10_000) < 5000, end);
    assert.equal(JSON.parse(lines[0] ?? "").ends_about, undefined);
  }
});
