import assert from "node:assert/strict";
import fc from "fast-check";
import { type Batch, type Column, MISSING_BOOLEAN } from "../column.ts";
import {
  DatasetProfile,
  DistinctSketch,
  type NumericColumn,
  NumericProfile,
  parseProfile,
  profileJson,
  quantiles,
  QuantileSketch,
} from "./mod.ts";
import { hashString } from "./hash.ts";
import { FrequentValues } from "./frequent.ts";
import { parseStatistics, sketchOf } from "./statistics.ts";
import { statisticsOf } from "./statistics_of.ts";

const number = (values: number[]): Column => ({
  kind: "number",
  name: "x",
  type: "double",
  values: Float64Array.from(values),
});

function batch(...columns: Column[]): Batch {
  const [first] = columns;
  const rows = first === undefined
    ? 0
    : first.kind === "string"
    ? first.codes.length
    : first.values.length;
  return { rows, columns, file: "", firstRow: 0 };
}

const mixed = fc.array(fc.oneof(fc.double(), fc.integer(), fc.constant(NaN), fc.constant(-0)), {
  maxLength: 300,
});

Deno.test("profiles of parts merge to the profile of the whole", () => {
  fc.assert(fc.property(mixed, mixed, (left, right) => {
    const whole = new DatasetProfile(), a = new DatasetProfile(), b = new DatasetProfile();
    whole.add(batch(number([...left, ...right])));
    a.add(batch(number(left)));
    b.add(batch(number(right)));
    a.merge(b);
    const [one] = statisticsOf(whole).features, [two] = statisticsOf(a).features;
    const { mean: m1, sum: _s1, std_dev: d1, ...exact1 } = one!.numerical_statistics!;
    const { mean: m2, sum: _s2, std_dev: d2, ...exact2 } = two!.numerical_statistics!;
    assert.deepEqual(exact1, exact2);
    const scale = Math.max(Math.abs(exact1.min ?? 0), Math.abs(exact1.max ?? 0));
    if (scale > 1e140 || scale < 1e-140) return; // its square is out of range
    if (m1 === null || m2 === null || d1 === null || d2 === null) {
      return assert.deepEqual([m1, d1], [m2, d2]);
    }
    assert.ok(Math.abs(m1 - m2) <= 1e-12 * scale, `${m1} ${m2}`);
    assert.ok(Math.abs(d1 - d2) <= 1e-7 * scale, `${d1} ${d2}`);
  }));
});

Deno.test("QuantileSketch keeps every rank within half a percent, however the rows arrive", () => {
  const rows = 300_000;
  for (const order of ["sorted", "reversed", "scattered", "merged", "ascending", "counted"]) {
    const values = Float64Array.from(
      { length: rows },
      (_, i) =>
        ["sorted", "ascending", "counted"].includes(order)
          ? i
          : order === "reversed"
          ? rows - 1 - i
          : (i * 7919) % rows,
    );
    const sketch = new QuantileSketch();
    if (order === "merged") {
      for (let from = 0; from < rows; from += 30_000) {
        const part = new QuantileSketch();
        part.addAll(values.subarray(from, from + 30_000));
        sketch.merge(part);
      }
    } else {
      for (let from = 0; from < rows; from += 16_384) {
        const part = values.subarray(from, from + 16_384), total = part.length;
        if (order === "ascending") sketch.addAscending(part);
        else if (order === "counted") {
          sketch.addCounts({ first: from, counts: new Uint32Array(total).fill(1), total });
        } else sketch.addAll(part);
      }
    }
    const { weights } = sketch.weighted();
    assert.equal(weights.reduce((sum, weight) => sum + weight, 0), rows);
    assert.ok(weights.length < 20_000, `${weights.length} values are kept`);
    for (const share of [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999]) {
      const [value = NaN] = quantiles(sketch, [share]);
      assert.ok(Math.abs(value / rows - share) < 0.005, `${order}: ${share} is at ${value / rows}`);
    }
    const stored = QuantileSketch.fromLevels(sketch.toLevels());
    assert.deepEqual(stored.weighted(), sketch.weighted());
  }
});

