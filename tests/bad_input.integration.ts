/** Every way to be wrong ends with a clear message, the right exit code, and nothing half-done. */

import assert from "node:assert/strict";
import { binaryOf, provided, python, task } from "./job/task.ts";

const MODEL = "models:/flights-late@champion";

/** One way to be wrong. */
interface Mistake {
  readonly about: string;
  readonly args: readonly string[];
  readonly exit: number;
  readonly code: string;
  readonly message: RegExp;
}

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

Deno.test("train leaves nothing behind when the disk is full", async () => {
  const { folder, data } = await badData();
  // A limit on file size fails writes as a full disk does, in the middle.
  const { code, stderr } = await new Deno.Command("bash", {
    args: [
      "-c",
      `trap '' XFSZ; ulimit -f 4; exec "$@"`,
      "-",
      // Not by its task, which would give the signal its default meaning back.
      ...binaryOf("train") ?? [Deno.execPath(), "run", "-A", "jobs/training/main.ts", "train"],
      `--train-data=${data}/good.parquet`,
      "--label=late",
      "--n-estimators=20",
      "--model-name=never",
      `--output=${folder}/out`,
      `--tracking-uri=${folder}/mlruns`,
    ],
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json" },
  }).output();
  const log = new TextDecoder().decode(stderr);
  assert.equal(code, 4, log);
  assert.match(log, /Cannot .*(file|disk)/i);
  await assert.rejects(Deno.stat(`${folder}/out/model`));
  await assert.rejects(Deno.stat(`${folder}/mlruns/models/never`));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a log that cannot be written as asked is refused, not guessed", async () => {
  for (const [variable, value] of [["ML_LOG_LEVEL", "loud"], ["ML_LOG_FORMAT", "xml"]] as const) {
    for (const [name, option] of [["train", "--train-data=x"], ["score", "--data=x"]] as const) {
      const args = name === "train" ? [option, "--label=late"] : [option, "--model-uri=x"];
      const { code, log } = await task(name, args, { [variable]: value });
      assert.equal(code, 2, log);
      assert.match(log, new RegExp(`\\$${variable} is .*${value}.* Use one of`));
    }
  }
});

