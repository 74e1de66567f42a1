/**
 * The parameters that `deno task params` writes, read by the real AWS CLI, against a SageMaker double.
 */

import assert from "node:assert/strict";
import { provided, task } from "./job/task.ts";
import { renderTemplate } from "../workflows/definition/mod.ts";
import { definitionTemplate, withExamples } from "../workflows/synthesis.ts";

for (const type of ["training", "inference"] as const) {
  Deno.test(`the AWS CLI starts ${type} from the generated file`, async () => {
    const folder = await Deno.makeTempDir();
    const pipeline = `ml-platform-staging-${type}`;
    const definition = `${folder}/definition.json`;
    await Deno.writeTextFile(
      definition,
      renderTemplate(definitionTemplate(type), withExamples({})),
    );
    await aws("create-pipeline", [
      `--pipeline-name=${pipeline}`,
      `--pipeline-definition=file://${definition}`,
      "--role-arn=arn:aws:iam::123456789012:role/pipeline",
      "--client-request-token=0123456789012345678901234567890123456789",
    ]);
    const written = await task("params", [
      `--pipeline-type=${type}`,
      "--environment=staging",
      "--scheduled-time=2026-11-23T02:00:00Z",
      "--set=VolumeSizeInGB=77",
      `--output=${folder}`,
    ]);
    assert.equal(written.code, 0, written.log);
    const latest = `${folder}/${type}-staging-latest.json`;
    assert.equal(written.summary["latest"], latest);
    assert.equal(
      await Deno.readTextFile(latest),
      await Deno.readTextFile(String(written.summary["file"])),
    );

    const { PipelineExecutionArn: arn } = await aws("start-pipeline-execution", [
      `--pipeline-name=${pipeline}`,
      `--cli-input-json=file://${latest}`,
    ]);
    const { PipelineParameters: started } = await aws("list-pipeline-parameters-for-execution", [
      `--pipeline-execution-arn=${arn}`,
    ]);
    const { PipelineParameters: asked } = JSON.parse(await Deno.readTextFile(latest));
    assert.deepEqual(started, asked);
    const values = new Map(asked.map(({ Name, Value }: Record<string, string>) => [Name, Value]));
    assert.equal(values.get("VolumeSizeInGB"), "77");
    assert.equal(values.get("RunId"), "2026-11-23T02:00:00Z");
    // Other tests have pipelines of these names, too.
    await aws("delete-pipeline", [
      `--pipeline-name=${pipeline}`,
      "--client-request-token=0123456789012345678901234567890123456789",
    ]);
  });
}

Deno.test("a parameter that the definition has not is refused, with the likely name", async () => {
  const { code, log } = await task("params", [
    "--pipeline-type=training",
    "--environment=staging",
    "--set=NEstimator=5",
    `--output=${await Deno.makeTempDir()}`,
  ]);
  assert.equal(code, 2);
  assert.match(log, /did you mean NEstimators\?/);
});

/** Runs a command of the AWS CLI's SageMaker and returns what it answers. */
async function aws(command: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const bin = provided("ML_TEST_PYTHON_AWSCLI").replace(/[^/]+$/, "");
  const { code, stdout, stderr } = await new Deno.Command(`${bin}python`, {
    args: [`${bin}aws`, "sagemaker", command, ...args, "--output=json"],
    env: {
      AWS_ENDPOINT_URL: provided("ML_TEST_S3"),
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
