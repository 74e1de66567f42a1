import assert from "node:assert/strict";
import fc from "fast-check";
import { convertTree, float32Below } from "./cart.ts";

Deno.test("float32Below() divides float32 exactly where `<` a double does", () => {
  const value = fc.oneof(
    fc.double({ min: -1e38, max: 1e38, noNaN: true }),
    fc.float({ min: -(2 ** 70), max: 2 ** 70, noNaN: true }),
    fc.constantFrom(0, -0, 1.401298464324817e-45, -1.401298464324817e-45, 1, 1 + 2 ** -30),
  );
  fc.assert(
    fc.property(value, fc.float({ noNaN: true }), (split, other) => {
      const t = float32Below(split);
      assert.equal(Math.fround(t), t);
      for (const x of [other, Math.fround(split), t, float32Below(t)]) {
        assert.equal(x < split, x <= t, `${x} against ${split}`);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("convertTree() keeps splits and leaves, and sends missing where its replacement goes", () => {
  const tree = convertTree({
    splitColumn: 1,
    splitValue: 2,
    left: { distribution: 5 },
    right: {
      splitColumn: 0,
      splitValue: -1,
      left: { distribution: 6 },
      right: { distribution: 7 },
    },
  }, {
    columns: [4, 3],
    imputed: Float32Array.of(0, 0, 0, 1.5, 9),
    targets: 1,
    leaf: (value) => Float64Array.of(Number(value)),
  });
  assert.deepEqual(tree.feature, Int32Array.of(3, -1, 4, -1, -1));
  assert.deepEqual([...tree.missingLeft], [1, 0, 0, 0, 0]);
  assert.deepEqual([tree.left[0], tree.right[0], tree.left[2], tree.right[2]], [1, 2, 3, 4]);
  assert.deepEqual([...tree.value], [0, 5, 0, 6, 7]);
});
