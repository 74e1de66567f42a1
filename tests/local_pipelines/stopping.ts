/**
 * Jobs that fail, and that are stopped.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execute, JOB, jobsBelow, start, stepOf } from "./run.ts";

Deno.test("a job that fails, and one that takes too long", async (t) => {
  const output = await Deno.makeTempDir();
  const job = (Name: string, word: string, more: Record<string, unknown> = {}) => ({
    Name,
    Type: "Processing",
    Arguments: {
      ProcessingResources: { ClusterConfig: { InstanceCount: 1 } },
      AppSpecification: { ImageUri: "job", ContainerArguments: [word] },
      ...more,
    },
  });
  const run = async (...Steps: unknown[]) => {
    const file = await Deno.makeTempFile({ suffix: ".json" });
    await Deno.writeTextFile(file, JSON.stringify({ Version: "2020-12-01", Steps }));
    return await execute(output, [file, `--command=job=${JOB}`, "--kill-after=300ms"]);
  };

  await t.step("its message becomes the reason, its exit code ours", async () => {
    const failed = await run(job("Bad", "break"));
    assert.equal(failed.code, 3);
    assert.match(stepOf(failed, "Bad").reason ?? "", /the disk is full of eels, exit code: 3/);
  });

  await t.step("after MaxRuntimeInSeconds it gets SIGTERM, then SIGKILL", async () => {
    const late = await run(
      job("Late", "hang", { StoppingCondition: { MaxRuntimeInSeconds: 2 } }),
    );
    assert.equal(late.status, "Failed");
    assert.match(stepOf(late, "Late").reason ?? "", /MaxRuntimeExceeded/);
    const log = await Deno.readTextFile(`${late.folder}/steps/Late/attempt-1/algo-1.log`);
    assert.deepEqual(log.trim().split("\n"), ["ready to be stopped", "not listening"]);
    assert.deepEqual(await jobsBelow(output), []);
  });

  await t.step(
    "SIGTERM to the runner stops its jobs, and leaves an execution to be resumed",
    async () => {
      const file = await Deno.makeTempFile({ suffix: ".json" });
      const Steps = [job("Long", "hang")];
      await Deno.writeTextFile(file, JSON.stringify({ Version: "2020-12-01", Steps }));
      const own = await Deno.makeTempDir();
      const running = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "workflows/main.ts", "run", "--local", file, `--output=${own}`]
          .concat(`--command=job=${JOB}`, "--kill-after=300ms"),
        env: { ML_LOG_FORMAT: "json" },
        stdout: "null",
        stderr: "null",
      }).spawn();
      while ((await jobsBelow(own)).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      running.kill("SIGTERM");
      assert.equal((await running.status).code, 143);
      assert.deepEqual(await jobsBelow(own), []);
      const [execution] = (await Array.fromAsync(Deno.readDir(own)))
        .filter(({ name }) => /^[a-z0-9]{12}$/.test(name));
      const record = await Deno.readTextFile(`${own}/${execution?.name}/execution.json`);
      assert.equal(JSON.parse(record).status, "Stopped");
    },
  );

  await t.step("an image that nothing stands in for is named before anything runs", async () => {
    const file = await Deno.makeTempFile({ suffix: ".json" });
    const Steps = [job("A", "break")];
    await Deno.writeTextFile(file, JSON.stringify({ Version: "2020-12-01", Steps }));
    const refused = await executedOrRefused(start(output, [file]));
    assert.match(refused, /--command 'job=PROGRAM/);
  });
});

async function executedOrRefused(process: Deno.ChildProcess): Promise<string> {
  const { code, stderr } = await process.output();
  assert.equal(code, 2);
  return new TextDecoder().decode(stderr);
}
