import assert from "node:assert/strict";
import { nearest } from "./nearest.ts";

Deno.test("nearest() finds the name that was meant, whatever its case", () => {
  assert.equal(nearest("n_estimatrs", ["seed", "n_estimators"]), "n_estimators");
  assert.equal(nearest("Lable", ["label", "labels"]), "label");
});

Deno.test("nearest() makes no guess where nothing is alike", () => {
  assert.equal(nearest("zz", ["x", "ab", "k"]), undefined);
  assert.equal(nearest("carrier", ["distance"]), undefined);
  assert.equal(nearest("anything", []), undefined);
});
