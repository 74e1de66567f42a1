import assert from "node:assert/strict";
import { UsageError } from "../../jobs/lib/errors.ts";
import { commandFor, readCommands } from "./commands.ts";
import type { ParameterDeclaration } from "./shape.ts";
import { readAssignments, settleParameters } from "./parameters.ts";
import { splitWords } from "./words.ts";

const DECLARED: readonly ParameterDeclaration[] = [
  { Name: "Uri", Type: "String" },
  { Name: "Trees", Type: "Integer", DefaultValue: 100 },
  { Name: "Rate", Type: "Float", DefaultValue: 0.5 },
  { Name: "Fast", Type: "Boolean", DefaultValue: false },
  { Name: "Kind", Type: "String", DefaultValue: "a", EnumValues: ["a", "b"] },
];

Deno.test("settleParameters() takes what is given in the declared type, and else the defaults", () => {
  const given = readAssignments(["Uri=s3://b/p?x=1", "Trees=5", "Fast=True"]);
  assert.deepEqual(settleParameters(DECLARED, given), {
    Uri: "s3://b/p?x=1",
    Trees: 5,
    Rate: 0.5,
    Fast: true,
    Kind: "a",
  });
});

Deno.test("settleParameters() says everything that is wrong at once", () => {
  const given = readAssignments(["Treees=1", "Trees=1.5", "Rate=x", "Fast=1", "Kind=c"]);
  assert.throws(() => settleParameters(DECLARED, given), (error) => {
    assert.ok(error instanceof UsageError);
    for (
      const part of [
        "did you mean Trees?",
        "Uri has no value",
        '"1.5", which is no Integer',
        "Rate",
        "Fast",
        "none of a, b",
      ]
    ) assert.ok(error.message.includes(part), `${part}: ${error.message}`);
    return true;
  });
  assert.throws(() => settleParameters(DECLARED, readAssignments(["Uri="])), /Uri is empty/);
  assert.throws(() => readAssignments(["Uri"]), UsageError);
});

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
