import assert from "node:assert/strict";
import { settleChunks } from "./chunks.ts";

const made = (hashes: readonly [string, string, string]) => {
  const [late, shared, unused] = hashes;
  return new Map([
    ["main.js", `import{a}from"./chunk-${shared}.js";await import("./late-${late}.js");`],
    [`late-${late}.js`, `import{b}from'./chunk-${shared}.js';"./worker.ts";`],
    [`chunk-${shared}.js`, `export const a="./no-such.js";`],
    [`unused-${unused}.js`, `import"./chunk-${shared}.js";`],
  ]);
};

Deno.test("settleChunks() gives the same names whatever the bundler's hashes are", () => {
  const one = settleChunks(made(["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]), "main.js");
  const other = settleChunks(made(["ZZZZZZZZ", "YYYYYYYY", "XXXXXXXX"]), "main.js");
  assert.deepEqual([...one], [...other]);
  assert.deepEqual([...one.keys()], ["main.js", "chunk-1.js", "late-2.js"]);
  assert.equal(one.get("late-2.js"), `import{b}from'./chunk-1.js';"./worker.ts";`);
});

Deno.test("settleChunks() gives minified CommonJS its require", () => {
  const helper = 'var s=(b=>typeof require<"u"?require:b)();';
  const [chunk] = settleChunks(new Map([["main.js", helper]]), "main.js").values();
  assert.match(chunk ?? "", /^import\{createRequire as \$r\}from"node:module";const require=/);
  assert.ok(chunk?.endsWith(helper));
});
