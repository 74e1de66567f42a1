/** What rules for data do in training and scoring, and what a run says of its data afterwards. */

import assert from "node:assert/strict";
import { task, type TaskResult } from "./job/task.ts";
import { linesOf, shop, workplace } from "./validation/day.ts";

const COLUMNS = ["--label=returned", "--key-column=id", "--time-column=at"];

async function succeed(name: string, args: readonly string[]): Promise<TaskResult> {
  const result = await task(name, args);
  if (result.code !== 0) throw new Error(`${name}: exit ${result.code}\n${result.log}`);
  return result;
}

async function json(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(file));
}

Deno.test("training validate says everything at once, and puts rows aside where that is asked", async () => {
  await using place = await workplace();
  const { folder } = place;
  const data = await shop(`${folder}/rows.parquet`, { rows: 500, seed: 1, negative: [3, 250] });
  const args = [`--data=${data}`, `--constraints=${folder}/constraints.json`, ...COLUMNS];
  const validate = (more: string[]) => task("training", ["validate", ...args, ...more]);

  const failed = await validate([`--report=${folder}/failed`]);
  assert.equal(failed.code, 3);
  assert.match(failed.log, /amount has -1 in 2 rows, but at least 0 is allowed/);
  const { findings } = failed.summary as { findings: Record<string, unknown>[] };
  assert.deepEqual(findings.filter(({ severity }) => severity === "error"), [{
    severity: "error",
    code: "data.value-range",
    column: "amount",
    message: "amount has -1 in 2 rows, but at least 0 is allowed",
    count: 2,
    examples: ["-1"],
  }]);
  assert.deepEqual(await json(`${folder}/failed/validation.json`), failed.summary);
  await assert.rejects(Deno.stat(`${folder}/failed/quarantine.ndjson`));

  const kept = await validate([`--report=${folder}/kept`, "--on-violation=quarantine"]);
  assert.equal(kept.code, 0, kept.log);
  assert.equal(kept.summary["quarantined"], 2);
  const lines = await linesOf(`${folder}/kept/quarantine.ndjson`);
  assert.deepEqual(lines.map(({ file, row, reason }) => [file, row, reason]), [
    [data, 3, "amount is -1, but at least 0 is allowed"],
    [data, 250, "amount is -1, but at least 0 is allowed"],
  ]);
  assert.equal((lines[0]?.["values"] as Record<string, unknown>)["id"], "1-3");

  // What is inferred is where rules of one's own begin, and holds for the same data.
  await succeed("training", [
    ...["validate", `--data=${data}`, ...COLUMNS, `--report=${folder}/again`],
    `--constraints=${folder}/kept/constraints.json`,
  ]);
  await Deno.writeTextFile(`${folder}/constraints.json`, '{"version": 0, "features": [{}]}');
  const bad = await validate([]);
  assert.equal(bad.code, 3);
  assert.match(bad.log, /data\.constraints-invalid.*constraints\.json/);
});

Deno.test("training validate names every file that cannot be read, and judges the others", async () => {
  await using place = await workplace();
  const { folder } = place;
  const days = `${folder}/days`;
  await Deno.mkdir(days);
  const whole = await shop(`${days}/a.parquet`, { rows: 500, seed: 1 });
  const bytes = await Deno.readFile(whole);
  await Deno.writeFile(`${days}/b-cut.parquet`, bytes.subarray(0, 2000));
  await Deno.writeFile(`${days}/c-pages.parquet`, bytes.slice().fill(0xff, 100, 3000));
  await Deno.writeFile(`${days}/d-empty.parquet`, new Uint8Array());
  await Deno.writeFile(`${days}/e-pages.parquet`, bytes.slice().fill(0xff, 100, 3000));
  await shop(`${days}/f.parquet`, { rows: 400, seed: 2, negative: [7] });
  const broken = ["b-cut", "d-empty", "c-pages", "e-pages"].map((name) =>
    `${days}/${name}.parquet`
  );
  const validate = (more: string[]) =>
    task("training", [
      "validate",
      `--data=${days}`,
      ...COLUMNS,
      `--report=${folder}/report`,
      ...more,
    ]);

  const all = await validate([]);
  assert.equal(all.code, 3);
  assert.match(all.log, /data\.invalid/);
  assert.match(all.log, /4 things are wrong: .*b-cut.*d-empty.*c-pages.*e-pages/);
  assert.equal(all.summary["rows"], 900);
  const found = all.summary["findings"] as Record<string, unknown>[];
  const errors = found.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors.map(({ file, code, count }) => [file, code, count]), [
    [broken[0], "data.not-parquet", 0],
    [broken[1], "data.not-parquet", 0],
    [broken[2], "data.corrupt", 500],
    [broken[3], "data.corrupt", 500],
  ]);
  // What a rule says of the rows that can be read stands beside it.
  const ruled = await validate([`--constraints=${folder}/constraints.json`]);
  assert.match(ruled.log, /data\.rejected/);
  assert.match(ruled.log, /b-cut.*e-pages.*amount has -1 in 1 rows/);
  const trained = await task("train", [
    `--train-data=${days}`,
    ...COLUMNS,
    `--output=${folder}/out`,
  ]);
  assert.equal(trained.code, 3);
  assert.match(trained.log, /2 things are wrong: .*b-cut.*d-empty.*data\.not-parquet/);

  for (const file of broken.slice(0, 2)) await Deno.remove(file);
  const again = await task("train", [`--train-data=${days}`, ...COLUMNS, `--output=${folder}/out`]);
  assert.match(again.log, /2 things are wrong: .*c-pages.*e-pages.*data\.corrupt/);

  for (let file = 0; file < 40; file++) await Deno.copyFile(broken[2]!, `${days}/p${file}.parquet`);
  const many = await validate([`--constraints=${folder}/constraints.json`]);
  assert.match(many.log, /there may be more: reading ended after 20 problems/);
  for (const file of [whole, `${days}/f.parquet`]) await Deno.remove(file);
  const none = await validate([]);
  assert.equal(none.code, 3);
  assert.match(none.log, /20 things and perhaps more are wrong/);
});

