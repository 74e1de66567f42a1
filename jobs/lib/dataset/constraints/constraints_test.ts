import assert from "node:assert/strict";
import fc from "fast-check";
import type { Batch, Column } from "../column.ts";
import { DatasetProfile, type Statistics, statisticsOf } from "../profile/mod.ts";
import {
  checkConstraints,
  type Constraints,
  inferConstraints,
  parseConstraints,
  readConstraints,
  RowRules,
  RuleTally,
  type Violation,
} from "./mod.ts";

function batch(columns: readonly Column[], rows = 200): Batch {
  return { rows, columns, file: "", firstRow: 0 };
}

function statistics(table: Batch): Statistics {
  const profile = new DatasetProfile();
  profile.add(table);
  return statisticsOf(profile);
}

function broken(table: Batch, constraints: Constraints): Violation[] {
  const rules = new RowRules(constraints);
  const tally = new RuleTally(rules.rules);
  tally.add(table.rows, rules.check(table));
  return checkConstraints({ statistics: statistics(table), tally }, constraints);
}

function numbers(name: string, value: (row: number) => number, rows = 200): Column {
  return {
    kind: "number",
    name,
    type: "double",
    values: Float64Array.from({ length: rows }, (_, i) => value(i)),
  };
}

function strings(name: string, value: (row: number) => string, rows = 200): Column {
  const values = Array.from({ length: rows }, (_, i) => value(i));
  const dictionary = [...new Set(values)].filter((text) => text !== "");
  return {
    kind: "string",
    name,
    type: "string",
    codes: Int32Array.from(values, (text) => dictionary.indexOf(text)),
    dictionary,
  };
}

const TABLE = batch([
  numbers("age", (i) => i),
  numbers("gaps", (i) => i % 4 === 0 ? NaN : i - 100),
  strings("carrier", (i) => ["AA", "UA", "B6"][i % 3]!),
]);
const BASELINE = statistics(TABLE);

Deno.test("checkConstraints() finds nothing in the data they were inferred from", () => {
  assert.deepEqual(broken(TABLE, inferConstraints(BASELINE)), []);
});

Deno.test("checkConstraints() finds everything at once, each with column, rule and what was found", () => {
  const found = broken(
    batch([
      numbers("age", (i) => i % 2 === 0 ? NaN : -5),
      strings("carrier", (i) => i < 60 ? "XX" : "AA"),
      strings("gaps", () => "now text"),
      numbers("new", () => 1),
    ]),
    inferConstraints(BASELINE),
  );
  assert.deepEqual(
    found.map((each) => [each.feature_name, each.constraint_check_type, each.severity]),
    [
      ["age", "completeness_check", "error"],
      ["age", "value_range_check", "error"],
      ["gaps", "data_type_check", "error"],
      ["carrier", "categorical_values_check", "error"],
      ["new", "extra_column_check", "warning"],
    ],
  );
  assert.match(found[0]!.description, /50\.0 %.*95\.0 %/);
  assert.match(found[3]!.description, /60 rows: 'XX'/);
});

Deno.test("checkConstraints() keeps to what was edited by hand", () => {
  const inferred = inferConstraints(BASELINE, ["age", "carrier"]);
  const edited = parseConstraints({
    ...inferred,
    minimum_rows: 1_000,
    features: [
      {
        name: "age",
        inferred_type: "Integral",
        unique: true,
        num_constraints: { minimum: 3, maximum: 150 },
      },
      {
        name: "carrier",
        inferred_type: "String",
        unique: true,
        ordered: true,
        string_constraints: { pattern: "[A-Z]{2}" },
      },
    ],
  }, "constraints.json");
  assert.deepEqual(
    broken(TABLE, edited).map((each) => each.constraint_check_type),
    [
      "row_count_check",
      "value_range_check",
      "value_range_check",
      "pattern_check",
      "uniqueness_check",
      "extra_column_check",
    ],
  );
});

Deno.test("parseConstraints() refuses what is no constraint, with its place and the remedy", () => {
  const feature = (more: Record<string, unknown>) => ({
    version: 0,
    features: [{ name: "temp", inferred_type: "Fractional", ...more }],
  });
  for (
    const [json, message] of [
      [feature({ string_constraints: { pattern: "(" } }), /pattern of temp is no regular expr/],
      [{ version: 0, features: [{ name: 1 }] }, /features\.0\.name/],
      [feature({ completness: 1 }), /c\.json.*column temp.*completness.*docs\/validation\.md/],
      [feature({ completeness: 95 }), /completeness of column temp/],
      [feature({ num_constraints: { minimum: 3, maximum: 2 } }), /minimum is above maximum/],
      [{ ...feature({}), minimum_row: 3 }, /minimum_row/],
      [{ version: 0, features: [...feature({}).features, ...feature({}).features] }, /comes twice/],
    ] as const
  ) {
    assert.throws(() => parseConstraints(json, "c.json"), message);
  }
  assert.throws(() => readConstraints("{", "c.json"), /c\.json.*JSON/);
});

const RULES = parseConstraints({
  version: 0,
  features: [
    {
      name: "n",
      inferred_type: "Integral",
      completeness: 1,
      num_constraints: { minimum: 0, maximum: 9 },
    },
    { name: "s", inferred_type: "String", string_constraints: { domains: ["a", "b"] } },
  ],
}, "constraints.json");

Deno.test("RowRules judges each row by itself, with every reason", () => {
  const table = batch([
    numbers("n", (i) => [1, -2, NaN, 10, 3][i]!, 5),
    strings("s", (i) => ["a", "x", "", "b", "b"][i]!, 5),
  ], 5);
  const { counts, examples, rejected } = new RowRules(RULES).check(table);
  assert.deepEqual(counts, [1, 1, 1, 1]);
  assert.deepEqual(examples, [[], ["-2"], ["10"], ["'x'"]]);
  assert.deepEqual([...rejected].sort(([a], [b]) => a - b), [
    [1, "n is -2, but at least 0 is allowed; s is 'x', which is none of the known values"],
    [2, "n is missing, but a value is required"],
    [3, "n is 10, but at most 9 is allowed"],
  ]);
  // Where a share may be unknown, an unknown value is nothing that a row is put aside for.
  const lenient = new RowRules({
    ...RULES,
    monitoring_config: inferConstraints(BASELINE).monitoring_config,
  });
  assert.deepEqual([...lenient.check(table).rejected.keys()].sort(), [1, 2, 3]);
  assert.match(lenient.check(table).rejected.get(1)!, /^n is -2, but at least 0 is allowed$/);
  assert.deepEqual(new RowRules(RULES, ["s"]).check(table).counts, [1]);
});

Deno.test("tallies of parts merge to that of the whole, also as JSON", () => {
  const values = fc.array(fc.constantFrom(-3, -2, -1, 0, 5, 10, NaN), { maxLength: 30 });
  fc.assert(fc.property(values, values, (left, right) => {
    const rules = new RowRules(RULES, ["n"]);
    const of = (numbersOfPart: number[]) => {
      const tally = new RuleTally(rules.rules);
      const { length } = numbersOfPart;
      tally.add(
        length,
        rules.check(batch([numbers("n", (i) => numbersOfPart[i]!, length)], length)),
      );
      return tally;
    };
    const merged = RuleTally.parse(JSON.parse(JSON.stringify(of(left))), rules.rules);
    merged.merge(of(right));
    assert.deepEqual(merged.toJSON(), of([...left, ...right]).toJSON());
  }));
});
