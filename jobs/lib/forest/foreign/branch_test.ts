import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesOf } from "../onnx/graph.ts";
import { below, branchOf, modeOf } from "./branch.ts";

/** The operator's definition. */
const DEFINITION = {
  BRANCH_LEQ: (x: number, t: number) => x <= t,
  BRANCH_LT: (x: number, t: number) => x < t,
  BRANCH_GTE: (x: number, t: number) => x >= t,
  BRANCH_GT: (x: number, t: number) => x > t,
  BRANCH_EQ: (x: number, t: number) => x === t,
  BRANCH_NEQ: (x: number, t: number) => x !== t,
};

const float = fc.oneof(
  fc.float(),
  fc.constantFrom(NaN, 0, -0, Infinity, -Infinity, 1.401298464324817e-45),
);

Deno.test("branchOf() sends every value where the original comparison does", () => {
  const modes = Object.entries(DEFINITION) as [keyof typeof DEFINITION, typeof Object.is][];
  fc.assert(
    fc.property(
      fc.constantFrom(...modes),
      float.filter((t) => !Number.isNaN(t)),
      float,
      fc.boolean(),
      fc.boolean(),
      ([mode, holds], t, other, tracksTrue, same) => {
        // Nothing is less than -Infinity: no tool writes that.
        fc.pre(t !== -Infinity || (mode !== "BRANCH_LT" && mode !== "BRANCH_GTE"));
        const x = same ? t : other;
        const { test, threshold, swapped, missingLeft } = branchOf(mode, t, tracksTrue);
        const compared = test === undefined || Number.isNaN(x)
          ? x
          : Number("among" in test && !new Set(test.among).has(x));
        const left = Number.isNaN(compared) ? missingLeft : compared <= threshold;
        const yes = holds(x, t) || (Number.isNaN(x) && tracksTrue);
        assert.equal(left !== swapped, yes);
        assert.ok(Number.isFinite(threshold));
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("below() is the next float32 down", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -(2 ** 127) }), (value) => {
      const next = below(value);
      assert.ok(next < value && Math.fround(next) === next);
      assert.ok([next, value].includes(Math.fround((next + value) / 2)));
    }),
  );
});

Deno.test("modeOf() knows the operator's modes and no other", () => {
  assert.equal(modeOf(bytesOf("BRANCH_GTE")), "BRANCH_GTE");
  assert.throws(() => modeOf(bytesOf("BRANCH_MEMBER")), /BRANCH_MEMBER/);
});
