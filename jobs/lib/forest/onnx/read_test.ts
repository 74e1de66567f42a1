import assert from "node:assert/strict";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { encodedMatrix, encoding, noiseForest } from "../../../../tests/forest/model.ts";
import type { Encoding } from "../../dataset/mod.ts";
import { DataError } from "../../errors.ts";
import { predict } from "../predict.ts";
import { type AttributeProto, type ModelProto, ModelProtoSchema } from "./gen/onnx-ml_pb.ts";
import { readOnnx } from "./read.ts";
import { writeOnnx } from "./write.ts";

const META = { producer: "test", version: "1" };

const MODEL: Encoding = {
  schema: {
    version: 1,
    target: { objective: "classification", label: "y", kind: "string", classes: ["a", "b", "c"] },
    features: [
      { name: "x", kind: "number", type: "double" },
      { name: "color", kind: "categorical", type: "string" },
      { name: "at", kind: "timestamp", type: "timestamp", parts: ["month", "hour"] },
    ],
    dropped: [],
  },
  categories: new Map([["color", ["red", "nan"]]]),
};

const BYTES = writeOnnx(await noiseForest(MODEL, 5), MODEL, META);

/** The model with something changed. */
function changed(change: (model: ModelProto, attribute: (name: string) => AttributeProto) => void) {
  const model = fromBinary(ModelProtoSchema, BYTES);
  const nodes = model.graph!.node;
  change(model, (name) => nodes.flatMap((n) => n.attribute).find((each) => each.name === name)!);
  return toBinary(ModelProtoSchema, model);
}

