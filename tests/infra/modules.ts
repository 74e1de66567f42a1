/** Modules and variables, read as text: what can be said of them without Terraform. */
import assert from "node:assert/strict";
import { callsIn } from "./calls.ts";
import { type Block, blocksOf, unquoted } from "../../scripts/infra/hcl.ts";
import { sourcesOf } from "../../scripts/infra/sources.ts";
import variables from "../../infra/definitions/variables.json" with { type: "json" };
import { deno } from "./commands.ts";

const CONFIGURATIONS = ["infra/account", "infra/staging", "infra/prod"];

Deno.test("every variable is typed, described and validated, and says what is allowed", async () => {
  for (const folder of [...CONFIGURATIONS, ...await folders("infra/modules")]) {
    for (const { labels: [name = ""], arguments: said, body } of await blocks(folder, "variable")) {
      const place = `${folder}: ${name}`;
      assert.ok(said.type, `${place} has no type`);
      assert.match(unquoted(said.description ?? ""), /^[A-Z].{9,}\.$/, `${place} is not described`);
      if (said.type === "bool") continue;
      const messages = [...body.matchAll(/error_message = "((?:[^"\\]|\\.)+)"/g)];
      assert.ok(messages.length > 0, `${place} is not validated`);
      for (const [, message = ""] of messages) {
        assert.ok(message.includes(name), `${place}: the message does not name it: ${message}`);
        assert.match(message, /\b(must|may|needs)\b/, `${place} does not say what is allowed`);
      }
    }
    for (const { labels, arguments: said } of await blocks(folder, "output")) {
      assert.match(unquoted(said.description ?? ""), /\.$/, `${folder}: output ${labels[0]}`);
    }
  }
});

Deno.test("every validation of a module is tried with a wrong value", async () => {
  for (const folder of await folders("infra/modules")) {
    const tests = await Deno.readTextFile(`${folder}/tests/validation.tftest.hcl`);
    for (const { labels: [name], arguments: { type } } of await blocks(folder, "variable")) {
      if (type === "bool") continue;
      assert.ok(tests.includes(`expect_failures = [var.${name}]`), `${folder}: ${name}`);
    }
  }
});

Deno.test("every statement of a policy has its reason beside it", async () => {
  for (const folder of ["infra/account", ...await folders("infra/modules")]) {
    for (const [file, text] of await files(folder)) {
      const lines = text.split("\n");
      lines.forEach((line, at) => {
        if (!/^ *(?:dynamic "statement"|statement) \{$/.test(line)) return;
        const around = [lines[at - 1], ...lines.slice(at + 1, at + 6)].join("\n");
        assert.match(around, /^ *# \S/m, `${folder}/${file}:${at + 1} has no reason beside it`);
      });
    }
  }
});

Deno.test("staging and prod are the same but for their values", async () => {
  for (const file of ["main.tf", "variables.tf", "definitions.tf", "outputs.tf", "versions.tf"]) {
    assert.equal(
      await Deno.readTextFile(`infra/prod/${file}`),
      await Deno.readTextFile(`infra/staging/${file}`),
      file,
    );
  }
});

Deno.test("all modules come from one tag", async () => {
  for (const folder of CONFIGURATIONS) {
    const sources = sourcesOf(await Deno.readTextFile(`${folder}/main.tf`));
    assert.ok(sources.length > 0);
    assert.equal(new Set(sources.map(({ tag }) => tag)).size, 1, folder);
    assert.equal(new Set(sources.map(({ repository }) => repository)).size, 1, folder);
    for (const { tag } of sources) assert.match(tag ?? "", /^v\d+\.\d+\.\d+$/, folder);
  }
});

Deno.test("variable files give what has no default, and nothing that is not there", async () => {
  for (const folder of CONFIGURATIONS) {
    const given = new Set(
      [...(await Deno.readTextFile(`${folder}/terraform.tfvars`)).matchAll(/^([a-z_]+) *=/gm)]
        .map(([, name = ""]) => name),
    );
    const declared = await blocks(folder, "variable");
    const names = declared.map(({ labels: [name = ""] }) => name);
    for (const name of given) assert.ok(names.includes(name), `${folder} has no variable ${name}`);
    for (const { labels: [name = ""], arguments: said } of declared) {
      if (said.default === undefined) assert.ok(given.has(name), `${folder} does not give ${name}`);
    }
  }
});

Deno.test("the specification's variables are there with its values", async () => {
  const staging = await Deno.readTextFile("infra/staging/terraform.tfvars");
  for (
    const line of [
      'training_instance_type       = "ml.m5.large"',
      'training_schedule_expression = "cron(0 2 * * ? *)"',
      'n_estimators    = "100"',
      'max_depth       = "10"',
      'model_name      = "staging-classifier"',
      'experiment_name = "staging-experiments"',
      'inference_instance_type       = "ml.m5.large"',
      'inference_schedule_expression = "cron(0 6 * * ? *)"',
      'kafka_output_topic      = "ml-predictions-staging"',
      'kafka_bootstrap_servers     = "your-kafka-cluster.amazonaws.com:9092"',
      'mlflow_tracking_server_name = "your-mlflow-server-name"',
    ]
  ) assert.ok(staging.includes(line), line);
  for (const image of ["training_image_uri", "inference_image_uri"]) {
    assert.match(staging, new RegExp(`^${image} += "123456789012\\.dkr\\.ecr\\.us-east-1`, "m"));
  }
});

Deno.test("the environments give the definitions all that has no default", async () => {
  const text = await Deno.readTextFile("infra/staging/definitions.tf");
  const given = new Set([...text.matchAll(/^ {6}([a-z_]+) += /gm)].map(([, name]) => name));
  const hyperparameters = ["n_estimators", "max_depth", "model_name", "experiment_name"];
  for (const type of ["training", "inference"] as const) {
    for (const [name, said] of Object.entries(variables[type])) {
      if (hyperparameters.includes(name) || "default" in said) continue;
      assert.ok(given.has(name), `${type}.json wants ${name}`);
    }
  }
  const wanted = Object.keys({ ...variables.training, ...variables.inference });
  for (const name of given) assert.ok(wanted.includes(name ?? ""), `nothing wants ${name}`);
});

Deno.test("tables of the modules and rendered policies are current", async () => {
  for (const command of ["docs", "policies"]) {
    const { code, log } = await deno("scripts/infra.ts", command, "--check");
    assert.equal(code, 0, log);
  }
});

Deno.test("a call is found however the SDK is loaded", () => {
  assert.deepEqual(
    callsIn(`const { client, PutObjectCommand } = await sdk(); import("@aws-sdk/client-s3");
      new PutObjectCommand({}); aws.sagemaker("ListPipelines", "x", call); \`\${API}/runs/create\``),
    ["mlflow:runs/create", "s3:PutObject", "sagemaker:ListPipelines"],
  );
});

async function folders(parent: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(parent))).filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => `${parent}/${name}`).toSorted();
}

async function files(folder: string): Promise<[string, string][]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => name.endsWith(".tf"));
  return await Promise.all(
    names.map(async (name): Promise<[string, string]> => [
      name,
      await Deno.readTextFile(`${folder}/${name}`),
    ]),
  );
}

async function blocks(folder: string, kind: string): Promise<Block[]> {
  return (await files(folder)).flatMap(([, text]) => blocksOf(text))
    .filter((block) => block.kind === kind);
}