Deno.test("a sketch's values are those of its levels in order, however they came", () => {
  const sizes = fc.array(fc.nat(5_000), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 100_000 }), (lengths, range) => {
      const parts = lengths.map((length, part) =>
        Float64Array.from({ length }, (_, i) => i % 97 === 0 ? NaN : (i * 7_919 + part) % range / 8)
      );
      const sketch = new QuantileSketch(), whole = new QuantileSketch();
      for (const part of parts) sketch.addAll(part);
      whole.addAll(Float64Array.from(parts.flatMap((part) => [...part])));
      assert.deepEqual(sketch.toLevels(), whole.toLevels());
      const pairs = sketch.toLevels()
        .flatMap((values, level) => values.map((value) => [value, 2 ** level] as const))
        .sort(([a], [b]) => a - b);
      const { values, weights } = sketch.weighted();
      assert.deepEqual([...values], pairs.map(([value]) => value));
      assert.deepEqual([...weights], pairs.map(([, weight]) => weight));
    }),
    { numRuns: 30 },
  );
});

Deno.test("DistinctSketch counts small sets exactly enough, and large ones within five percent", () => {
  const hash = { a: 0, b: 0 };
  for (const distinct of [0, 1, 2, 10, 100, 1_000, 20_000, 400_000]) {
    for (const kind of ["numbers", "strings"]) {
      const halves = [new DistinctSketch(), new DistinctSketch()] as const;
      const words = new Uint32Array(2), double = new Float64Array(words.buffer);
      for (let i = 0; i < distinct; i++) {
        for (let repeat = 0; repeat < 2; repeat++) {
          const sketch = halves[i % 2 === repeat ? 0 : 1];
          if (kind === "strings") {
            hashString(`value ${i}`, hash);
            sketch.addWords(hash.a, hash.b);
          } else {
            double[0] = i / 8;
            sketch.addLong(words[0]!, words[1]!);
          }
        }
      }
      halves[0].merge(halves[1]);
      const { count } = new DistinctSketch(halves[0].toBytes());
      assert.ok(
        Math.abs(count - distinct) <= Math.max(0.05 * distinct, distinct > 99 ? 3 : 0),
        `${count} of ${distinct} ${kind}`,
      );
    }
  }
});