function rejects(bytes: Uint8Array, code: string, message: RegExp, schema = MODEL.schema): void {
  assert.throws(() => readOnnx(bytes, schema), (error) => {
    assert.ok(error instanceof DataError, `${error}`);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("readOnnx() reads what writeOnnx() wrote, to the bit", async () => {
  const property = fc.asyncProperty(encoding(), fc.nat(1000), async (model, seed) => {
    const forest = await noiseForest(model, seed);
    const read = readOnnx(writeOnnx(forest, model, META), model.schema);
    assert.deepEqual(read.forest, forest);
    assert.deepEqual(read.encoding, model);
    const rows = encodedMatrix(model, 50, seed + 1);
    assert.deepEqual(predict(read.forest, rows), predict(forest, rows));
  });
  await fc.assert(property, { numRuns: 100 });
});

Deno.test("readOnnx() refuses bytes that are no model", () => {
  rejects(new TextEncoder().encode("PAR1 not a model"), "model.onnx-invalid", /not an ONNX file/);
  rejects(BYTES.subarray(0, BYTES.length / 2), "model.onnx-invalid", /not an ONNX file/);
  rejects(new Uint8Array(), "model.onnx-foreign", /its producer is not named/);
});

Deno.test("readOnnx() refuses a model that someone else wrote, or another version", () => {
  const foreign = changed((model) => {
    model.metadataProps = [];
    model.producerName = "skl2onnx";
  });
  rejects(foreign, "model.onnx-foreign", /its producer is skl2onnx/);
  const newer = changed((model) => {
    model.metadataProps[0]!.value = "2";
  });
  rejects(newer, "model.onnx-foreign", /its layout is 2, not 1/);
});

Deno.test("readOnnx() refuses a model of another schema", () => {
  const { features } = MODEL.schema;
  const other = (changes: object) => ({ ...MODEL.schema, ...changes });
  rejects(
    BYTES,
    "model.onnx-invalid",
    /input 3 is at .* no more features/,
    other({
      features: features.slice(0, 2),
    }),
  );
  rejects(
    BYTES,
    "model.onnx-invalid",
    /input 1 is x .* has color/,
    other({
      features: features.slice(1),
    }),
  );
  const target = { ...MODEL.schema.target, classes: ["a", "b", "d"] };
  rejects(BYTES, "model.onnx-invalid", /nodes around the trees/, other({ target }));
});

Deno.test("readOnnx() says which node of which tree is wrong", () => {
  type Change = Parameters<typeof changed>[0];
  const cases: [RegExp, Change][] = [
    [/left child of node 0 of tree 0 is 0, not one of 1 to/, (_, attribute) => {
      attribute("nodes_truenodeids").ints[0] = 0n;
    }],
    [
      /right child of node 0 of tree 0 is 4611686018427387904/,
      (_, attribute) => {
        attribute("nodes_falsenodeids").ints[0] = 2n ** 62n;
      },
    ],
    [/a child of node 0 of tree 0 has two parents/, (_, attribute) => {
      attribute("nodes_falsenodeids").ints[0] = attribute("nodes_truenodeids").ints[0]!;
    }],
    [/the feature of node 0 of tree 0 is 4, not one of 0 to 3/, (_, attribute) => {
      attribute("nodes_featureids").ints[0] = 4n;
    }],
    [/the feature of node 0 of tree 0 is -1/, (_, attribute) => {
      attribute("nodes_featureids").ints[0] = -1n;
    }],
    [/the threshold of node 0 of tree 0 is NaN/, (_, attribute) => {
      attribute("nodes_values").floats[0] = NaN;
    }],
    [/the missing side of node 0 of tree 0 is 2/, (_, attribute) => {
      attribute("nodes_missing_value_tracks_true").ints[0] = 2n;
    }],
    [/node 0 of tree 0 has the mode "BRANCH_GT"/, (_, attribute) => {
      attribute("nodes_modes").strings[0] = new TextEncoder().encode("BRANCH_GT");
    }],
    [/node \d+ of tree 0 has no parent before it|a child of node/, (_, attribute) => {
      attribute("nodes_modes").strings[0] = new TextEncoder().encode("LEAF");
    }],
    [/node 1 of tree 0 has the number 7/, (_, attribute) => {
      attribute("nodes_nodeids").ints[1] = 7n;
    }],
    [/tree 9 stands where tree 0 should/, (_, attribute) => {
      attribute("nodes_treeids").ints[0] = 9n;
    }],
    [/nodes_values ends too early/, (_, attribute) => {
      attribute("nodes_values").floats.pop();
    }],
    [/value 0 is Infinity/, (_, attribute) => {
      attribute("target_weights").floats[0] = Infinity;
    }],
    [/value 0 is -1, no part of a probability/, (_, attribute) => {
      attribute("target_weights").floats[0] = -1;
    }],
    [/the target of value 0 is 3, not one of 0 to 2/, (_, attribute) => {
      attribute("target_ids").ints[0] = 3n;
    }],
    [/value 0 is not in a leaf/, (_, attribute) => {
      attribute("target_nodeids").ints[0] = 0n;
    }],
    [/value \d+ is out of order or there twice/, (_, attribute) => {
      attribute("target_nodeids").ints[1] = attribute("target_nodeids").ints[0]!;
      attribute("target_ids").ints[1] = attribute("target_ids").ints[0]!;
    }],
    [/value \d+ is of tree 77/, (_, attribute) => {
      attribute("target_treeids").ints[1] = 77n;
    }],
    [/the attribute nodes_values is missing/, (model) => {
      const node = model.graph!.node.find(({ opType }) => opType === "TreeEnsembleRegressor")!;
      node.attribute = node.attribute.filter(({ name }) => name !== "nodes_values");
    }],
    [/nodes around the trees/, (_, attribute) => {
      attribute("nodes_values").name = "base_values";
    }],
    [/the categories of color are not distinct/, (_, attribute) => {
      const { strings } = attribute("keys_strings");
      strings[2] = strings[1]!;
    }],
    [/a category of color is not UTF-8/, (_, attribute) => {
      attribute("keys_strings").strings[1] = Uint8Array.of(0xff);
    }],
    [/nodes around the trees/, (_, attribute) => {
      attribute("values_floats").floats[1] = 9;
    }],
    [/nodes around the trees/, (model) => {
      const day = model.graph!.initializer.find(({ int64Data }) =>
        int64Data[0] === 86_400_000_000n
      );
      day!.int64Data[0] = 86_400_000_001n;
    }],
    [/its operators are not those of its layout/, (model) => {
      model.opsetImport[0]!.version = 13n;
    }],
    [/it has no trees/, (model) => {
      model.graph!.node = [];
    }],
  ];
  for (const [message, change] of cases) {
    rejects(changed(change), "model.onnx-invalid", message);
  }
});

Deno.test("readOnnx() of damaged bytes gives a whole forest or an error, never anything else", () => {
  const flip = fc.tuple(fc.nat(BYTES.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(flip, { minLength: 1, maxLength: 3 }), (flips) => {
      const bytes = BYTES.slice();
      for (const [at, value] of flips) bytes[at] = value;
      try {
        const { forest } = readOnnx(bytes, MODEL.schema);
        const outputs = predict(forest, encodedMatrix(MODEL, 20, 1));
        assert.ok(outputs.every((output) => output.every(Number.isFinite)));
      } catch (error) {
        assert.ok(error instanceof DataError && error.code.startsWith("model.onnx-"), `${error}`);
      }
    }),
    { numRuns: 2000 },
  );
});
