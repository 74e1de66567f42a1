import assert from "node:assert/strict";
import fc from "fast-check";
import { chunksOf } from "./chunks.ts";

const message = fc.record({
  key: fc.string({ unit: "grapheme" }),
  value: fc.string({ unit: "grapheme", maxLength: 300 }),
  headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
});

Deno.test("chunksOf() keeps every message, in order, in as few bytes as the limit", () => {
  const size = (text: string) => new TextEncoder().encode(text).length;
  fc.assert(fc.property(fc.array(message), fc.integer({ min: 1, max: 2000 }), (messages, limit) => {
    const chunks = [...chunksOf("t", messages, limit)];
    assert.deepEqual(chunks.flatMap((chunk) => chunk.messages), messages);
    for (const { topic, messages } of chunks) {
      assert.equal(topic, "t");
      assert.ok(messages.length > 0);
      const bytes = messages.reduce(
        (sum, { key, value, headers }) =>
          sum + size(key) + size(value) +
          Object.entries(headers).reduce((all, [name, text]) => all + size(name) + size(text), 0),
        0,
      );
      assert.ok(messages.length === 1 || bytes <= limit, `${bytes} bytes of ${limit}`);
    }
  }));
});

Deno.test("chunksOf() makes no chunk of nothing", () => {
  assert.deepEqual([...chunksOf("t", [])], []);
});