Deno.test("evaluate measures on the very rows that train held out, however they were chosen", async () => {
  await using place = await workplace();
  const { folder } = place;
  const data = await shop(`${folder}/rows.parquet`, {
    rows: 600,
    seed: 2,
    negative: [5, 6, 7, 400],
  });
  for (
    const [name, options] of Object.entries({
      quarantine: [`--constraints=${folder}/constraints.json`, "--on-violation=quarantine"],
      time: ["--split=time"],
      group: ["--split=group", "--group-column=shop"],
    })
  ) {
    const output = `${folder}/${name}`;
    const store = `--tracking-uri=${folder}/mlruns`;
    const trained = await task("train", [
      ...[`--train-data=${data}`, ...COLUMNS, "--n-estimators=5", "--stages=train"],
      ...[`--output=${output}`, store, ...options],
    ]);
    assert.equal(trained.code, 0, trained.log);
    const evaluated = await succeed("training", [
      ...["evaluate", `--model=${output}/model`, `--train-data=${data}`],
      ...[`--output=${output}/evaluated`, store],
    ]);
    assert.deepEqual(evaluated.summary["metrics"], trained.summary["metrics"], name);
    if (name !== "quarantine") continue;
    assert.equal(trained.summary["quarantined"], 4);
    assert.equal((await linesOf(`${output}/quarantine.ndjson`)).length, 4);
    // The rules travel with the model as they were written.
    const own = JSON.parse(await Deno.readTextFile(`${folder}/constraints.json`));
    assert.deepEqual(
      (await json(`${output}/model/baseline/constraints.json`))["features"],
      own.features,
    );
  }
  const unnamed = await task("train", [`--train-data=${data}`, ...COLUMNS, "--split=group"]);
  assert.equal(unnamed.code, 2);
  assert.match(unnamed.log, /config\.split-column.*--group-column/);
});

/** Files of shop data, two of whose rows break a rule, and a model whose rules they are. */
async function scoring(folder: string): Promise<{ data: string; args: string[] }> {
  const training = await shop(`${folder}/training.parquet`, { rows: 600, seed: 3 });
  await succeed("train", [
    ...[`--train-data=${training}`, ...COLUMNS, "--n-estimators=5", "--max-depth=4"],
    ...[`--constraints=${folder}/constraints.json`, "--drop-columns=at"],
    ...[`--output=${folder}/out`, `--tracking-uri=${folder}/mlruns`],
  ]);
  const data = `${folder}/day`;
  await Deno.mkdir(data);
  await shop(`${data}/a.parquet`, { rows: 700, seed: 4, negative: [2, 650] }, false);
  await shop(`${data}/b.parquet`, { rows: 400, seed: 5 }, false);
  const args = [
    ...[`--data=${data}`, `--model-uri=${folder}/out/model`, `--run-state=${folder}/runs`],
    ...[`--output=${folder}/predictions`, "--scheduled-time=2026-03-02T06:00:00Z"],
    "--batch-size=100",
  ];
  return { data, args };
}

