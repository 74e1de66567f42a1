/** What Terraform itself proves, without AWS's provider: variables, sources of modules, the state. */
import assert from "node:assert/strict";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { copyFolder, copyOfInfra, deno, denoIn, type Ended, run } from "./commands.ts";
import { named, toolchain } from "./toolchain.ts";

const { env, withoutTerraform } = toolchain;
const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: "us-east-1",
};

test("everything is formatted as Terraform formats it", async () => {
  await succeeds(run("terraform", ["fmt", "-check", "-diff", "-recursive", "infra"], { env }));
});

test("every wrong value of the variable file is refused", async () => {
  await inFolder(async (folder) => {
    for (const file of ["variables.tf", "environment.tf", "terraform.tfvars"]) {
      await Deno.copyFile(`infra/staging/${file}`, `${folder}/${file}`);
    }
    await copyFolder("infra/staging/tests", `${folder}/tests`);
    await succeeds(terraform(folder, "init"));
    const { log } = await succeeds(terraform(folder, "test"));
    const [, passed = "0"] = /Success! (\d+) passed, 0 failed/.exec(log) ?? [];
    assert.ok(Number(passed) >= 70, log);
    const declared = await Deno.readTextFile("infra/staging/variables.tf");
    const tried = await Deno.readTextFile("infra/staging/tests/variables.tftest.hcl");
    for (const [, name, body = ""] of declared.matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm)) {
      if (/type += bool/.test(body)) continue;
      assert.ok(tried.includes(`expect_failures = [var.${name}]`), name);
    }
  });
});

