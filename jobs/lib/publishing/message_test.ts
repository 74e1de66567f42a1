import assert from "node:assert/strict";
import fc from "fast-check";
import { decimal, eventIds, messageWriter } from "./message.ts";
import { type ClassificationValue, parseDeadLetter, parsePrediction } from "./schema.ts";

const ORIGIN = {
  run_id: "2013-10-01",
  model: { name: "flights", version: "3" },
  scored_at: "2013-10-01T00:00:00Z",
};
const BINARY = {
  objective: "classification",
  label: "late",
  kind: "boolean",
  classes: [false, true],
} as const;
const REGRESSION = { objective: "regression", label: "delay" } as const;

Deno.test("messageWriter() writes the documented message", () => {
  const write = messageWriter({ ...ORIGIN, supersedes: "old" }, BINARY, "day/part-0.parquet");
  const outputs = [Float32Array.of(0.75, 0.1), Float32Array.of(0.25, 0.9)];
  const { key, value, headers } = write.prediction(7, "UA-1545", outputs, 1);
  assert.equal(key, "UA-1545");
  assert.equal(
    value,
    '{"id":"UA-1545","prediction":true,"probability":0.899999976,' +
      '"probabilities":{"false":0.100000001,"true":0.899999976},' +
      '"model":{"name":"flights","version":"3"},"run_id":"2013-10-01",' +
      '"scored_at":"2013-10-01T00:00:00Z"}',
  );
  assert.deepEqual(headers, {
    "event-id": eventIds("2013-10-01", "day/part-0.parquet")(7),
    "model-version": "3",
    "run-id": "2013-10-01",
    "content-type": "application/json",
    "supersedes": "old",
  });
});

Deno.test("messageWriter() without a key names the message by its event", () => {
  const write = messageWriter(ORIGIN, REGRESSION, "a");
  const { key, value, headers } = write.prediction(0, undefined, [Float32Array.of(-12.5)], 0);
  assert.equal(key, headers["event-id"]);
  assert.deepEqual(parsePrediction(value), { ...ORIGIN, id: key, prediction: -12.5 });
});

Deno.test("messageWriter() writes valid JSON whatever keys, classes and probabilities are", () => {
  const text = fc.string({ unit: "binary" });
  const classes = fc.uniqueArray(text, { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(
      text,
      classes,
      fc.infiniteStream(fc.float({ min: 0, max: 1, noNaN: true })),
      (id, names, values) => {
        const target = {
          objective: "classification",
          label: "l",
          kind: "string",
          classes: names,
        } as const;
        const outputs = names.map(() => Float32Array.of(values.next().value));
        const { value } = messageWriter(ORIGIN, target, "in").prediction(0, id, outputs, 0);
        assert.doesNotThrow(() => parsePrediction(value));
        // zod leaves out what is called __proto__, so the rest looks at the JSON itself.
        const parsed: ClassificationValue = JSON.parse(value);
        assert.equal(parsed.id, id);
        const numbers = outputs.map(([p]) => p);
        const best = numbers.indexOf(Math.max(...numbers.map(Number)));
        assert.equal(parsed.prediction, names[best]);
        assert.equal(Math.fround(parsed.probability), numbers[best]);
        names.forEach((name, k) =>
          assert.equal(
            Math.fround(Object.getOwnPropertyDescriptor(parsed.probabilities, name)?.value),
            numbers[k],
          )
        );
      },
    ),
  );
});

Deno.test("messageWriter() refuses what JSON cannot say", () => {
  const write = messageWriter(ORIGIN, REGRESSION, "a");
  assert.throws(() => write.prediction(0, "k", [Float32Array.of(NaN)], 0), RangeError);
  assert.throws(() => write.prediction(0, "k", [Float32Array.of(1)], 1), RangeError);
});

Deno.test("messageWriter() says in a dead letter which row it was and why", () => {
  const { key, value, headers } = messageWriter(ORIGIN, BINARY, "in").deadLetter(
    4,
    undefined,
    "no key",
  );
  assert.equal(key, headers["event-id"]);
  assert.deepEqual(parseDeadLetter(value), {
    id: null,
    input: "in",
    row: 4,
    reason: "no key",
    run_id: "2013-10-01",
  });
});

Deno.test("decimal() reads back as the same float32, in at most nine digits", () => {
  const any = fc.float({ noNaN: true, noDefaultInfinity: true });
  const probability = fc.float({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.oneof(any, probability), (value) => {
    const text = decimal(value);
    assert.ok(Object.is(Math.fround(JSON.parse(text)), value === 0 ? 0 : value));
    const digits = text.replace(/e.*$/, "").replaceAll(/[-.]/g, "").replaceAll(/^0+|0+$/g, "");
    assert.ok(digits.length <= 9, text);
  }));
  assert.equal(decimal(0.5), "0.5");
  assert.equal(decimal(Math.fround(0.99999999)), "1");
});

Deno.test("eventIds() differ between runs, inputs and rows, and never change", () => {
  const ids = [["r", "a"], ["r", "b"], ["s", "a"], ["ra", ""]].flatMap(([run = "", input = ""]) =>
    [0, 1, 10].map(eventIds(run, input))
  );
  assert.equal(new Set(ids).size, ids.length);
  // printf 'r\0a' | sha256sum
  assert.equal(ids[1], "14648a291285c4f074e87c3970c9f516-1");
});
