import assert from "node:assert/strict";
import fc from "fast-check";
import { PackedMessages } from "../publishing/mod.ts";
import { BatchWriter } from "./batches.ts";
import { murmur2 } from "./protocol/murmur2.ts";

const PRODUCER = { transactionalId: "id", producerId: 1n, producerEpoch: 0 };
const message = fc.record({
  key: fc.string({ unit: "grapheme", maxLength: 20 }),
  value: fc.string({ maxLength: 100 }),
  headers: fc.constant({ "run-id": "r" }),
});

Deno.test("BatchWriter counts sequence numbers without a gap over transactions and batches", () => {
  const transactions = fc.array(fc.array(message, { maxLength: 30 }), { maxLength: 4 });
  fc.assert(fc.property(transactions, (transactions) => {
    const shapes = new Map([["t", { partitions: 3, batchBytes: 500 }]]);
    const writer = new BatchWriter(PRODUCER, shapes, "none");
    const expected = [0, 0, 0];
    for (const messages of transactions) {
      const counts = [0, 0, 0];
      for (
        const { topic, partition, batches } of writer.write([{
          topic: "t",
          messages: PackedMessages.of(messages),
        }], 0)
      ) {
        assert.equal(topic, "t");
        for (const batch of batches) {
          const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
          const count = view.getInt32(57);
          assert.ok(batch.length <= 500 || count === 1);
          assert.equal(view.getInt32(53), expected[partition]);
          expected[partition]! += count;
          counts[partition]! += count;
        }
      }
      const owed = [0, 0, 0];
      for (const { key } of messages) {
        owed[(murmur2(new TextEncoder().encode(key)) & 0x7fffffff) % 3]!++;
      }
      assert.deepEqual(counts, owed);
    }
  }));
});

Deno.test("BatchWriter refuses topics it was not told about", () => {
  const writer = new BatchWriter(PRODUCER, new Map(), "none");
  const messages = PackedMessages.of([]);
  assert.throws(() => writer.write([{ topic: "x", messages }], 0), TypeError);
});
