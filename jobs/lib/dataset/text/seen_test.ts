import assert from "node:assert/strict";
import fc from "fast-check";
import { integerOf, isNumberText, numberOf } from "./numbers.ts";
import { mergeSeen, misfit, oddCell, Sights, typeOfSeen } from "./seen.ts";
import { microsOf, timeShape } from "./times.ts";

const encoder = new TextEncoder();

function seenOf(...cells: string[]) {
  const bytes = encoder.encode(cells.join(""));
  const sizes = Uint32Array.from(cells, (cell) => encoder.encode(cell).length);
  let end = 0;
  const starts = sizes.map((size) => (end += size) - size);
  const lines = Uint32Array.from(cells, (_, row) => row + 2);
  const sights = new Sights("a.csv");
  sights.add({ rows: cells.length, bytes, columns: [{ name: "x", starts, sizes }], lines });
  return sights.columns.get("x") ?? new Map();
}

const typeOf = (...cells: string[]) => typeOfSeen(seenOf(...cells)).type;

Deno.test("numberOf() is what JavaScript reads, to the last bit", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
    const text = encoder.encode(String(value));
    assert.ok(isNumberText(text, 0, text.length) !== undefined, String(value));
    assert.ok(Object.is(numberOf(text, 0, text.length), value) || value === 0);
  }));
  fc.assert(fc.property(fc.stringMatching(/^-?\d{1,17}\.\d{1,4}$/), (decimal) => {
    const text = encoder.encode(decimal);
    assert.equal(numberOf(text, 0, text.length), Number(decimal));
  }));
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
    const text = encoder.encode(String(value));
    assert.equal(integerOf(text, 0, text.length), value);
    const expected = value < 0n ? "negative" : value < 2n ** 63n ? "integer" : "unsigned";
    assert.equal(isNumberText(text, 0, text.length), expected);
  }));
});

Deno.test("microsOf() is what Date reads", () => {
  const min = new Date("0001-01-01T00:00:00Z"), max = new Date("9999-12-31T23:59:59Z");
  fc.assert(fc.property(
    fc.date({ min, max, noInvalidDate: true }),
    fc.constantFrom("T", " "),
    fc.constantFrom("", "Z", "+05:30", "-0800"),
    (date, between, zone) => {
      const text = encoder.encode(date.toISOString().replace("T", between).replace("Z", zone));
      const minutes = zone === "+05:30" ? 330 : zone === "-0800" ? -480 : 0;
      const expected = BigInt(date.getTime() - minutes * 60_000) * 1000n;
      assert.equal(microsOf(text, 0, text.length), expected);
    },
  ));
  for (
    const text of ["2013-02-29", "2013-13-01", "2013-10-01T24:00", "2013-10-01T05", "0000-01-01"]
  ) {
    assert.equal(timeShape(encoder.encode(text), 0, text.length), undefined, text);
  }
});

Deno.test("typeOfSeen() loses nothing of any cell", () => {
  assert.equal(typeOf("", ""), "null");
  assert.equal(typeOf("1", "-2", ""), "int64");
  assert.equal(typeOf("18446744073709551615", "0"), "uint64");
  assert.equal(typeOf("1", "2.5", "1e3", "-inf", "NaN"), "double");
  assert.equal(typeOf("True", "FALSE"), "bool");
  assert.equal(typeOf("2013-10-01"), "date");
  assert.equal(typeOf("2013-10-01", "2013-10-01 05:30"), "timestamp[us]");
  assert.equal(typeOf("2013-10-01T05:30:00.25+02:00"), "timestamp[us, UTC]");
  // Postcodes, numbers of accounts, codes that stand for no value: not numbers.
  for (const cells of [["007", "1"], ["18446744073709551616"], ["-1", "18446744073709551615"]]) {
    assert.equal(typeOf(...cells), "string", cells.join());
  }
  for (const code of ["NA", "None", "null", "true"]) assert.equal(typeOf("1", code), "string");
});

Deno.test("what does not fit is found, with its line", () => {
  const seen = mergeSeen([seenOf("1", "2"), seenOf("3", "4", "n/a")]);
  assert.equal(misfit(seen, "number")?.line, 4);
  assert.equal(misfit(seen, "number")?.text, '"n/a"');
  assert.equal(misfit(seen, "string"), undefined);
  assert.equal(oddCell(seen)?.where, "line 4 of a.csv");
  assert.equal(oddCell(seenOf("a", "b", "1")), undefined);
});
