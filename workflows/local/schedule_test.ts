import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../jobs/lib/errors.ts";
import { readDefinition } from "./definition.ts";
import type { LocalStep } from "./shape.ts";
import { StepFailure } from "./failures.ts";
import { andAfter, dependenciesOf } from "./graph.ts";
import { type ExecutionStatus, runSchedule, type StepStatus } from "./schedule.ts";

interface Played {
  readonly status: ExecutionStatus;
  readonly steps: Readonly<Record<string, StepStatus>>;
  /** Begun, in order. */
  readonly begun: readonly string[];
  readonly mostAtOnce: number;
}

/** Runs a definition whose jobs end by themselves after a few turns of the event loop. */
async function play(
  steps: unknown[],
  { failing = [], outcomes = {}, parallelism = 10, stop }: {
    failing?: readonly string[];
    outcomes?: Readonly<Record<string, boolean>>;
    parallelism?: number;
    stop?: string;
  } = {},
): Promise<Played> {
  const definition = readDefinition(JSON.stringify({ Version: "2020-12-01", Steps: steps }), "d");
  const status: Record<string, StepStatus> = {};
  const begun: string[] = [];
  const controller = new AbortController();
  let running = 0, mostAtOnce = 0;
  const result = await runSchedule({
    steps: definition.steps,
    dependencies: dependenciesOf(definition),
    parallelism,
    signal: controller.signal,
    changed: ({ Name }, now) => {
      status[Name] = now;
    },
    run: async ({ Name, Type }: LocalStep, signal) => {
      begun.push(Name);
      mostAtOnce = Math.max(mostAtOnce, ++running);
      try {
        if (Name === stop) controller.abort();
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        if (Type === "Fail") throw new StepFailure("as told", { final: true });
        if (failing.includes(Name)) throw new StepFailure("broken");
        if (Type === "Condition") return { condition: outcomes[Name] ?? true };
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        signal.throwIfAborted();
        return {};
      } finally {
        running--;
      }
    },
  });
  return { status: result, steps: status, begun, mostAtOnce };
}

const job = (Name: string, ...DependsOn: string[]) => ({ Name, Type: "Processing", DependsOn });
const choice = (
  Name: string,
  IfSteps: unknown[],
  ElseSteps: unknown[],
  ...DependsOn: string[]
) => ({
  Name,
  Type: "Condition",
  DependsOn,
  Arguments: { Conditions: [], IfSteps, ElseSteps },
});
const ending = (Name: string, ...DependsOn: string[]) => ({ Name, Type: "Fail", DependsOn });

Deno.test("runSchedule() runs every step after all that it waits for, never too many at once", async () => {
  const graph = fc.integer({ min: 1, max: 12 }).chain((count) =>
    fc.tuple(
      fc.tuple(...Array.from({ length: count }, (_, index) =>
        fc.uniqueArray(fc.nat({ max: Math.max(0, index - 1) }), { maxLength: index }))),
      fc.integer({ min: 1, max: 4 }),
    )
  );
  await fc.assert(fc.asyncProperty(graph, async ([waits, parallelism]) => {
    const steps = waits.map((before, index) =>
      job(`S${index}`, ...before.map((each) => `S${each}`))
    );
    const played = await play(steps, { parallelism });
    assert.equal(played.status, "Succeeded");
    assert.equal(played.begun.length, steps.length);
    assert.ok(played.mostAtOnce <= parallelism);
    for (const { Name, DependsOn } of steps) {
      for (const before of DependsOn) {
        assert.ok(played.begun.indexOf(before) < played.begun.indexOf(Name));
      }
    }
  }));
});

Deno.test("runSchedule() begins nothing after a failure, and lets what runs end", async () => {
  const { status, steps } = await play(
    [job("Bad"), job("Beside"), job("AfterBad", "Bad"), job("AfterBeside", "Beside")],
    { failing: ["Bad"] },
  );
  assert.equal(status, "Failed");
  assert.equal(steps["Bad"], "Failed");
  assert.equal(steps["Beside"], "Succeeded");
  assert.equal(steps["AfterBad"], undefined);
  assert.equal(steps["AfterBeside"], undefined);
});

Deno.test("runSchedule() takes one branch, and leaves out what waits for the other", async () => {
  const steps = [
    job("First"),
    choice("If", [job("Yes"), choice("Deep", [], [job("DeepNo")])], [job("No")], "First"),
    job("AfterNo", "No"),
    job("AfterIf", "If"),
  ];
  const yes = await play(steps, { outcomes: { If: true, Deep: true } });
  assert.equal(yes.status, "Succeeded");
  assert.deepEqual(yes.steps, {
    First: "Succeeded",
    If: "Succeeded",
    Yes: "Succeeded",
    Deep: "Succeeded",
    DeepNo: "NotChosen",
    No: "NotChosen",
    AfterNo: "NotChosen",
    AfterIf: "Succeeded",
  });
  const no = await play(steps, { outcomes: { If: false } });
  assert.equal(no.steps["AfterNo"], "Succeeded");
  assert.equal(no.steps["DeepNo"], "NotChosen");
});

Deno.test("runSchedule() ends at a Fail step and stops what runs", async () => {
  const { status, steps } = await play([job("Long"), ending("Fail"), job("Next", "Long")]);
  assert.equal(status, "Failed");
  assert.deepEqual(steps, { Long: "Stopped", Fail: "Failed" });
});

Deno.test("runSchedule() is stopped from outside", async () => {
  const { status, steps } = await play([job("A"), job("B", "A")], { stop: "A" });
  assert.equal(status, "Stopped");
  assert.deepEqual(steps, { A: "Stopped" });
});

Deno.test("dependenciesOf() refuses circles and steps that are not there", () => {
  const of = (...Steps: unknown[]) => () =>
    dependenciesOf(readDefinition(JSON.stringify({ Version: "2020-12-01", Steps }), "d"));
  assert.throws(of(job("A", "B"), job("B", "A")), UsageError);
  assert.throws(of(job("A", "C")), UsageError);
  const dependencies = of(job("A"), job("B", "A"), job("C", "B"), job("D", "A"))();
  assert.deepEqual(andAfter("B", dependencies), new Set(["B", "C"]));
});
