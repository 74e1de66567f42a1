import assert from "node:assert/strict";
import fc from "fast-check";
import inferenceJson from "../golden/inference.json" with { type: "json" };
import trainingJson from "../golden/training.json" with { type: "json" };
import { validateDefinition } from "./mod.ts";
import { MUTATIONS } from "./mutations.ts";

/** A copy with one member replaced or taken away. */
function changed(json: unknown, at: string, to: unknown): unknown {
  const copy = structuredClone(json);
  const keys = at.slice(1).match(/[^.[\]]+/g) ?? [];
  const last = keys.pop();
  assert.ok(last !== undefined);
  let parent = copy as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  assert.ok(typeof parent === "object", `${at} leads nowhere`);
  if (to === undefined) delete parent[last];
  else parent[last] = to;
  return copy;
}

Deno.test("validateDefinition() finds nothing wrong with the definitions of AWS's own SDK", () => {
  assert.deepEqual(validateDefinition(trainingJson), []);
  assert.deepEqual(validateDefinition(inferenceJson), []);
});

for (const [rule, at, to, found = at] of MUTATIONS) {
  Deno.test(`validateDefinition() finds: ${rule}`, () => {
    const paths = validateDefinition(changed(trainingJson, at, to)).map(({ path }) => path);
    assert.ok(paths.includes(found), `not at ${found}, but at ${paths.join(", ") || "no place"}`);
  });
}

Deno.test("validateDefinition() finds each broken rule in few places, at least 100 rules", () => {
  assert.ok(MUTATIONS.length >= 100, `${MUTATIONS.length}`);
  // One mistake must not drown in others: a duplicate or missing name may break what refers to it.
  for (const [rule, at, to] of MUTATIONS) {
    const { length } = validateDefinition(changed(trainingJson, at, to));
    assert.ok(length <= 6, `${rule}: ${length} findings`);
  }
});

Deno.test("validateDefinition() says something of any JSON, and never throws", () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => {
    assert.ok(validateDefinition(json).length > 0);
  }));
});

Deno.test("validateDefinition() never throws on a golden with a member of another kind", () => {
  const places = new Set(MUTATIONS.map(([, at]) => at));
  fc.assert(fc.property(fc.constantFrom(...places), fc.jsonValue(), (at, json) => {
    validateDefinition(changed(trainingJson, at, json));
  }));
});
