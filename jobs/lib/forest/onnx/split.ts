/**
 * A model file in two parts: the lists of its tree ensembles, left where they are, and all the rest,
 * which the protobuf library reads.
 *
 * @module
 */

import { fromBinary } from "@bufbuild/protobuf";
import { type ModelProto, ModelProtoSchema } from "./gen/onnx-ml_pb.ts";
import { WireList } from "./lists.ts";
import { varintSize, WIRE, WireReader, WireWriter } from "./wire.ts";

/** Fields of ModelProto, GraphProto and NodeProto. */
const FIELD = { graph: 7, node: 1, attribute: 5 } as const;

/** See the module's description. */
export interface SplitModel {
  /** Without the lists. */
  readonly model: ModelProto;
  /** The lists of each node, by its index in the graph; none for most. */
  readonly lists: ReadonlyMap<number, readonly WireList[]>;
}

/**
 * Splits a model file.
 *
 * @throws {Error} If it is none.
 */
export function splitModel(bytes: Uint8Array): SplitModel {
  const lists = new Map<number, readonly WireList[]>();
  let nodes = 0;
  const withoutLists = replaced(
    bytes,
    new WireReader(bytes),
    FIELD.graph,
    (graph) =>
      replaced(bytes, graph, FIELD.node, (node) => {
        const found: WireList[] = [];
        const kept = replaced(bytes, node, FIELD.attribute, (_attribute, start, end) => {
          const list = WireList.of(bytes, start, end);
          if (list !== undefined) found.push(list);
          return list === undefined ? bytes.subarray(start, end) : undefined;
        });
        if (found.length > 0) lists.set(nodes, found);
        nodes++;
        return kept;
      }),
  );
  return { model: fromBinary(ModelProtoSchema, withoutLists), lists };
}

/**
 * A message with its messages of one field replaced, or left out.
 *
 * @param replace Gets the inner message, and where it is.
 */
function replaced(
  bytes: Uint8Array,
  reader: WireReader,
  field: number,
  replace: (inner: WireReader, start: number, end: number) => Uint8Array | undefined,
): Uint8Array {
  const pieces: Uint8Array[] = [];
  while (!reader.done) {
    const start = reader.position;
    const tag = reader.tag();
    if (tag.field !== field || tag.wire !== WIRE.bytes) {
      reader.skip(tag.wire);
      pieces.push(bytes.subarray(start, reader.position));
      continue;
    }
    const inner = reader.message();
    const content = replace(inner, inner.position, reader.position);
    if (content !== undefined) pieces.push(messageField(field, content.length), content);
  }
  return joined(pieces);
}

/** A field's tag and its message's length. */
export function messageField(field: number, length: number): Uint8Array {
  const bytes = new Uint8Array(varintSize(field * 8) + varintSize(length));
  const writer = new WireWriter(bytes);
  writer.tag(field, WIRE.bytes);
  writer.varint(length);
  return bytes;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
