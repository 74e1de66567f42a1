import assert from "node:assert/strict";
import { createLog } from "./log.ts";
import { CLEAR_LINE, startProgress } from "./progress.ts";

function record(terminal: boolean) {
  const lines: string[] = [];
  const drawn: string[] = [];
  const log = createLog({ format: "json", write: (line) => lines.push(line) });
  const progress = startProgress("growing trees", log, terminal, (text) => drawn.push(text));
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
