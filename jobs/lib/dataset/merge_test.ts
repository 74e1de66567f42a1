import assert from "node:assert/strict";
import fc from "fast-check";
import { type FileFields, mergeSchemas } from "./merge.ts";
import { Sights } from "./text/mod.ts";

const NUMBERS = [
  "int8",
  "uint8",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float",
  "double",
  "decimal(9,2)",
];

const stated = (path: string, type: string): FileFields => ({
  path,
  fields: [{ name: "x", kind: type === "string" ? "string" : "number", type }],
});

/** A text file with these cells below each other. */
function text(path: string, ...cells: string[]): FileFields {
  const bytes = new TextEncoder().encode(cells.join(""));
  let end = 0;
  const sizes = Uint32Array.from(cells, (cell) => cell.length);
  const starts = sizes.map((size) => (end += size) - size);
  const sights = new Sights(path);
  const lines = Uint32Array.from(cells, (_, row) => row + 2);
  sights.add({ rows: cells.length, bytes, lines, columns: [{ name: "x", starts, sizes }] });
  return {
    path,
    fields: [{ name: "x", type: "guessed", seen: sights.columns.get("x") ?? new Map() }],
  };
}

const typeOf = (...files: FileFields[]) => {
  const { fields, problems } = mergeSchemas(files);
  return problems.length > 0 ? "refused" : fields.map(({ type }) => type).join();
};

const refusals = (...files: FileFields[]) =>
  mergeSchemas(files).problems.map(({ code, message }) => `${code} ${message}`);

function refusal(...files: FileFields[]): string {
  const [only = "nothing is refused", ...others] = refusals(...files);
  assert.deepEqual(others, []);
  return only;
}

Deno.test("mergeSchemas() gives the same type in whatever order the files come", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...NUMBERS, "null"), { minLength: 1 }), (types) => {
      const merged = (some: string[]) => typeOf(...some.map((type, i) => stated(`${i}`, type)));
      const backwards = merged(types.toReversed());
      // Which of two decimals or of two integers comes first may decide only whether it is refused.
      if (backwards !== "refused" && merged(types) !== "refused") {
        assert.equal(merged(types), backwards);
      }
    }),
  );
});

Deno.test("mergeSchemas() widens numbers", () => {
  assert.equal(typeOf(stated("a", "int32"), stated("b", "int64")), "int64");
  assert.equal(typeOf(stated("a", "uint32"), stated("b", "int8")), "int64");
  assert.equal(typeOf(stated("a", "int64"), stated("b", "float")), "double");
  assert.equal(typeOf(stated("a", "null"), stated("b", "string")), "string");
  assert.equal(typeOf(stated("a", "time[ms]"), stated("b", "time[us]")), "time[ms]");
  assert.match(refusal(stated("a", "time[ms]"), stated("b", "int64")), /schema-differs/);
  assert.match(
    refusal(stated("a", "string"), stated("b", "int8")),
    /schema-differs.* b .*x is int8/,
  );
});

Deno.test("mergeSchemas() guesses the type of text from all files", () => {
  assert.equal(typeOf(text("a", "1"), text("b", "2.5")), "double");
  assert.equal(typeOf(text("a", "1"), text("b", "AA")), "string");
  assert.equal(typeOf(text("a", "1"), text("b", "")), "int64");
});

Deno.test("mergeSchemas() reads text as what another file states", () => {
  assert.equal(typeOf(stated("a", "string"), text("b", "1")), "string");
  assert.equal(typeOf(stated("a", "int32"), text("b", "1.5")), "double");
  assert.match(
    refusal(stated("a", "int32"), text("b.csv", "1", "n/a")),
    /data\.cell-type Cannot read b\.csv: line 3 of b\.csv has "n\/a" in column x, which is int32/,
  );
});

Deno.test("mergeSchemas() lets only sparse files miss a column", () => {
  const none: FileFields = { path: "b", fields: [] };
  assert.match(refusal(stated("a", "int8"), none), /schema-differs.* b .*no column x, which a has/);
  assert.match(
    refusal(none, stated("a", "int8")),
    /schema-differs.* a .*column x, which b has not/,
  );
  assert.equal(typeOf({ ...none, sparse: true }, stated("a", "int8")), "int8");
});

Deno.test("mergeSchemas() names every file and column that differs, as far as anybody reads", () => {
  const [x, y, z] = ["x", "y", "z"].map((
    name,
  ) => ({ name, kind: "number", type: "int8" } as const));
  const found = refusals(
    { path: "a", fields: [x!, y!] },
    { path: "b", fields: [{ ...x!, kind: "string", type: "string" }, z!] },
    { path: "c", fields: [x!, x!, y!] },
  );
  assert.deepEqual(found.map((each) => each.replace(/\. .*/, "")), [
    "data.schema-differs Cannot read b with the other files: it has a column z, which a has not",
    "data.schema-differs Cannot read b with the other files: it has no column y, which a has",
    "data.duplicate-column Cannot read c: it has two columns x",
    "data.schema-differs Cannot read b with the other files: column x is string, but int8 in a",
  ]);
  const many = Array.from(
    { length: 500 },
    (_, i) => ({ path: `${i}`, fields: i === 0 ? [x!] : [y!] }),
  );
  assert.equal(refusals(...many).length, 20);
});
