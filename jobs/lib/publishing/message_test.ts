import assert from "node:assert/strict";
import fc from "fast-check";
import { packKeys, type Target } from "../dataset/mod.ts";
import { eventIds, type MessageOrigin, messageWriter } from "./message.ts";
import { type ClassificationValue, parseDeadLetter, parsePrediction } from "./schema.ts";
import type { Message } from "./packed.ts";

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
  write.prediction(7, packKeys(["other", "UA-1545"]), outputs, 1);
  const { key, value, headers } = write.take().messages.at(0);
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
  write.prediction(0, undefined, [Float32Array.of(-12.5)], 0);
  const { key, value, headers } = write.take().messages.at(0);
  assert.equal(key, headers["event-id"]);
  assert.deepEqual(parsePrediction(value), { ...ORIGIN, id: key, prediction: -12.5 });
});

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom('"', "\\", "\n", "\0", "\x1f", "\x7f", "\u2028", "\ufeffx", "\ud800", "é", "🛫"),
  // Lengths at which the bytes before a value are more or fewer.
  fc.nat(9_000).map((size) => "k".repeat(size)),
);
const name = fc.string({ unit: "grapheme", maxLength: 70 });
const origin = fc.record({
  run_id: name,
  supersedes: fc.option(name, { nil: undefined }),
  model: fc.record({ name, version: name }),
  scored_at: name,
});
const classes = fc.oneof(
  fc.constant([false, true]),
  fc.uniqueArray(text, { minLength: 2, maxLength: 5 }),
  fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 5 }),
);
const target = fc.oneof(
  fc.constant(REGRESSION as Target),
  classes.map((classes) =>
    ({ objective: "classification", label: "l", kind: "string", classes }) as Target
  ),
);
const probability = fc.float({ min: 0, max: 1, noNaN: true });
const anyNumber = fc.float({ noNaN: true, noDefaultInfinity: true });

Deno.test("messageWriter() writes what strings put together would be, whatever a row is", () => {
  const row = fc.record({
    row: fc.oneof(fc.nat(), fc.nat(3_000_000_000), fc.constantFrom(0, 9, 10, 99, 1_000_000)),
    // Text in parquet is UTF-8, which has no lone surrogates.
    key: fc.oneof(text.filter((key) => key !== "").map((key) => key.toWellFormed())),
    values: fc.array(fc.oneof(probability, anyNumber), { minLength: 5, maxLength: 5 }),
  });
  fc.assert(
    fc.property(
      origin,
      target,
      name,
      fc.boolean(),
      fc.array(row, { maxLength: 8 }),
      (origin, target, input, keyed, rows) => {
        const write = messageWriter(origin, target, input);
        const plain = plainWriter(origin, target, input);
        const keys = packKeys(rows.map(({ key }) => key));
        const outputs = [0, 1, 2, 3, 4].slice(
          0,
          target.objective === "regression" ? 1 : target.classes.length,
        ).map((k) => Float32Array.from(rows, ({ values }) => values[k]!));
        rows.forEach(({ row }, i) => write.prediction(row, keyed ? keys : undefined, outputs, i));
        const { messages } = write.take();
        assert.deepEqual(
          [...messages],
          rows.map(({ row, key }, i) => plain(row, keyed ? key : undefined, outputs, i)),
        );
        assert.equal(write.take().messages.length, 0);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("messageWriter() writes valid JSON whatever keys, classes and probabilities are", () => {
  const names = fc.uniqueArray(fc.string({ unit: "binary" }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", minLength: 1 }).map((id) => id.toWellFormed()),
      names,
      fc.infiniteStream(probability),
      (id, names, values) => {
        const target = {
          objective: "classification",
          label: "l",
          kind: "string",
          classes: names,
        } as const;
        const outputs = names.map(() => Float32Array.of(values.next().value));
        const write = messageWriter(ORIGIN, target, "in");
        write.prediction(0, packKeys([id]), outputs, 0);
        const { value } = write.take().messages.at(0);
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

Deno.test("messageWriter() refuses what JSON cannot say, and goes on", () => {
  const write = messageWriter(ORIGIN, REGRESSION, "a");
  const keys = packKeys(["k", "l"]);
  assert.throws(() => write.prediction(0, keys, [Float32Array.of(NaN)], 0), RangeError);
  assert.throws(() => write.prediction(0, keys, [Float32Array.of(Infinity)], 0), RangeError);
  assert.throws(() => write.prediction(0, keys, [Float32Array.of(1)], 1), RangeError);
  write.prediction(1, keys, [Float32Array.of(0, 2)], 1);
  assert.deepEqual([...write.take().messages].map(({ key }) => key), ["l"]);
});

Deno.test("messageWriter() says in a dead letter which row it was and why", () => {
  const write = messageWriter(ORIGIN, BINARY, "in");
  write.deadLetter(4, undefined, "no key");
  const { key, value, headers } = write.take().deadLetters.at(0);
  assert.equal(key, headers["event-id"]);
  assert.deepEqual(parseDeadLetter(value), {
    id: null,
    input: "in",
    row: 4,
    reason: "no key",
    run_id: "2013-10-01",
  });
});

Deno.test("eventIds() differ between runs, inputs and rows, and never change", () => {
  const ids = [["r", "a"], ["r", "b"], ["s", "a"], ["ra", ""]].flatMap(([run = "", input = ""]) =>
    [0, 1, 10].map(eventIds(run, input))
  );
  assert.equal(new Set(ids).size, ids.length);
  // printf 'r\0a' | sha256sum
  assert.equal(ids[1], "14648a291285c4f074e87c3970c9f516-1");
});

/** The same message by the means of the language: what was published from the first version on. */
function plainWriter(
  { run_id, supersedes, model, scored_at }: MessageOrigin,
  target: Target,
  input: string,
) {
  const eventId = eventIds(run_id, input);
  const decimal = (value: number) => String(Number(value.toPrecision(9)));
  const predicted = (values: readonly number[]) => {
    if (target.objective === "regression") return `"prediction":${decimal(values[0]!)}`;
    const best = values.indexOf(Math.max(...values));
    const all = target.classes.map((name, k) =>
      `${JSON.stringify(String(name))}:${decimal(values[k]!)}`
    );
    return `"prediction":${JSON.stringify(target.classes[best])},` +
      `"probability":${decimal(values[best]!)},"probabilities":{${all.join(",")}}`;
  };
  return (
    row: number,
    key: string | undefined,
    outputs: readonly Float32Array[],
    index: number,
  ): Message => {
    const event = eventId(row);
    const id = key ?? event;
    const shared = `"model":${JSON.stringify(model)},"run_id":${JSON.stringify(run_id)}` +
      `,"scored_at":${JSON.stringify(scored_at)}`;
    const values = outputs.map((output) => output[index]!);
    return {
      key: id,
      value: `{"id":${JSON.stringify(id)},${predicted(values)},${shared}}`,
      headers: {
        "event-id": event,
        "model-version": model.version,
        "run-id": run_id,
        "content-type": "application/json",
        ...(supersedes === undefined ? {} : { supersedes }),
      },
    };
  };
}
