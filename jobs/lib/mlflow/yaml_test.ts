import assert from "node:assert/strict";
import fc from "fast-check";
import { readMeta, renderMeta, updateMeta } from "./yaml.ts";

const lookalikes = [
  "1e5",
  "1.5",
  "0x10",
  "12:30:00",
  "no",
  "true",
  "null",
  "~",
  "2013-01-01",
  "- a",
];
const text = fc.oneof(
  fc.constantFrom(...lookalikes),
  fc.string({ unit: "grapheme", minLength: 1 }),
);

Deno.test("renderMeta() and readMeta() keep every string, whatever it looks like", () => {
  fc.assert(fc.property(text.filter((t) => !["null", "~"].includes(t)), (name) => {
    assert.equal(readMeta(renderMeta({ name, n: 1 }))["name"], name);
  }));
});

Deno.test("renderMeta() quotes strings, leaves numbers and null plain, and sorts", () => {
  assert.equal(
    renderMeta({ status: 1, name: "1e5", end_time: null, tags: [], more: { k: "no" } }),
    "end_time: null\nmore:\n  k: 'no'\nname: '1e5'\nstatus: 1\ntags: []\n",
  );
});

Deno.test("updateMeta() changes what it is told and nothing else", () => {
  const python = "aliases: {}\nname: M\nrun_id: 84cc20\nuser_id: null\nversion: 007\nwhen: 12:30\n";
  assert.equal(
    updateMeta(python, { current_stage: "None", user_id: "me", version: 8 }),
    "aliases: {}\nname: M\nrun_id: 84cc20\nuser_id: 'me'\nversion: 8\nwhen: 12:30\n" +
      "current_stage: 'None'\n",
  );
});

Deno.test("readMeta() takes a damaged file for an empty one", () => {
  assert.deepEqual(readMeta(""), {});
  assert.deepEqual(readMeta("- a\n- b\n"), {});
});
