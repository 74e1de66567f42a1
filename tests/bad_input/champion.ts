/**
 * Champions that a mistake must not cost.
 *
 * @module
 */

import assert from "node:assert/strict";
import { task } from "../job/task.ts";
import { badData, check } from "./mistake.ts";

Deno.test("train replaces no champion that it could not read", async () => {
  const { folder, data } = await badData();
  const train = (seed: number) =>
    task("train", [
      `--train-data=${data}/good.parquet`,
      "--label=late",
      "--key-column=flight_id",
      "--n-estimators=2",
      "--min-roc-auc=0",
      `--seed=${seed}`,
      `--output=${folder}/out`,
      `--tracking-uri=${folder}/mlruns`,
    ]);
  assert.equal((await train(1)).code, 0);
  // What a network share in trouble does: there, but no folder.
  const bundle = await artifacts(`${folder}/mlruns`, "1");
  await Deno.rename(bundle, `${bundle}.away`);
  await Deno.writeTextFile(bundle, "");
  const failed = await train(2);
  assert.equal(failed.code, 4, failed.log);
  assert.match(failed.log, /"mlflow.store-unusable"/);
  const model = `${folder}/mlruns/models/classifier`;
  assert.equal(await Deno.readTextFile(`${model}/aliases/champion`), "1");
  await assert.rejects(Deno.stat(`${model}/version-2`));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("training promote refuses versions that would not load, and leaves the champion", async (t) => {
  const { folder, data } = await badData();
  const tracking = `--tracking-uri=${folder}/mlruns`;
  for (const seed of [1, 2]) {
    const trained = await task("train", [
      `--train-data=${data}/good.parquet`,
      "--label=late",
      "--key-column=flight_id",
      "--n-estimators=5",
      "--min-roc-auc=0",
      "--gate-min-gain=-1",
      `--seed=${seed}`,
      `--output=${folder}/out`,
      tracking,
    ]);
    assert.equal(trained.code, 0, trained.log);
  }
  const onnx = `${await artifacts(`${folder}/mlruns`, "1")}/model.onnx`;
  const [first, ...rest] = await Deno.readFile(onnx);
  const mistakes: [string, string[], number, string, RegExp][] = [
    ["no such model", ["--model=nope", "--version=1"], 2, "mlflow.model-unknown", /classifier/],
    ["no such version", ["--model=classifier", "--version=9"], 2, "mlflow.version-unknown", /1, 2/],
    ["other bytes", ["--model=classifier", "--version=1"], 3, "model.digest-mismatch", /SHA-256/],
  ];
  await Deno.writeFile(onnx, Uint8Array.of(first! ^ 1, ...rest));
  for (const [about, args, exit, code, message] of mistakes) {
    await t.step(about, async () => {
      const result = await task("training", ["promote", ...args, tracking]);
      check(result, { about, args, exit, code, message });
    });
  }
  assert.equal(
    await Deno.readTextFile(`${folder}/mlruns/models/classifier/aliases/champion`),
    "2",
  );
  await Deno.remove(folder, { recursive: true });
});

/** The folder of a version's bundle in a file store. */
async function artifacts(root: string, version: string): Promise<string> {
  const meta = await Deno.readTextFile(`${root}/models/classifier/version-${version}/meta.yaml`);
  const id = /model_id: '?(m-[0-9a-f]+)/.exec(meta)?.[1];
  return `${root}/0/models/${id}/artifacts`;
}
