import assert from "node:assert/strict";
import { UsageError } from "../../jobs/lib/errors.ts";
import { commandFor, readCommands } from "./commands.ts";
import { splitWords } from "./words.ts";

Deno.test("splitWords() splits as a shell does", () => {
  assert.deepEqual(splitWords(`a  'b c' "d \\" e"\\ f '' g"h"i`), [
    "a",
    "b c",
    'd " e f',
    "",
    "ghi",
  ]);
  assert.throws(() => splitWords("a 'b"));
});

Deno.test("commandFor() finds a program by an image's whole name, its repository, an ARN's name", () => {
  const commands = readCommands(["iris-train=python t.py", "r/other:1=o", "notify=n -x"]);
  const digest = `@sha256:${"a".repeat(64)}`;
  const registry = "1.dkr.ecr.eu-west-1.amazonaws.com";
  assert.deepEqual(commandFor(`${registry}/iris-train${digest}`, commands), ["python", "t.py"]);
  assert.deepEqual(commandFor(`${registry}/iris-train:2.0`, commands), ["python", "t.py"]);
  assert.deepEqual(commandFor("r/other:1", commands), ["o"]);
  assert.equal(commandFor("r/other:2", commands), undefined);
  assert.deepEqual(commandFor("arn:aws:lambda:eu-west-1:1:function:notify", commands), ["n", "-x"]);
  assert.throws(() => readCommands(["iris-train"]), UsageError);
});
