import assert from "node:assert/strict";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { DataError } from "../../errors.ts";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
} from "../onnx/gen/onnx-ml_pb.ts";
import { bytesOf } from "../onnx/graph.ts";
import { openForeignModel } from "./mod.ts";

type Graph = MessageInitShape<typeof GraphProtoSchema>;

function model(graph: Graph): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { graph: create(GraphProtoSchema, graph) }),
  );
}

function tensor(name: string, elemType: DataType, ...dims: (number | string)[]) {
  const dim = dims.map((size) => ({
    value: typeof size === "number"
      ? { case: "dimValue" as const, value: BigInt(size) }
      : { case: "dimParam" as const, value: size },
  }));
  const type = { value: { case: "tensorType" as const, value: { elemType, shape: { dim } } } };
  return create(ValueInfoProtoSchema, { name, type });
}

const X = tensor("x", DataType.FLOAT, "N", 2);
const Y = tensor("y", DataType.FLOAT, "N", 1);

/** One tree: x₁ ≤ 0.5 → 1, else 2; a missing value goes right. */
const STUMP = {
  opType: "TreeEnsembleRegressor",
  domain: "ai.onnx.ml",
  input: ["x"],
  output: ["y"],
  attribute: [
    ...Object.entries({
      nodes_treeids: [0n, 0n, 0n],
      // Out of order, and with gaps.
      nodes_nodeids: [7n, 4n, 9n],
      nodes_featureids: [0n, 1n, 0n],
      nodes_truenodeids: [0n, 9n, 0n],
      nodes_falsenodeids: [0n, 7n, 0n],
      target_treeids: [0n, 0n],
      target_nodeids: [7n, 9n],
      target_ids: [0n, 0n],
    }).map(([name, ints]) => ({ name, ints, type: 7 })),
    { name: "nodes_values", floats: [0, 0.5, 0], type: 6 },
    { name: "target_weights", floats: [2, 1], type: 6 },
    { name: "nodes_modes", strings: ["LEAF", "BRANCH_LEQ", "LEAF"].map(bytesOf), type: 8 },
    { name: "n_targets", i: 1n, type: 2 },
  ],
};

Deno.test("openForeignModel() reads trees whose nodes stand in any order", async () => {
  const opened = await openForeignModel(model({ node: [STUMP], input: [X], output: [Y] }));
  assert.equal(opened.engine, "trees");
  assert.deepEqual(opened.description.target, { objective: "regression" });
  const columns = [new Float64Array(3), Float64Array.of(0.5, 0.6, NaN)];
  assert.deepEqual(await opened.predict(columns, 3), [Float32Array.of(1, 2, 2)]);
});

Deno.test("openForeignModel() takes the data's columns where the graph does not say how many", async () => {
  const open = tensor("x", DataType.FLOAT, "N", "F");
  const bytes = model({ node: [STUMP], input: [open], output: [Y] });
  const { description } = await openForeignModel(bytes, 2);
  assert.equal(description.inputs[0]!.width, 2);
  await rejects(bytes, "model.onnx-unusable", /x does not say how many columns/);
});

Deno.test("openForeignModel() says why it cannot use a model", async () => {
  const stump = { node: [STUMP], input: [X], output: [Y] };
  const cases: [RegExp, Graph][] = [
    [/it has no input/, { ...stump, input: [] }],
    [/x has 3 axes/, { ...stump, input: [tensor("x", DataType.FLOAT, 1, 2, 3)] }],
    [/x is of a type that is not fed/, { ...stump, input: [tensor("x", DataType.COMPLEX64, 1)] }],
    [/none of its outputs/, { ...stump, output: [] }],
    [/predicts label, but no probabilities/, {
      ...stump,
      output: [tensor("label", DataType.INT64, "N")],
    }],
    [/does not name the classes/, {
      ...stump,
      output: [tensor("label", DataType.INT64, "N"), Y],
    }],
    [/it has 2 outputs of floats/, { ...stump, output: [Y, tensor("z", DataType.FLOAT, "N")] }],
  ];
  for (const [message, graph] of cases) await rejects(model(graph), "model.onnx-unusable", message);
  await rejects(bytesOf("PAR1 no model"), "model.onnx-invalid", /no ONNX file or a damaged one/);
  await rejects(new Uint8Array(), "model.onnx-invalid", /no ONNX file/);
});

async function rejects(bytes: Uint8Array, code: string, message: RegExp): Promise<void> {
  await assert.rejects(openForeignModel(bytes), (error) => {
    assert.ok(error instanceof DataError, `${error}`);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}