Deno.test("rows that break a rule of the model are dead letters, published, or stop the run, as told", async () => {
  await using place = await workplace();
  const { folder } = place;
  const { data, args } = await scoring(folder);
  const score = (run: string, more: string[] = []) =>
    task("score", [...args, `--run-id=${run}`, ...more]);

  const aside = await score("aside", ["--on-violation=quarantine"]);
  assert.equal(aside.code, 0, aside.log);
  assert.deepEqual([aside.summary["accepted"], aside.summary["dead"]], [1_098, 2]);
  const letters: unknown[] = [];
  for await (const { name } of Deno.readDir(`${folder}/predictions/aside/dead-letter`)) {
    letters.push(...await linesOf(`${folder}/predictions/aside/dead-letter/${name}`));
  }
  const told = letters.map((each) => (each as { value: Record<string, unknown> }).value)
    .sort((a, b) => Number(a["row"]) - Number(b["row"]));
  assert.deepEqual(told.map(({ id, row, reason }) => [id, row, reason]), [
    ["4-2", 2, "amount is -1, but at least 0 is allowed"],
    ["4-650", 650, "amount is -1, but at least 0 is allowed"],
  ]);
  const { violations } = await json(`${folder}/runs/aside/constraint_violations.json`) as {
    violations: Record<string, unknown>[];
  };
  const [range] = violations.filter(({ feature_name }) => feature_name === "amount");
  assert.deepEqual([range?.["constraint_check_type"], range?.["severity"], range?.["count"]], [
    "value_range_check",
    "warning",
    2,
  ]);

  const published = await score("published");
  assert.deepEqual([published.summary["accepted"], published.summary["dead"]], [1_100, 0]);
  const stopped = await score("stopped", ["--on-violation=fail"]);
  assert.equal(stopped.code, 3);
  assert.match(
    stopped.log,
    /row 2 of .*a\.parquet breaks a rule: amount is -1.*data\.row-rejected/,
  );
  // What is dead is settled when the run is begun; an option later changes nothing.
  const other = await score("stopped", ["--on-violation=quarantine"]);
  assert.equal(other.code, 2);
  assert.match(other.log, /--on-violation is quarantine.*run\.contradiction/);

  const check = (more: string[]) =>
    task("inference", [
      ...["check", `--data=${data}`, `--model-uri=${folder}/out/model`],
      ...[`--run-state=${folder}/runs`, `--output=${folder}/predictions`],
      ...["--run-id=checked", `--report=${folder}/check`, ...more],
    ]);
  const refused = await check([]);
  assert.equal(refused.code, 3);
  assert.match(refused.log, /amount has -1 in 2 rows/);
  const passed = await check(["--on-violation=quarantine"]);
  assert.equal(passed.code, 0, passed.log);
  assert.match(await Deno.readTextFile(`${folder}/check/report.html`), /amount has -1 in 2 rows/);
});

Deno.test("killed anywhere and resumed, a run counts each row of its data once", async () => {
  await using place = await workplace();
  const { folder } = place;
  const { args } = await scoring(folder);
  const argsOf = (run: string, more: string[] = []) => [
    ...[...args, `--run-id=${run}`, "--on-violation=quarantine", ...more],
  ];
  const whole = await killedAt(0, argsOf("whole"));
  const steps = Number(/steps (\d+)/.exec(whole)?.[1]);
  assert.ok(steps > 30, whole);
  const expected = await seen("whole");
  assert.equal(expected.rows, 1_100);
  const stride = Deno.env.has("ML_TEST_EXTENDED") ? 1 : Math.ceil(steps / 5);
  for (let step = 7; step <= steps; step += stride) {
    await killedAt(step, argsOf(`step-${step}`));
    await succeed("score", argsOf(`step-${step}`));
    assert.deepEqual(await seen(`step-${step}`), expected, `step ${step}`);
  }
  // Two processes, a shard each: the one that ends last says what the whole run looks like.
  await succeed("score", argsOf("shards", ["--shard=0/2"]));
  await killedAt(Math.ceil(steps / 2), argsOf("shards", ["--shard=1/2"]));
  await succeed("score", argsOf("shards", ["--shard=1/2"]));
  assert.deepEqual(await seen("shards"), expected);

  /** What a run says of its data, without what adding in another order rounds differently. */
  async function seen(run: string) {
    const statistics = await json(`${folder}/runs/${run}/statistics.json`) as {
      dataset: { item_count: number };
      features: {
        name: string;
        numerical_statistics?: { common: unknown; min: number; max: number; sum: number };
        string_statistics?: { common: unknown; distribution: unknown };
      }[];
    };
    const drift = await json(`${folder}/runs/${run}/drift.json`);
    const places = (_: string, value: unknown) =>
      typeof value === "number" ? Number(value.toFixed(6)) : value;
    return JSON.parse(JSON.stringify({
      rows: statistics.dataset.item_count,
      features: statistics.features.map(({ name, numerical_statistics: n, string_statistics }) => [
        ...[name, n?.common, n?.min, n?.max, n?.sum],
        ...[string_statistics?.common, string_statistics?.distribution],
      ]),
      drift,
      violations: await json(`${folder}/runs/${run}/constraint_violations.json`),
    }, places));
  }
});