test("a wrong value is refused with what is allowed", async () => {
  await inFolder(async (folder) => {
    for (const file of ["variables.tf", "environment.tf", "terraform.tfvars"]) {
      await Deno.copyFile(`infra/prod/${file}`, `${folder}/${file}`);
    }
    // What prod refuses beside, it asks of modules, which are not here.
    await Deno.writeTextFile(`${folder}/environment.tf`, 'locals {\n  environment = "prod"\n}\n');
    await succeeds(terraform(folder, "init"));
    const { code, log } = await terraform(
      folder,
      "plan",
      "-var=training_schedule_expression=cron(0 2 * * * *)",
    );
    assert.notEqual(code, 0);
    assert.match(log.replace(/\s+/g, " "), /must be cron\(MINUTE HOUR .* such as "cron\(0 2/);
  });
});

test("an environment is composed of the modules of its tag, wherever the fork is", async () => {
  const root = await copyOfInfra();
  try {
    const git = (...args: string[]) =>
      succeeds(run("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b.c", ...args]));
    const module = `${root}/infra/modules/storage/outputs.tf`;
    const tagged = await Deno.readTextFile(module);
    await git("init", "-q", "-b", "main");
    await git("add", ".");
    await git("commit", "-q", "-m", "modules");
    await git("tag", "v9.8.7");
    await Deno.writeTextFile(module, "# later\n");
    await git("commit", "-q", "-a", "-m", "later");
    const repository = "https://github.com/a-fork/pipelines.git";
    const used = await denoIn(
      root,
      {},
      "scripts/infra.ts",
      "use",
      "--environment",
      "staging",
      "--ref",
      "v9.8.7",
      "--repo",
      repository,
    );
    assert.equal(used.code, 0, used.log);
    const rewritten = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: `url.file://${root}.insteadOf` };
    const staging = `${root}/infra/staging`;
    await succeeds(
      run("terraform", ["get"], {
        cwd: staging,
        env: { ...env, ...rewritten, GIT_CONFIG_VALUE_0: repository },
      }),
    );
    const { Modules } = JSON.parse(
      await Deno.readTextFile(`${staging}/.terraform/modules/modules.json`),
    );
    const storage = Modules.find(({ Key }: { Key: string }) => Key === "storage");
    assert.equal(Modules.length, 10);
    assert.equal(await Deno.readTextFile(`${staging}/${storage.Dir}/outputs.tf`), tagged);
    // And the other way: the modules beside the configuration.
    const local = await denoIn(
      root,
      {},
      "scripts/infra.ts",
      "use",
      "--environment",
      "staging",
      "--local",
    );
    assert.equal(local.code, 0, local.log);
    await succeeds(terraform(staging, "get"));
    const both = await denoIn(
      root,
      {},
      "scripts/infra.ts",
      "use",
      "--environment",
      "staging",
      "--local",
      "--ref",
      "v1.0.0",
    );
    assert.equal(both.code, 2);
    assert.match(both.log, /Give --ref TAG \[--repo URL\], or --local/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

test("the state is on S3, encrypted, and one at a time", async () => {
  const { s3, endpoint } = client();
  const bucket = `state-${crypto.randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await inFolder(async (folder) => {
    await Deno.copyFile("infra/staging/backend.tf", `${folder}/backend.tf`);
    await Deno.writeTextFile(
      `${folder}/main.tf`,
      'resource "terraform_data" "a" {\n  input = 1\n}\n',
    );
    const aws = (...args: string[]) =>
      run("terraform", [...args, "-no-color"], {
        cwd: folder,
        env: { ...env, ...CREDENTIALS, AWS_ENDPOINT_URL_S3: endpoint },
      });
    await succeeds(aws(
      "init",
      `-backend-config=bucket=${bucket}`,
      "-backend-config=use_path_style=true",
      "-backend-config=skip_credentials_validation=true",
      "-backend-config=skip_requesting_account_id=true",
      "-backend-config=skip_metadata_api_check=true",
    ));
    const Key = "staging/terraform.tfstate.tflock";
    const lock = {
      ID: "00000000-0000-0000-0000-000000000000",
      Who: "somebody@else",
      Operation: "apply",
    };
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(lock) }));
    const held = await aws("apply", "-auto-approve");
    assert.notEqual(held.code, 0);
    assert.match(held.log, /Error acquiring the state lock/);
    assert.match(held.log, /somebody@else/);
    await succeeds(aws("force-unlock", "-force", lock.ID));
    await succeeds(aws("apply", "-auto-approve"));
    const state = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: "staging/terraform.tfstate" }),
    );
    assert.equal(state.ServerSideEncryption, "aws:kms");
    assert.match(await state.Body?.transformToString() ?? "", /terraform_data/);
  });
  s3.destroy();
});

Deno.test("bootstrap makes the state's bucket and key once, and names them in backend.tf", async () => {
  const root = await copyOfInfra();
  try {
    const { s3, endpoint } = client();
    s3.destroy();
    const project = `p${crypto.randomUUID().slice(0, 8)}`;
    const file = `${root}/infra/staging/terraform.tfvars`;
    await Deno.writeTextFile(file, `project = "${project}"\n${await Deno.readTextFile(file)}`);
    const aws = { ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint };
    const bootstrap = (...args: string[]) =>
      denoIn(root, aws, "scripts/infra.ts", "bootstrap", "--environment", "staging", ...args);
    const planned = await succeeds(bootstrap("--dry-run"));
    assert.equal(summaryOf(planned).status, "dry-run");
    const made = summaryOf(await succeeds(bootstrap()));
    assert.deepEqual(made.made, ["key", "bucket"]);
    const backend = await Deno.readTextFile(`${root}/infra/staging/backend.tf`);
    assert.match(backend, new RegExp(`bucket +?= "${project}-terraform-state-123456789012"`));
    assert.match(backend, /kms_key_id +?= "arn:aws:kms:us-east-1:123456789012:key\/[0-9a-f-]{36}"/);
    assert.match(backend, /use_lockfile = true/);
    assert.ok(!backend.includes("00000000-0000-4000-8000-000000000000"));
    // Another account's credentials make nothing.
    await Deno.writeTextFile(
      file,
      (await Deno.readTextFile(file)).replace('"123456789012"', '"210987654321"'),
    );
    const other = await bootstrap();
    assert.equal(other.code, 2, other.log);
    assert.match(other.log, /credentials are of account 123456789012/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("bootstrap and use say what is missing", async () => {
  const none = await deno("scripts/infra.ts", "use", "--environment", "staging");
  assert.equal(none.code, 2);
  assert.match(none.log, /--ref TAG is missing/);
  const wrong = await deno("scripts/infra.ts", "use", "--environment", "test", "--local");
  assert.equal(wrong.code, 2);
  assert.match(wrong.log, /account, prod, staging/);
});

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: named(name, withoutTerraform), ignore: withoutTerraform !== undefined, fn });
}

async function terraform(cwd: string, ...args: string[]): Promise<Ended> {
  return await run("terraform", [...args, "-no-color"], { cwd, env });
}

async function succeeds(ended: Promise<Ended>): Promise<Ended> {
  const result = await ended;
  assert.equal(result.code, 0, result.log);
  return result;
}

function summaryOf({ out }: Ended): Record<string, unknown> {
  return JSON.parse(out.trim().split("\n").at(-1) ?? "");
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ml-infra-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function client(): { s3: S3Client; endpoint: string } {
  const endpoint = Deno.env.get("ML_TEST_S3");
  assert.ok(endpoint, "run it by deno task test infra");
  return {
    endpoint,
    s3: new S3Client({
      endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    }),
  };
}
