import assert from "node:assert/strict";
import { createLog } from "./log.ts";

const now = () => new Date("2013-10-01T06:00:00.000Z");

Deno.test("createLog() writes one JSON object a line, with the fields of the log and of the line", () => {
  const lines: string[] = [];
  const log = createLog({ format: "json", write: (line) => lines.push(line), now })
    .within({ run: "r" });
  log.debug("left out");
  log.with({ shard: 1 }).warn("two\nlines", { rows: 2, none: undefined });
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    {
      time: now().toISOString(),
      level: "warn",
      message: "two\nlines",
      run: "r",
      shard: 1,
      rows: 2,
    },
  ]);
  assert.doesNotMatch(lines[0]!, /\n/);
});

Deno.test("createLog() quotes what is ambiguous in text, and disarms what would steer a terminal", () => {
  const lines: string[] = [];
  const log = createLog({ format: "text", write: (line) => lines.push(line), now });
  log.within({ trace_id: "0af7" }).info("done", { rows: 2, path: "a b", plain: "x/y" });
  log.error("column \x1b[31mred\x9b is gone", { column: "\x1b]0;title\x07" });
  assert.deepEqual(lines, [
    '06:00:00 done rows=2 path="a b" plain=x/y',
    "06:00:00 ERROR column \\x1b[31mred\\x9b is gone column=\\x1b]0;title\\x07",
  ]);
});
