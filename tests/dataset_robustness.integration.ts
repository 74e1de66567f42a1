/** Parquet files that are broken in every way: each ends in data or in an error that says where. */

import assert from "node:assert/strict";
import { print } from "../scripts/services/output.ts";
import { fuzz } from "./dataset/fuzz/run.ts";
import { folderFrom } from "./dataset/python.ts";

const EXTENDED = Deno.env.get("ML_TEST_EXTENDED") === "1";

Deno.test("reading a mutated file ends in data or an error of the data, in time and memory", async () => {
  await using seeds = await folderFrom("dataset/fuzz/seeds.py");
  const cases = EXTENDED ? 20_000 : 1_000;
  const first = Number(Deno.env.get("ML_TEST_SEED") ?? 1);
  print(`seeds ${first} to ${first + cases - 1}; ML_TEST_SEED begins elsewhere`);
  const { endings, failures } = await fuzz(seeds.path, first, first + cases);
  print(JSON.stringify(Object.fromEntries(endings)));
  assert.deepEqual(failures, []);
  assert.ok((endings.get("data.corrupt") ?? 0) > cases / 4);
  assert.ok((endings.get("data") ?? 0) > cases / 20);
});
