import assert from "node:assert/strict";
import fc from "fast-check";
import { mixedSet } from "../../../../tests/forest/arbitrary.ts";
import { forestEngine } from "../mod.ts";
import { importanceChart, treePicture } from "./mod.ts";

/** Elements in order, after checking that the document is well formed. */
function elements(svg: string): { name: string; text: string }[] {
  const found: { name: string; text: string }[] = [];
  const open: { name: string; text: string }[] = [];
  const tag = /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*")*)(\/?)>/y;
  for (let at = 0; at < svg.length;) {
    tag.lastIndex = at;
    const match = tag.exec(svg);
    if (match === null) {
      const next = svg.indexOf("<", at);
      const text = svg.slice(at, next === -1 ? undefined : next);
      assert.notEqual(text, "", `no tag at ${svg.slice(at, at + 40)}`);
      const decoded = text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
      assert.doesNotMatch(text.replace(/&#\d+;/g, "").replaceAll("\n", ""), /&|\p{Cc}|\ufffe/u);
      const inner = open.at(-1);
      if (inner) inner.text += decoded;
      at += text.length;
      continue;
    }
    const [whole, closing, name = "", , empty] = match;
    if (closing) assert.equal(open.pop()?.name, name);
    else {
      const element = { name, text: "" };
      found.push(element);
      if (!empty) open.push(element);
    }
    at += whole.length;
  }
  assert.deepEqual(open, []);
  return found;
}

const name = fc.oneof(
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("a<b&c>\"d'", "\u0000", "]]>"),
);

Deno.test("importanceChart() is well-formed XML, one bar a column, the greatest first", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.double({ min: 0, max: 1, noNaN: true }))), (columns) => {
      const names = columns.map(([each]) => each);
      const svg = importanceChart(Float64Array.from(columns, ([, value]) => value), names);
      const bars = elements(svg).filter((each) => each.name === "rect");
      assert.equal(bars.length, Math.min(columns.length, 26));
      const widths = Array.from(
        svg.matchAll(/class="mark".*? width="([^"]*)"/g),
        ([, w]) => Number(w),
      );
      const shown = widths.slice(0, 25);
      assert.deepEqual(shown, shown.toSorted((a, b) => b - a));
    }),
  );
});

Deno.test("importanceChart() adds up the columns that it does not show", () => {
  const names = Array.from({ length: 40 }, (_, k) => `c${k}`);
  const svg = importanceChart(new Float64Array(40).fill(0.025), names);
  assert.match(svg, /15 others: 0\.3750/);
});

Deno.test("treePicture() shows what the first nodes ask, and how much is below", async () => {
  const { forest } = await forestEngine.train(mixedSet(400, 3, 2, 1), {
    objective: "classification",
    trees: 1,
    maxDepth: 0,
    minSamplesLeaf: 1,
    maxFeatures: "all",
    classWeight: "none",
    seed: 1,
    threads: 1,
  });
  const [tree] = forest.trees;
  assert.ok(tree !== undefined && tree.feature.length > 60);
  const names = ["a<b", "&", "c"];
  const texts = elements(treePicture(tree, names)).map(({ text }) => text);
  assert.ok(texts.includes(names[tree.feature[0]!]!));
  assert.ok(texts.includes(`≤ ${Number(tree.threshold[0]!.toPrecision(6))}`));
  // Nothing is lost: what is drawn and what is below are all nodes.
  const boxes = elements(treePicture(tree, names)).filter((each) => each.name === "rect").length;
  const below = texts.flatMap((text) => Number(/… (\d+) below/.exec(text)?.[1] ?? 0));
  assert.equal(boxes + below.reduce((sum, count) => sum + count, 0), tree.feature.length);
});

Deno.test("treePicture() draws a single leaf, by the words it is told", () => {
  const leaf = {
    feature: Int32Array.of(-1),
    threshold: new Float32Array(1),
    missingLeft: new Uint8Array(1),
    left: new Int32Array(1),
    right: new Int32Array(1),
    value: Float32Array.of(0.25),
  };
  const svg = treePicture(leaf, [], { leaf: ([p]) => `late <${100 * p!} %` });
  assert.ok(elements(svg).some(({ text }) => text === "late <25 %"));
});