/** Runs `score` in a process that is killed at a step; 0 for none. Gives what it prints. */
async function killedAt(step: number, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", "tests/runs/score_killed.ts", `${step}`, ...args],
    env: { ML_LOG_LEVEL: "error" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("with --on-drift fail nothing is scored without a check that let this very data pass", async () => {
  await using place = await workplace();
  const { folder } = place;
  const { args } = await scoring(folder);
  const moved = `${folder}/moved`;
  await Deno.mkdir(moved);
  await shop(`${moved}/a.parquet`, { rows: 700, seed: 6, shift: 40 }, false);
  const on = (run: string, data: string, more: string[] = []) => [
    ...[...args.slice(1, -1), `--data=${data}`, `--run-id=${run}`, "--on-violation=warn", ...more],
  ];
  const check = (run: string, data: string, more: string[] = []) =>
    task("inference", ["check", `--report=${folder}/check`, ...on(run, data, more)]);
  const score = (run: string, data: string, more: string[] = []) =>
    task("score", on(run, data, ["--on-drift=fail", ...more]));
  const codeOf = ({ log }: TaskResult) =>
    log.trimEnd().split("\n").map((line) => JSON.parse(line).code).findLast((code) => code);

  const unchecked = await score("usual", `${folder}/day`);
  assert.deepEqual([unchecked.code, codeOf(unchecked)], [2, "run.not-checked"]);
  await assert.rejects(Deno.stat(`${folder}/runs/usual`), "a run was begun");
  assert.equal((await check("usual", `${folder}/day`, ["--on-drift=fail"])).code, 0);
  const usual = await score("usual", `${folder}/day`);
  assert.equal(usual.code, 0, usual.log);
  assert.deepEqual((usual.summary["data"] as Record<string, unknown>)["drifted"], []);

  const stopped = await check("moved", moved, ["--on-drift=fail"]);
  assert.deepEqual([stopped.code, codeOf(stopped)], [3, "data.rejected"]);
  assert.match(stopped.log, /amount has moved.*probability_true has moved/);
  assert.deepEqual(codeOf(await score("moved", moved)), "run.not-checked");
  // A lenient check settles the run, and says what has moved; that is for score to refuse.
  assert.equal((await check("moved", moved)).code, 0);
  const refused = await score("moved", moved);
  assert.deepEqual([refused.code, codeOf(refused)], [3, "run.drifted"]);
  assert.match(refused.log, /amount has moved/);
  assert.equal((await score("moved", moved, ["--drift-threshold=90"])).code, 0);
  assert.match(await Deno.readTextFile(`${folder}/runs/moved/report.html`), /probability_true/);
});

Deno.test("the drifted day of the example is caught, and the real one is not", async () => {
  await using place = await workplace();
  const { folder } = place;
  const trained = await task("train", [
    ...["--config=examples/flights/config.json", "--n-estimators=5"],
    ...[`--output=${folder}/out`, `--tracking-uri=${folder}/mlruns`],
  ]);
  assert.equal(trained.code, 0, trained.log);
  const check = (days: string) =>
    task("inference", [
      ...["check", `--data=examples/flights/${days}/day=2013-10-01`, `--run-id=${days}`],
      ...[`--model-uri=${folder}/out/model`, `--run-state=${folder}/runs`],
      ...[`--output=${folder}/predictions`, `--report=${folder}/${days}`],
    ]);
  assert.equal((await check("score")).code, 0);
  const drifted = await check("drifted");
  assert.equal(drifted.code, 3);
  assert.match(drifted.log, /carrier has a value in 66\.\d % of the rows, at least 95\.0 %/);
  const names = drifted.summary["drifted"] as string[];
  const usual = (await json(`${folder}/score/check.json`))["drifted"] as string[];
  assert.deepEqual(["carrier", "distance"].filter((name) => usual.includes(name)), []);
  assert.deepEqual(["carrier", "distance", "temp"].filter((name) => !names.includes(name)), []);
});
