import assert from "node:assert/strict";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { PackedMessages } from "../../publishing/mod.ts";
import { crc32c } from "./crc32c.ts";
import { RecordBatch } from "./record_batch.ts";

const SEAL = { producerId: 7n, producerEpoch: 3, sequence: 11, timestamp: 1_380_585_600_000 };
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({ unit: "binary-ascii", maxLength: 10_000 }),
);
const record = fc.record({
  key: text,
  value: text,
  headers: fc.oneof(
    fc.constant({ "event-id": "same", "run-id": "é".repeat(40) }),
    fc.dictionary(fc.string({ unit: "grapheme" }), text, { maxKeys: 4, noNullPrototype: true }),
  ),
}, { noNullPrototype: true });

Deno.test("RecordBatch holds what was appended, by a decoder of its own", () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 30 }),
      fc.constantFrom("none" as const, "gzip" as const, "zstd" as const),
      (records, compression) => {
        const batch = new RecordBatch(64);
        append(batch, records);
        const decoded = decode(batch.seal({ ...SEAL, compression }));
        assert.deepEqual(decoded.records, records);
        assert.equal(decoded.producerId, 7n);
        assert.equal(decoded.producerEpoch, 3);
        assert.equal(decoded.sequence, 11);
        assert.equal(decoded.timestamp, 1_380_585_600_000n);
        assert.equal(decoded.transactional, true);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("RecordBatch takes any number of headers and any length of a record", () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`h${i}`, `${i}`]));
  const records = [
    { key: "", value: "", headers: {} },
    { key: "k", value: "v", headers: many },
    { key: "k", value: "v", headers: many },
    { key: "k", value: "x".repeat(3_000_000), headers: { a: "1" } },
    { key: "k", value: "é".repeat(40), headers: { a: "1" } },
  ];
  const batch = new RecordBatch(64);
  append(batch, records);
  assert.deepEqual(decode(batch.seal(SEAL)).records, records);
});

Deno.test("RecordBatch stays within its limit, and takes one record whatever its size", () => {
  fc.assert(fc.property(fc.array(record, { maxLength: 30 }), fc.nat(3_000), (records, limit) => {
    const batch = new RecordBatch(64);
    const taken: typeof records = [];
    for (const one of records) {
      if (append(batch, [one], limit)) taken.push(one);
      assert.ok(batch.size <= limit || batch.count <= 1);
    }
    if (taken.length > 0) assert.deepEqual(decode(batch.seal(SEAL)).records, taken);
    assert.equal(taken.length > 0, records.length > 0);
  }));
});

Deno.test("RecordBatch seals the same bytes again, also after it was used for others", () => {
  const records = [{ key: "a", value: "1", headers: { x: "y" } }];
  const batch = new RecordBatch(64);
  append(batch, records);
  const once = batch.seal(SEAL).slice();
  assert.deepEqual(batch.seal(SEAL), once);
  batch.reset();
  append(batch, [{ key: "other", value: "z".repeat(100), headers: {} }]);
  batch.seal({ ...SEAL, sequence: 12 });
  batch.reset();
  append(batch, records);
  assert.deepEqual(batch.seal(SEAL), once);
});

interface Record {
  readonly key: string;
  readonly value: string;
  readonly headers: { readonly [name: string]: string };
}

function append(batch: RecordBatch, records: readonly Record[], limit = NO_LIMIT): boolean {
  const { bytes, starts } = PackedMessages.of(records);
  return records.every((_, i) => batch.append(bytes, starts[i]!, starts[i + 1]!, limit));
}

/** Straight from the format's description, sharing nothing with the encoder but the checksum. */
function decode(batch: Uint8Array) {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  assert.equal(view.getInt32(8), batch.length - 12);
  assert.equal(view.getInt8(16), 2);
  assert.equal(view.getUint32(17), crc32c(batch, 21));
  const attributes = view.getInt16(21);
  const count = view.getInt32(57);
  assert.equal(view.getInt32(23), count - 1);
  assert.equal(view.getBigInt64(27), view.getBigInt64(35));
  const body = batch.subarray(61);
  const data = [() => body, gunzipSync, , , zstdDecompressSync][attributes & 7]!(body);
  let at = 0;
  const varint = () => {
    let raw = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = data[at++]!;
      raw |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(raw >> 1n ^ -(raw & 1n));
    }
  };
  const text = () => {
    const length = varint();
    at += length;
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(data.subarray(at - length, at));
  };
  const records = Array.from({ length: count }, (_, i) => {
    const end = varint() + at;
    assert.equal(data[at++], 0);
    assert.equal(varint(), 0);
    assert.equal(varint(), i);
    const key = text();
    const value = text();
    const headers = Object.fromEntries(
      Array.from({ length: varint() }, () => [text(), text()]),
    );
    assert.equal(at, end);
    return { key, value, headers };
  });
  assert.equal(at, data.length);
  return {
    records,
    producerId: view.getBigInt64(43),
    producerEpoch: view.getInt16(51),
    sequence: view.getInt32(53),
    timestamp: view.getBigInt64(27),
    transactional: (attributes & 16) !== 0,
  };
}
