/**
 * A model's bytes with the trees put into their node.
 *
 * @module
 */

import type { TreeLists } from "./ensemble.ts";
import { ENSEMBLE } from "./model.ts";
import { messageField } from "./split.ts";
import { WIRE, WireReader, WireWriter } from "./wire.ts";

/** Fields of ModelProto, GraphProto and NodeProto. */
const FIELD = { graph: 7, node: 1, opType: 4, attribute: 5 } as const;

/**
 * Inserts trees.
 *
 * @param model An encoded ModelProto with one ensemble, which has attributes, but no trees.
 */
export function insertTrees(model: Uint8Array, lists: TreeLists): Uint8Array {
  const graph = find(model, { start: 0, end: model.length }, FIELD.graph, () => true);
  const node = find(model, graph, FIELD.node, (inner) => isEnsemble(model, inner));
  // Behind the other attributes, as if the library had written them all.
  const at = find(model, node, FIELD.attribute, () => true, "last").end;
  const nodeHead = messageField(FIELD.node, node.end - node.start + lists.size);
  const inGraph = lists.size + nodeHead.length - (node.start - node.tag);
  const graphHead = messageField(FIELD.graph, graph.end - graph.start + inGraph);
  const grown = inGraph + graphHead.length - (graph.start - graph.tag);
  const bytes = new Uint8Array(model.length + grown);
  const writer = new WireWriter(bytes);
  writer.raw(model.subarray(0, graph.tag));
  writer.raw(graphHead);
  writer.raw(model.subarray(graph.start, node.tag));
  writer.raw(nodeHead);
  writer.raw(model.subarray(node.start, at));
  lists.write(writer);
  writer.raw(model.subarray(at));
  return bytes;
}

/** Where a message is: its content, and the tag before it. */
interface Place {
  readonly start: number;
  readonly end: number;
}

function find(
  bytes: Uint8Array,
  within: Place,
  field: number,
  wanted: (inner: Place) => boolean,
  which: "first" | "last" = "first",
): Place & { readonly tag: number } {
  const reader = new WireReader(bytes, within.start, within.end);
  let found: Place & { readonly tag: number } | undefined;
  while (!reader.done && (found === undefined || which === "last")) {
    const tag = reader.position;
    const { field: number, wire } = reader.tag();
    if (number !== field || wire !== WIRE.bytes) {
      reader.skip(wire);
      continue;
    }
    const start = reader.message().position;
    const place = { tag, start, end: reader.position };
    if (wanted(place)) found = place;
  }
  if (found === undefined) throw new RangeError(`the model has no field ${field} that is wanted`);
  return found;
}

function isEnsemble(bytes: Uint8Array, { start, end }: Place): boolean {
  const reader = new WireReader(bytes, start, end);
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field !== FIELD.opType) reader.skip(wire);
    else return new TextDecoder().decode(reader.bytes()) === ENSEMBLE;
  }
  return false;
}
