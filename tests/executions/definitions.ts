/** The committed definitions: what the code gives, what AWS's models take, what the jobs know. */
import assert from "node:assert/strict";
import { provided, resultOf, type TaskResult } from "../job/task.ts";
import { startJob } from "../runs/process.ts";
import { definition } from "./stories.ts";

const SLOT = "2013-10-02T06:00:00Z";

function pipeline(args: readonly string[], env: Record<string, string>): Promise<TaskResult> {
  return resultOf(startJob(args, env, "pipeline"));
}

Deno.test("the committed definitions are what the code gives", async () => {
  const { code, log } = await pipeline(["synth", "--check"], {});
  assert.equal(code, 0, log);
});

Deno.test("the definitions fit AWS's models of its API; what boto3 creates of them we find and start", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const values = {
      training_use_spot: false,
      training_stopping_condition: { MaxRuntimeInSeconds: 9 },
    };
    for (const name of ["training", "training-search", "inference"] as const) {
      await Deno.writeTextFile(`${folder}/${name}.json`, definition(name));
    }
    await Deno.writeTextFile(`${folder}/training-plain.json`, definition("training", values));
    const endpoint = provided("ML_TEST_S3");
    const python = provided("ML_TEST_PYTHON_MOTO");
    const { code, stdout, stderr } = await new Deno.Command(python, {
      args: ["tests/executions/aws_models.py", folder, endpoint],
      stdout: "piped",
      stderr: "piped",
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert.equal(code, 0, `${out}\n${err}`);
    assert.match(out ?? "", /"steps_checked": 1[0-9]/);

    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    const ours = ["inference", "--environment=created"];
    const started = await pipeline(["start", ...ours, `--scheduled-time=${SLOT}`], env);
    assert.equal(started.code, 0, started.log);
    const listed = await pipeline(["list", ...ours], env);
    const executions = listed.summary["executions"] as { arn: string }[];
    assert.ok(executions.some(({ arn }) => arn === started.summary["arn"]), listed.log);
    const diff = await pipeline(["diff", ...ours, "--check"], env);
    assert.equal(diff.code, 0, diff.log);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every step gives its job only what the job's command knows", async () => {
  for (const name of ["training", "inference"] as const) {
    for (const { step, command, names } of given(JSON.parse(definition(name)))) {
      const task = name === "training" ? "training" : "inference";
      const { results } = await resultOf(startJob([...command, "--help"], {}, task));
      const help = results.join("\n");
      const unknown = names.filter((one) => !new RegExp(`\\${one}\\b`).test(help));
      assert.deepEqual(unknown, [], `${step}: ${command.join(" ")}`);
    }
  }
});

interface Given {
  readonly step: string;
  readonly command: readonly string[];
  /** `$ML_LABEL`, `--retry-for`. */
  readonly names: readonly string[];
}

/** What a definition has of a step, as far as it is read here. */
interface Defined {
  readonly Name: string;
  readonly Type: string;
  readonly Arguments: {
    readonly Environment?: Readonly<Record<string, unknown>>;
    readonly HyperParameters?: Readonly<Record<string, unknown>>;
    readonly AppSpecification?: { readonly ContainerArguments: readonly string[] };
    readonly IfSteps?: readonly Defined[];
    readonly ElseSteps?: readonly Defined[];
  };
}

function given({ Steps }: { readonly Steps: readonly Defined[] }): Given[] {
  return Steps.flatMap(({ Name, Type, Arguments: args }) => {
    // What traces go by is no option of a command: all of them read OpenTelemetry's own variables.
    const variables = Object.keys(args.Environment ?? {}).filter((one) => !one.startsWith("OTEL_"))
      .map((one) => `$${one}`);
    if (Type === "Condition") {
      return given({ Steps: [...args.IfSteps ?? [], ...args.ElseSteps ?? []] });
    }
    if (Type === "Training") {
      const options = Object.keys(args.HyperParameters ?? {}).map((one) =>
        `--${one.replaceAll("_", "-")}`
      );
      return [{ step: Name, command: ["train"], names: [...variables, ...options] }];
    }
    if (Type !== "Processing") return [];
    const words = args.AppSpecification?.ContainerArguments ?? [];
    const first = words.findIndex((word) => word.startsWith("--"));
    const command = first < 0 ? words : words.slice(0, first);
    const flags = words.filter((word) => word.startsWith("--"));
    return [{ step: Name, command, names: [...variables, ...flags] }];
  });
}