Deno.test("a reader of stdout that goes away ends no training", async () => {
  const { folder, data } = await badData();
  const { code, stderr } = await new Deno.Command("bash", {
    args: [
      "-c",
      `"$@" | true; exit \${PIPESTATUS[0]}`,
      "-",
      ...binaryOf("train") ?? [Deno.execPath(), "task", "--quiet", "train"],
      `--train-data=${data}/good.parquet`,
      "--label=late",
      "--key-column=flight_id",
      "--n-estimators=2",
      "--min-roc-auc=0",
      `--output=${folder}/out`,
      `--tracking-uri=${folder}/mlruns`,
    ],
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const { run_id } = JSON.parse(await Deno.readTextFile(`${folder}/out/model/run.json`));
  const FINISHED = 3;
  assert.match(
    await Deno.readTextFile(`${folder}/mlruns/0/${run_id}/meta.yaml`),
    new RegExp(`^status: ${FINISHED}$`, "m"),
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what fails at the end of a training leaves no version and no champion", async () => {
  const { folder, data } = await badData();
  await Deno.mkdir(`${folder}/out/evaluation.json`, { recursive: true });
  const failed = await task("train", [
    `--train-data=${data}/good.parquet`,
    "--label=late",
    "--key-column=flight_id",
    "--n-estimators=2",
    `--output=${folder}/out`,
    `--tracking-uri=${folder}/mlruns`,
  ]);
  assert.equal(failed.code, 4, failed.log);
  assert.match(failed.log, /"output.not-writable"/);
  await assert.rejects(Deno.stat(`${folder}/mlruns/models/classifier`));
  await Deno.remove(folder, { recursive: true });
});

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

Deno.test("score refuses bad input", async (t) => {
  const { folder, data } = await badData();
  const trackingUri = `${folder}/mlruns`;
  const trained = await task("train", [
    `--train-data=${data}/good.parquet`,
    "--label=late",
    "--key-column=flight_id",
    "--n-estimators=5",
    "--min-roc-auc=0",
    "--model-name=flights-late",
    `--output=${folder}/out`,
    `--tracking-uri=${trackingUri}`,
  ]);
  assert.equal(trained.code, 0, trained.log);
  const dead = "127.0.0.1:9";
  const real = provided("ML_TEST_KAFKA");
  const mistakes: Mistake[] = [
    wrong("no such file", "absent.parquet", MODEL, [], 3, "data.not-found", /absent/),
    wrong("not parquet", "text.parquet", MODEL, [], 3, "data.not-parquet", /text\.parquet/),
    wrong("no rows", "empty.parquet", MODEL, [], 3, "data.empty", /--allow-empty/),
    wrong(
      "columns missing",
      "missing-column.parquet",
      MODEL,
      [],
      3,
      "data.column-missing",
      /carrier.*distance|distance.*carrier/,
    ),
    wrong(
      "columns of another type",
      "other-type.parquet",
      MODEL,
      [],
      3,
      "data.column-type",
      /distance/,
    ),
    wrong(
      "no such model",
      "good.parquet",
      "models:/nope@champion",
      [],
      2,
      "mlflow.model-unknown",
      /nope/,
    ),
    wrong(
      "no such alias",
      "good.parquet",
      "models:/flights-late@best",
      [],
      2,
      "mlflow.alias-unknown",
      /best.*champion/,
    ),
    wrong(
      "no such version",
      "good.parquet",
      "models:/flights-late/9",
      [],
      2,
      "mlflow.version-unknown",
      /9/,
    ),
    wrong(
      "nothing in that stage",
      "good.parquet",
      "models:/flights-late/Staging",
      [],
      2,
      "mlflow.stage-empty",
      /Staging/,
    ),
    wrong(
      "no such stage",
      "good.parquet",
      "models:/flights-late/Prod",
      [],
      2,
      "model.uri-invalid",
      /Production/,
    ),
    wrong(
      "no such run",
      "good.parquet",
      `runs:/${"0".repeat(32)}/model`,
      [],
      2,
      "mlflow.run-unknown",
      /0000/,
    ),
    wrong(
      "a folder that is no bundle",
      "good.parquet",
      data,
      [],
      3,
      "model.not-a-bundle",
      /model\.onnx/,
    ),
    wrong(
      "a dead server",
      "good.parquet",
      MODEL,
      ["--tracking-uri=http://127.0.0.1:9"],
      4,
      "mlflow.unreachable",
      /127/,
    ),
    wrong(
      "a dead broker",
      "good.parquet",
      MODEL,
      [`--kafka-bootstrap-servers=${dead}`],
      4,
      "kafka.unreachable",
      /127\.0\.0\.1:9/,
    ),
    wrong(
      "a missing topic",
      "good.parquet",
      MODEL,
      [`--kafka-bootstrap-servers=${real}`, "--kafka-output-topic=nope"],
      4,
      "kafka.topic-missing",
      /create-topics/,
    ),
    wrong(
      "an unwritable output",
      "good.parquet",
      MODEL,
      [`--output=${data}/good.parquet/x`],
      4,
      "sink.not-writable",
      /good\.parquet/,
    ),
    wrong(
      "an unwritable run state",
      "good.parquet",
      MODEL,
      [`--run-state=${data}/good.parquet/x`],
      4,
      "storage.folder-unusable",
      /good\.parquet/,
    ),
    wrong(
      "no such column for the key",
      "good.parquet",
      MODEL,
      ["--key-column=nope"],
      3,
      "data.column-missing",
      /nope/,
    ),
  ];
  for (const mistake of mistakes) {
    await t.step(mistake.about, async () => {
      const result = await task("score", [
        "--run-id=bad",
        `--run-state=${folder}/runs`,
        `--output=${folder}/predictions`,
        `--tracking-uri=${trackingUri}`,
        ...mistake.args,
      ]);
      check(result, mistake);
      await assert.rejects(Deno.stat(`${folder}/runs/bad/complete.json`));
      await Deno.remove(`${folder}/runs`, { recursive: true }).catch(() => {});
      await assert.rejects(Deno.stat(`${folder}/predictions/bad/_complete.json`));
    });
  }
  await Deno.remove(folder, { recursive: true });

  function wrong(
    about: string,
    file: string,
    model: string,
    more: string[],
    exit: number,
    code: string,
    message: RegExp,
  ): Mistake {
    const args = [`--data=${data}/${file}`, `--model-uri=${model}`, ...more];
    return { about, args, exit, code, message };
  }
});

/** The folder of a version's bundle in a file store. */
async function artifacts(root: string, version: string): Promise<string> {
  const meta = await Deno.readTextFile(`${root}/models/classifier/version-${version}/meta.yaml`);
  const id = /model_id: '?(m-[0-9a-f]+)/.exec(meta)?.[1];
  return `${root}/0/models/${id}/artifacts`;
}

async function badData(): Promise<{ folder: string; data: string }> {
  const folder = await Deno.makeTempDir();
  const data = `${folder}/data`;
  await Deno.mkdir(data);
  await python("tests/bad_input/make_data.py", ["examples/flights/train/2013-01.parquet", data]);
  return { folder, data };
}

function check(result: { code: number; log: string }, mistake: Mistake): void {
  assert.equal(result.code, mistake.exit, result.log);
  const errors = result.log.trimEnd().split("\n").map((line) => JSON.parse(line))
    .filter((line) => line.level === "error");
  assert.equal(errors.length, 1, result.log);
  const { message, code } = errors[0];
  assert.ok(String(code).startsWith(mistake.code), `${code}: ${message}`);
  assert.match(message, /^Cannot .+: .+[.?] .+[.?]$/s);
  assert.match(message, mistake.message);
  assert.doesNotMatch(result.log, /\n\s+at /, "a stack was shown");
}
