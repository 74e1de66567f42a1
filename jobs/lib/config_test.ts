import assert from "node:assert/strict";
import {
  choice,
  flag,
  helpText,
  integer,
  lines,
  list,
  nameOperand,
  type Options,
  readConfig,
  text,
} from "./config.ts";
import { UsageError } from "./errors.ts";

const options = {
  trainData: { about: "Training data", hint: "PATH", parse: text(), required: true },
  nEstimators: { about: "Trees", hint: "N", parse: integer(1, 10_000), fallback: "100" },
  engine: { about: "Engine", hint: "a|b", parse: choice("a", "b"), fallback: "a" },
  dropColumns: { about: "Columns to leave out", hint: "A,B", parse: list(), fallback: "" },
  promote: { about: "Promote", hint: "", parse: flag(), fallback: "false" },
  modelName: { about: "Model", hint: "NAME", parse: text() },
  trackingUri: { about: "Server", hint: "URI", parse: text(), env: "MLFLOW_TRACKING_URI" },
  password: { about: "Password", hint: "P", parse: text(), env: "PASSWORD", secret: true },
} satisfies Options;

Deno.test("readConfig() takes flag over environment over hyperparameter over file over default", () => {
  const sources = {
    args: ["--train-data", "d", "--n-estimators=5"],
    env: { ML_N_ESTIMATORS: "6", ML_ENGINE: "b", MLFLOW_TRACKING_URI: "http://u:se@cret@h/x@y" },
    hyperparameters: { n_estimators: "7", engine: "a", model_name: "h", sagemaker_region: "x" },
    file: { n_estimators: 8, model_name: "f", drop_columns: ["x", "y"], promote: true },
    fileName: "c.json",
  };
  const { values, sources: origin, printable } = readConfig(options, sources);
  assert.deepEqual(values, {
    trainData: "d",
    nEstimators: 5,
    engine: "b",
    modelName: "h",
    dropColumns: ["x", "y"],
    promote: true,
    trackingUri: "http://u:se@cret@h/x@y",
  });
  assert.equal(origin.modelName, "hyperparameter");
  assert.equal(printable["tracking_uri"], "http://***@h/x@y");
});

Deno.test("readConfig() reports every mistake at once, without showing secrets", () => {
  const attempt = () =>
    readConfig(options, {
      args: ["--n-estimatrs", "5", "--engine", "c", "--n-estimators", "1.5", "--password", "hush"],
      env: {},
      hyperparameters: { max_dept: "3" },
    });
  assert.throws(attempt, (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.exitCode, 2);
    for (
      const part of [
        "did you mean --n-estimators?",
        'is "c", but it must be one of a, b',
        'is "1.5", but it must be a whole number',
        "max_dept is not a known hyperparameter",
        "--train-data is missing",
      ]
    ) assert.ok(error.message.includes(part), part);
    assert.ok(!error.message.includes("hush"));
    return true;
  });
});

Deno.test("readConfig() takes a whole number however JSON and tuners write it", () => {
  for (const n_estimators of [10, 1e1, "10", "10.0", " +10 "]) {
    const { values } = readConfig(options, {
      args: ["--train-data=d"],
      env: {},
      file: { n_estimators },
    });
    assert.equal(values.nEstimators, 10);
  }
});

Deno.test("readConfig() refuses JSON that no option is, and credentials stay out of the message", () => {
  const attempt = () =>
    readConfig(options, {
      args: ["--train-data=d", "--engine=https://user:hush@host", "//token@host"],
      env: {},
      file: { model_name: null, tracking_uri: { a: 1 }, drop_columns: [["x"]] },
      fileName: "c.json",
    });
  assert.throws(attempt, (error) => {
    assert.ok(error instanceof UsageError);
    for (
      const part of ["model_name is null", 'tracking_uri is {"a":1}', 'drop_columns is [["x"]]']
    ) assert.ok(error.message.includes(part), error.message);
    assert.doesNotMatch(error.message, /hush|user|token/);
    return true;
  });
});

Deno.test("readConfig() masks a secret that is set", () => {
  const { values, printable } = readConfig(options, {
    args: ["--train-data=d"],
    env: { PASSWORD: "hush" },
  });
  assert.equal(values.password, "hush");
  assert.equal(printable["password"], "***");
});

Deno.test("helpText() names every option, its variable and its default", () => {
  const help = helpText("usage", "about", options);
  for (
    const part of [
      "--train-data PATH",
      "required",
      "default 100",
      "$ML_ENGINE",
      "$PASSWORD",
      "--promote",
    ]
  ) assert.ok(help.includes(part), part);
  assert.doesNotMatch(help, /default *,/);
});

Deno.test("readConfig() takes a blank in the environment for nothing, as a pipeline has no other", () => {
  const { values, sources } = readConfig(
    { keyColumn: { about: "", hint: "C", parse: text() } },
    { args: [], env: { ML_KEY_COLUMN: " " }, file: { key_column: "id" } },
  );
  assert.deepEqual(values, { keyColumn: "id" });
  assert.equal(sources.keyColumn, "file");
});

Deno.test("readConfig() keeps all values of an option that may be repeated, and the last of others", () => {
  const repeated = {
    set: { about: "Parameters", hint: "N=V", parse: lines(), many: true },
    model: { about: "Model", hint: "NAME", parse: text() },
  } satisfies Options;
  const args = ["--set", "a=1", "--model=m", "--set=b=2,3", "--model", "n"];
  const { values } = readConfig(repeated, { args, env: {} });
  assert.deepEqual(values, { set: ["a=1", "b=2,3"], model: "n" });
});

Deno.test("nameOperand() names the first argument that is no option and no option's value", () => {
  const name = (...args: string[]) => nameOperand("modelName", args, options);
  assert.deepEqual(name("m", "--promote"), ["--model-name=m", "--promote"]);
  assert.deepEqual(name("--promote", "m"), ["--promote", "--model-name=m"]);
  assert.deepEqual(name("--engine", "b", "--n-estimators=5", "m"), [
    "--engine",
    "b",
    "--n-estimators=5",
    "--model-name=m",
  ]);
  assert.deepEqual(name("--config", "c.json"), ["--config", "c.json"]);
  assert.deepEqual(nameOperand(undefined, ["m"], options), ["m"]);
});
