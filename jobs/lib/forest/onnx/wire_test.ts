import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
} from "./gen/onnx-ml_pb.ts";
import { bytesOf } from "./graph.ts";
import { type Cursor, type NumberCursor, WireList } from "./lists.ts";
import { splitModel } from "./split.ts";
import { varintSize, WireReader, WireWriter } from "./wire.ts";

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
  fc.bigInt({ min: -300n, max: 300n }),
);

function all<T>(cursor: Cursor<T>): T[] {
  const entries: T[] = [];
  while (!cursor.done) entries.push(cursor.next());
  assert.throws(() => cursor.next(), /ends too early/);
  return entries;
}

Deno.test("WireList reads what the protobuf library wrote", () => {
  fc.assert(
    fc.property(
      fc.array(int64),
      fc.array(fc.float()),
      fc.array(fc.uint8Array({ maxLength: 200 })),
      (ints, floats, strings) => {
        const name = "nodes_values";
        const bytes = toBinary(
          AttributeProtoSchema,
          create(AttributeProtoSchema, { name, ints, floats, strings }),
        );
        const list = WireList.of(bytes, 0, bytes.length)!;
        all(list.ints()).forEach((read, i) => {
          const exact = Number.isSafeInteger(Number(ints[i]));
          const error = Math.abs(read - Number(ints[i]));
          assert.ok(error <= (exact ? 0 : Math.abs(read) * 2 ** -51), `${read} for ${ints[i]}`);
        });
        assert.equal(all(list.ints()).length, ints.length);
        assert.deepEqual(all(list.floats()), floats);
        assert.deepEqual(all(list.strings()), strings);
      },
    ),
  );
});

/** The same entries read in pieces of random sizes, some of them one by one. */
function inPieces<A extends Float64Array | Float32Array | Int8Array>(
  cursor: NumberCursor<A>,
  piece: (size: number) => A,
  sizes: readonly number[],
): number[] {
  const entries: number[] = [];
  for (let k = 0; !cursor.done; k++) {
    const size = sizes[k % sizes.length]!;
    const out = piece(size);
    if (size === 0) entries.push(cursor.next());
    else entries.push(...out.subarray(0, cursor.fill(out)));
  }
  assert.throws(() => cursor.take(piece(1)), /ends too early/);
  return entries;
}

Deno.test("NumberCursor reads many entries at a time as it reads one by one", () => {
  const known = ["LEAF", "BRANCH_LEQ", "", "B".repeat(130)].map(bytesOf);
  const strings = fc.array(fc.oneof(
    fc.constantFrom(...known),
    fc.uint8Array({ maxLength: 12 }),
  ));
  fc.assert(fc.property(
    fc.array(fc.oneof(int64, fc.bigInt({ min: 0n, max: 2n ** 29n }))),
    fc.array(fc.float()),
    strings,
    fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
    fc.boolean(),
    (ints, floats, strings, sizes, more) => {
      const attribute = create(AttributeProtoSchema, { ints, floats, strings });
      // The list's end is that of its attribute, not that of the bytes.
      const name = { name: "nodes_modes" };
      const bytes = toBinary(AttributeProtoSchema, create(AttributeProtoSchema, { ...name }));
      const lists = toBinary(AttributeProtoSchema, attribute);
      const after = more ? lists : new Uint8Array();
      const whole = Uint8Array.from([...bytes, ...lists, ...after]);
      const list = WireList.of(whole, 0, bytes.length + lists.length)!;
      const doubles = (size: number) => new Float64Array(size);
      const singles = (size: number) => new Float32Array(size);
      const kinds = (size: number) => new Int8Array(size);
      assert.deepEqual(inPieces(list.ints(), doubles, sizes), all(list.ints()));
      assert.deepEqual(inPieces(list.floats(), singles, sizes), all(list.floats()));
      assert.deepEqual(inPieces(list.choices(known), kinds, sizes), all(list.choices(known)));
      assert.deepEqual(
        all(list.choices(known)),
        strings.map((one) => known.findIndex((each) => Buffer.compare(each, one) === 0)),
      );
    },
  ));
});

Deno.test("WireList reads numbers packed and in pieces", () => {
  const list = (fields: number[]) => {
    const bytes = Uint8Array.from([10, 9, ...bytesOf("class_ids"), ...fields]);
    return WireList.of(bytes, 0, bytes.length)!;
  };
  // Field 8 packed: 1, 300; a single 2; an empty pack; field 20; a pack of 3.
  const fields = [66, 3, 1, 172, 2, 64, 2, 66, 0, 160, 1, 7, 66, 1, 3];
  assert.deepEqual(all(list(fields).ints()), [1, 300, 2, 3]);
  for (const size of [1, 2, 3, 5]) {
    const pieces = inPieces(list(fields).ints(), (size) => new Float64Array(size), [size, 0]);
    assert.deepEqual(pieces, [1, 300, 2, 3]);
  }
  assert.throws(() => all(list([66, 3, 1]).ints()), /ends too early/);
});

Deno.test("WireWriter writes numbers that WireReader reads, in varintSize() bytes", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), (value) => {
      const bytes = new Uint8Array(varintSize(value));
      new WireWriter(bytes).varint(value);
      const reader = new WireReader(bytes);
      assert.equal(reader.varint(), value);
      assert.ok(reader.done);
    }),
  );
});

Deno.test("splitModel() takes out the lists of ensembles and nothing else", () => {
  const attribute = [
    { name: "n_targets", i: 1n },
    { name: "nodes_treeids", ints: [0n, 0n, 1n] },
    { name: "base_values", floats: [0.5] },
    { name: "nodes_values", floats: [1, 2, 3] },
  ];
  const node = [{ opType: "Cast", output: ["a"] }, { opType: "Trees", attribute, domain: "d" }];
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    graph: { name: "g", node: node.map((each) => create(NodeProtoSchema, each)) },
  });
  const split = splitModel(toBinary(ModelProtoSchema, model));
  assert.deepEqual([...split.lists.keys()], [1]);
  const [treeIds, values] = split.lists.get(1)!;
  assert.deepEqual(all(treeIds!.ints()), [0, 0, 1]);
  assert.deepEqual(all(values!.floats()), [1, 2, 3]);
  const kept = attribute.filter(({ name }) => !name.startsWith("nodes_"));
  const rest = create(ModelProtoSchema, {
    irVersion: 8n,
    graph: create(GraphProtoSchema, {
      name: "g",
      node: [node[0]!, create(NodeProtoSchema, { ...node[1]!, attribute: kept })],
    }),
  });
  assert.deepEqual(split.model, fromBinary(ModelProtoSchema, toBinary(ModelProtoSchema, rest)));
});
