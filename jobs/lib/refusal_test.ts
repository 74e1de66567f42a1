import assert from "node:assert/strict";
import { DataError } from "./errors.ts";
import { explainRefusal } from "./refusal.ts";

Deno.test("explainRefusal() finds Deno's refusal in the chain of causes, and nothing elsewhere", () => {
  let refused: unknown;
  try {
    Deno.readTextFileSync("/etc/hostname");
  } catch (error) {
    refused = error;
  }
  const wrapped = new DataError({
    code: "data.unreadable",
    cannot: "read the data",
    found: "it is not there",
    todo: "Look",
    cause: refused,
  });
  const explained = explainRefusal(wrapped);
  assert.match(explained?.message ?? "", /^Cannot read \/etc\/hostname: .*without --allow-read/);
  assert.equal(explained?.exitCode, 2);
  assert.equal(explainRefusal(new Error("Requires patience")), undefined);
  assert.equal(explainRefusal(undefined), undefined);
});
