import assert from "node:assert/strict";
import { UsageError } from "../../jobs/lib/errors.ts";
import { readVariables } from "./variable_file.ts";

Deno.test("readVariables() reads what a variable file may hold", () => {
  const text = `# a comment
name = "a \\"b\\" \\u00e9 # no comment $\${x}" // a comment
/* and
   another */
count=3
rate   = -1.5e3
on = true
none = null
list = ["a", 1, [true],]
empty = []
map = {
  n_estimators = "100" # trees
  "max depth"  : 10,
  nested = { a = 1, b = 2 }
}
`;
  assert.deepEqual(readVariables(text, "f"), {
    name: 'a "b" é # no comment ${x}',
    count: 3,
    rate: -1500,
    on: true,
    none: null,
    list: ["a", 1, [true]],
    empty: [],
    map: { n_estimators: "100", "max depth": 10, nested: { a: 1, b: 2 } },
  });
});

Deno.test("readVariables() refuses anything else, with the line", () => {
  const wrong: [string, number][] = [
    ["a = 1\nb = var.c", 2],
    ['a = "x${b}"', 1],
    ["\n\na = [1 2]", 3],
    ["a = {b = 1", 1],
    ["a = 1\na = 2", 2],
    ["a 1", 1],
    ["a = <<EOT", 1],
    ['a = "unclosed\nb = 1', 1],
  ];
  for (const [text, line] of wrong) {
    assert.throws(() => readVariables(text, "f"), (error) => {
      assert.ok(error instanceof UsageError, text);
      assert.match(error.message, new RegExp(`line ${line}:`), text);
      return true;
    });
  }
});
