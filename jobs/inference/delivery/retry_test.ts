import assert from "node:assert/strict";
import fc from "fast-check";
import { DataError, DependencyError, UsageError } from "../../lib/errors.ts";
import { silentLog } from "../../lib/log.ts";
import { fakeClock } from "./fake_clock.ts";
import { type Attempt, retrying } from "./retry.ts";

Deno.test("retrying() goes on as long as failures come within its patience", async () => {
  const { clock, run } = setUp(600_000);
  const result = await run(({ failures }) =>
    failures < 9 ? Promise.reject(away()) : Promise.resolve(failures)
  );
  assert.equal(result, 9);
  assert.equal(clock.waits.length, 9);
});

Deno.test("retrying() gives up within its patience, and at once without any", async () => {
  await fc.assert(fc.asyncProperty(fc.nat({ max: 3_600_000 }), async (patience) => {
    const { clock, run } = setUp(patience);
    await assert.rejects(run(() => Promise.reject(away())), DependencyError);
    assert.ok(clock.now() <= patience);
    assert.ok(patience > 0 || clock.waits.length === 0);
    assert.ok(patience - clock.now() <= 30_000);
  }));
});

Deno.test("retrying() has patience anew after progress", async () => {
  const { clock, run } = setUp(10_000);
  const result = await run(({ failures, progressed }) => {
    clock.pass(9_000);
    progressed();
    return failures < 50 ? Promise.reject(away()) : Promise.resolve("done");
  });
  assert.equal(result, "done");
  assert.ok(clock.waits.every((wait) => wait <= 1_000));
});

Deno.test("retrying() does not repeat what cannot pass", async () => {
  const complaint = { cannot: "x", found: "y", todo: "z" };
  const errors = [
    new DataError({ ...complaint, code: "data.corrupt" }),
    new UsageError({ ...complaint, code: "run.contradiction" }),
    new DependencyError({ ...complaint, code: "kafka.unauthorised" }),
    new DependencyError({ ...complaint, code: "publishing.progress-vanished" }),
    new DependencyError({ ...complaint, code: "kafka.transaction-hanging" }),
    new DependencyError({ ...complaint, code: "kafka.message-limit" }),
    new TypeError("a bug"),
  ];
  for (const error of errors) {
    const { clock, run } = setUp(3_600_000);
    await assert.rejects(run(() => Promise.reject(error)), error);
    assert.deepEqual(clock.waits, []);
  }
});

Deno.test("retrying() ends when it is stopped", async () => {
  const stop = new AbortController();
  const { run } = setUp(3_600_000, stop.signal);
  await assert.rejects(
    run(() => {
      stop.abort(new Error("stopped"));
      return Promise.reject(away());
    }),
    /stopped/,
  );
});

function setUp(patience: number, signal = new AbortController().signal) {
  const clock = fakeClock();
  const options = { patience, clock, log: silentLog, signal, random: () => 1 };
  return {
    clock,
    run: <T>(attempt: (attempt: Attempt) => Promise<T>) => retrying(attempt, options),
  };
}

function away(): DependencyError {
  return new DependencyError({ code: "kafka.unreachable", cannot: "x", found: "y", todo: "z" });
}
