/**
 * Variables of the environment: a job may read all that its sources ask for, from source and as a
 * binary.
 *
 * @module
 */

import assert from "node:assert/strict";
import { MLFLOW_VARIABLES } from "../../jobs/lib/mlflow/mod.ts";
import { permissionsOf, PROGRAMS } from "../../scripts/build/mod.ts";
import config from "../../deno.json" with { type: "json" };

const TASKS = { training: ["train", "training"], inference: ["score", "inference"] } as const;

for (const program of PROGRAMS) {
  Deno.test(`${program} may read every variable that its sources name`, async () => {
    const named = await variablesOf(`jobs/${program}/main.ts`);
    for (const name of [...MLFLOW_VARIABLES, "MLFLOW_TRACKING_URI", "AWS_REGION", "ML_CONFIG"]) {
      assert.ok(named.has(name), `${name} was not found in the sources`);
    }
    const lists = [
      permissionsOf(program).join(" "),
      ...TASKS[program].map((task) => config.tasks[task].command),
    ];
    for (const list of lists) {
      const allowed = /--allow-env=([\w*,]+)/.exec(list)?.[1]?.split(",") ?? [];
      const isAllowed = (name: string) =>
        allowed.some((one) => one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : one === name);
      // SageMaker's training containers have it; what both jobs share asks for it only there.
      const asked = [...named].filter((name) =>
        program === "training" || name !== "TRAINING_JOB_NAME"
      );
      assert.deepEqual(asked.filter((name) => !isAllowed(name)), []);
    }
  });
}

/** Names in what a program loads of ours, early or late. */
async function variablesOf(entry: string): Promise<Set<string>> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
  }).output();
  assert.ok(success);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const files = modules.flatMap(({ local }: { local?: string }) =>
    local?.includes("/jobs/") && local.endsWith(".ts") ? [local] : []
  );
  const names = new Set<string>();
  for (const file of files) {
    const text = await Deno.readTextFile(file);
    // As they are read, and as options and MLflow's list of them name them.
    const uses = /(?:env\.get\(|[eE]nv\(|env: |^ {2}(?=[A-Z0-9_]+: ))"?([A-Z][A-Z0-9_]{2,})"?/gm;
    for (const [, name = ""] of text.matchAll(uses)) {
      if (/^(ML|MLFLOW|SAGEMAKER_MLFLOW|AWS|KAFKA|TRAINING)_|^USER$/.test(name)) names.add(name);
    }
  }
  return names;
}