Deno.test("NumericProfile misses no value, however few there are", () => {
  const values = fc.uniqueArray(
    fc.oneof(fc.bigInt(-2n, 2n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
    {
      maxLength: 20,
    },
  );
  fc.assert(fc.property(values, (longs) => {
    const profile = new NumericProfile();
    const exact = BigInt64Array.from([...longs, ...longs]);
    const numbers = Float64Array.from(exact, Number);
    profile.add({ kind: "number", name: "x", type: "int64", values: numbers, exact });
    const each = new DistinctSketch();
    for (const long of longs) {
      each.addLong(Number(BigInt.asIntN(32, long)), Number(long >> 32n));
    }
    assert.deepEqual(profile.distinct.toBytes(), each.toBytes());
  }));
});

Deno.test("NumericProfile says the same of many numbers that lie close as of each by itself", () => {
  const kinds = fc.constantFrom("int64", "uint64", "double", "boolean", "sorted");
  const least = fc.integer({ min: -70_000, max: 70_000 });
  fc.assert(
    fc.property(
      kinds,
      least,
      fc.integer({ min: 1, max: 6_000 }),
      fc.nat(96),
      (kind, low, range, gap) => {
        const first = kind === "uint64" ? low + 70_000 : low, isBoolean = kind === "boolean";
        const rows = 20_000, places = isBoolean ? 2 : range;
        const numbers = Float64Array.from({ length: rows }, (_, row) => {
          if (row % 97 < gap - 80) return NaN;
          const value = (isBoolean ? 0 : first) + (Math.imul(row, 7_919) >>> 3) % places;
          return kind === "double" && value === 0 ? -0 : value;
        });
        if (kind === "sorted") numbers.sort();
        const longs = [...numbers].map((value) => Number.isNaN(value) ? 0n : BigInt(value));
        const column: NumericColumn = isBoolean
          ? {
            kind: "boolean",
            type: "boolean",
            name: "x",
            values: Uint8Array.from(numbers, (value) =>
              Number.isNaN(value) ? MISSING_BOOLEAN : value),
          }
          : {
            ...{
              kind: "number",
              name: "x",
              type: kind === "sorted" ? "double" : kind,
              values: numbers,
            },
            ...kind === "int64" ? { exact: BigInt64Array.from(longs) } : {},
            ...kind === "uint64" ? { exact: BigUint64Array.from(longs) } : {},
          };
        const profile = new NumericProfile();
        profile.add(column);
        const each = new DistinctSketch(), words = new Int32Array(2);
        const present = numbers.filter((value) => !Number.isNaN(value));
        numbers.forEach((value, row) => {
          if (Number.isNaN(value)) return;
          if (kind.endsWith("int64")) new BigInt64Array(words.buffer)[0] = longs[row]!;
          else new Float64Array(words.buffer)[0] = value + 0;
          each.addLong(words[0]!, words[1]!);
        });
        assert.deepEqual(profile.distinct.toBytes(), each.toBytes());
        assert.deepEqual([profile.missing, profile.fractional], [rows - present.length, 0]);
        const { count, mean, squares, min, max } = profile.moments;
        const sum = present.reduce((total, value) => total + value, 0);
        const spread = present.reduce(
          (total, value) => total + (value - sum / present.length) ** 2,
          0,
        );
        assert.deepEqual([count, min + 0, max + 0], [
          present.length,
          Math.min(...present) + 0,
          Math.max(...present) + 0,
        ]);
        assert.ok(Math.abs(mean - sum / present.length) < 1e-6);
        assert.ok(Math.abs(squares - spread) <= 1e-9 * spread + 1e-6, `${squares} ${spread}`);
        const sorted = present.toSorted();
        for (const share of [0.01, 0.25, 0.5, 0.9, 0.999]) {
          const [value = NaN] = quantiles(profile.quantiles, [share]);
          const below = sorted.findLastIndex((each) => each < value) + 1;
          const upTo = sorted.findLastIndex((each) => each <= value) + 1;
          const rank = share * sorted.length, off = Math.max(below - rank, rank - upTo, 0);
          assert.ok(off <= 0.005 * sorted.length, `${share} is off by ${off} of ${sorted.length}`);
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("FrequentValues is exact while few, and never misses what is frequent", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.integer({ min: 1, max: 9 }))),
      (rows) => {
        const frequent = new FrequentValues();
        const truth = new Map<string, number>();
        for (const [value, count] of rows) {
          frequent.add(value, count);
          truth.set(value, (truth.get(value) ?? 0) + count);
        }
        assert.equal(frequent.error, 0);
        assert.deepEqual(new Map(frequent.entries()), truth);
      },
    ),
  );
  const many = new FrequentValues();
  let rows = 0;
  for (let i = 0; i < 100_000; i++) {
    many.add(`rare ${i}`, 1);
    many.add(`often ${i % 10}`, 1);
    rows += 2;
  }
  assert.ok(many.error <= rows / 4_096, `${many.error}`);
  for (const [value, count] of many.entries().slice(0, 10)) {
    assert.match(value, /^often/);
    assert.ok(count <= 10_000 && count >= 10_000 - many.error);
  }
});

Deno.test("statistics.json comes back as it was written", () => {
  fc.assert(fc.property(mixed, fc.array(fc.constantFrom("a", "b", "è", "")), (values, words) => {
    const profile = new DatasetProfile();
    const dictionary: string[] = [...new Set<string>(words)].filter((word) => word !== "");
    const codes = Int32Array.from(words, (word) => dictionary.indexOf(word));
    profile.add(batch(number(values)));
    profile.add({
      ...batch({ kind: "string", name: "s", type: "string", codes, dictionary }),
      rows: 0,
    });
    const written = JSON.parse(JSON.stringify(statisticsOf(profile)));
    const read = parseStatistics(written, "statistics.json");
    assert.deepEqual(JSON.parse(JSON.stringify(read)), written);
    assert.deepEqual(
      sketchOf(read.features[0]!).weighted(),
      (profile.columns.get("x")!.values as { quantiles: QuantileSketch }).quantiles.weighted(),
    );
  }));
});

Deno.test("a profile comes back from JSON, and goes on as if it had never left", () => {
  const words = fc.array(fc.constantFrom("", "a", "b", "long word"), { maxLength: 50 });
  fc.assert(fc.property(mixed, words, mixed, (left, texts, right) => {
    const dictionary = ["a", "b", "long word"];
    const strings: Column = {
      kind: "string",
      name: "s",
      type: "string",
      codes: Int32Array.from(texts, (text) => dictionary.indexOf(text)),
      dictionary,
    };
    const profile = new DatasetProfile();
    profile.add(batch(number(left)));
    profile.add(batch(strings));
    const read = parseProfile(JSON.parse(JSON.stringify(profileJson(profile))));
    assert.deepEqual(statisticsOf(read), statisticsOf(profile));
    for (const each of [profile, read]) {
      const more = new DatasetProfile();
      more.add(batch(number(right)));
      each.merge(more);
    }
    assert.deepEqual(statisticsOf(read), statisticsOf(profile));
  }));
  assert.throws(() => parseProfile({ rows: 1, columns: [{ kind: "number" }] }));
});
