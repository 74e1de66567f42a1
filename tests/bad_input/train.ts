/**
 * Data, options and places that a training refuses before it begins.
 *
 * @module
 */

import assert from "node:assert/strict";
import { task } from "../job/task.ts";
import { badData, check, type Mistake } from "./mistake.ts";

Deno.test("train refuses bad input", async (t) => {
  const { folder, data } = await badData();
  const dead = "http://127.0.0.1:9";
  const mistakes: Mistake[] = [
    on("no such file", "absent.parquet", 3, "data.not-found", /absent\.parquet/),
    on("not parquet", "text.parquet", 3, "data.not-parquet", /text\.parquet/),
    on("truncated", "truncated.parquet", 3, "data.not-parquet", /truncated\.parquet/),
    on("corrupt pages", "corrupt.parquet", 3, "data.corrupt", /corrupt\.parquet/),
    on("no rows", "empty.parquet", 3, "data.empty", /empty\.parquet/),
    on("no files", "nothing", 3, "data.empty", /nothing/),
    on("no label", "no-label.parquet", 3, "data.label-missing", /late/),
    on("one class", "constant-label.parquet", 3, "data.label-constant", /late/),
    on("a timestamp label", "timestamp-label.parquet", 3, "data.label-type", /late/),
    on(
      "a continuous label",
      "continuous-label.parquet",
      3,
      "data.label-type",
      /--objective regression/,
    ),
    on("no row to hold out", "few-rows.parquet", 3, "data.too-few-rows", /2 labelled rows/),
    on(
      "no feature but one of too many categories",
      "many-categories.parquet",
      3,
      "data.no-features",
      /place \(10500 categories, more than 10000: put the rare ones .* --min-category-rows/,
    ),
    on(
      "a feature named as an output",
      "taken-name.parquet",
      3,
      "model.name-taken",
      /probability_true/,
    ),
    good("a label that is the key", ["--key-column=late"], 2, "config.column-roles", /late/),
    good("a label to drop", ["--drop-columns=late"], 2, "config.column-roles", /--drop-columns/),
    good("no name of a model", ["--model-name=a/b"], 2, "mlflow.name-invalid", /a\/b/),
    good("no configuration", ["--config=/absent"], 2, "config.file-invalid", /no such file/),
    good(
      "an unknown option",
      ["--n-estimatrs=5"],
      2,
      "config.invalid",
      /did you mean --n-estimators/,
    ),
    good("a value out of range", ["--max-depth=-1"], 2, "config.invalid", /max-depth is "-1"/),
    good("an unknown engine", ["--engine=cart"], 2, "config.invalid", /forest, ml-random-forest/),
    good("a dead server", [`--tracking-uri=${dead}`], 4, "mlflow.unreachable", /127\.0\.0\.1:9/),
    good(
      "an unwritable output",
      [`--output=${data}/good.parquet/x`],
      4,
      "output.not-writable",
      /good\.parquet\/x/,
    ),
    good(
      "an unwritable store",
      [`--tracking-uri=${data}/good.parquet/x`],
      4,
      "mlflow.",
      /good\.parquet\/x/,
    ),
    good(
      "a column to drop that is not there",
      ["--drop-columns=nope"],
      3,
      "data.column-missing",
      /nope/,
    ),
  ];
  for (const mistake of mistakes) {
    await t.step(mistake.about, async () => {
      const result = await task("train", [
        "--label=late",
        "--key-column=flight_id",
        "--n-estimators=2",
        "--model-name=never",
        `--output=${folder}/out`,
        `--tracking-uri=${folder}/mlruns`,
        ...mistake.args,
      ]);
      check(result, mistake);
      await assert.rejects(Deno.stat(`${folder}/out/model`), "a model was written");
      await assert.rejects(Deno.stat(`${folder}/mlruns/0`), "a run was begun");
    });
  }
  await Deno.remove(folder, { recursive: true });

  function on(about: string, file: string, exit: number, code: string, message: RegExp): Mistake {
    return { about, args: [`--train-data=${data}/${file}`], exit, code, message };
  }
  function good(
    about: string,
    args: string[],
    exit: number,
    code: string,
    message: RegExp,
  ): Mistake {
    return { about, args: [`--train-data=${data}/good.parquet`, ...args], exit, code, message };
  }
});
