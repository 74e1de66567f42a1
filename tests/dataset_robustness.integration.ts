/** Parquet files that are broken in every way: each ends in data or in an error that says where. */

import assert from "node:assert/strict";
import { print } from "../scripts/services/output.ts";
import { assertAsAnswered } from "./dataset/answers.ts";
import { fuzz } from "./dataset/fuzz/run.ts";
import { assertAsPandas, DISTINCT_ERROR } from "./dataset/pandas_statistics.ts";
import { folderFrom } from "./dataset/python.ts";

/** Names a Python with all that writes parquet. */
const WRITERS = "ML_TEST_PYTHON_WRITERS";
const EXTENDED = Deno.env.get("ML_TEST_EXTENDED") === "1";
const SEED = Number(Deno.env.get("ML_TEST_SEED") ?? 1);

Deno.test("reading a mutated file ends in data or an error of the data, in time and memory", async () => {
  await using seeds = await folderFrom("dataset/fuzz/seeds.py", { variable: WRITERS });
  const cases = EXTENDED ? 20_000 : 1_000;
  print(`seeds ${SEED} to ${SEED + cases - 1}; ML_TEST_SEED begins elsewhere`);
  const { endings, failures } = await fuzz(seeds.path, SEED, SEED + cases);
  print(JSON.stringify(Object.fromEntries(endings)));
  assert.deepEqual(failures, []);
  assert.ok((endings.get("data.corrupt") ?? 0) > cases / 4);
  assert.ok((endings.get("data") ?? 0) > cases / 20);
});

Deno.test("readTable() reads what any writer writes as pyarrow does, value for value", async (t) => {
  const [size, tables] = EXTENDED ? ["large", 1_000] as const : ["small", 30] as const;
  const args = [size, `${tables}`, `${SEED}`];
  await using folder = await folderFrom("dataset/matrix.py", { args, variable: WRITERS });
  const cases = folder.names.filter((name) => name.endsWith(".json"));
  print(`${cases.length} files, random tables from seed ${SEED}`);
  for (const name of cases) await t.step(name, () => assertAsAnswered(folder.path, name));
});

Deno.test("statisticsOf() says what pandas does, within the errors that are stated", async () => {
  const errors: number[] = [];
  for (let seed = SEED; seed < SEED + (EXTENDED ? 20 : 1); seed++) {
    const args = [EXTENDED ? "1000000" : "150000", `${seed}`];
    await using folder = await folderFrom("dataset/pandas_statistics.py", {
      args,
      variable: WRITERS,
    });
    print(`seed ${seed}`);
    errors.push(...await assertAsPandas(folder.path));
  }
  if (!EXTENDED) return;
  const usual = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  print(`distinct values: ${(100 * usual).toFixed(2)} % off, of ${errors.length} columns`);
  assert.ok(usual < 1.3 * DISTINCT_ERROR);
});
