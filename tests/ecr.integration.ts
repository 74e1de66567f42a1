/**
 * `deno task build-push`, from a clean checkout to a digest in terraform.tfvars: a real registry for the
 * images, moto for ECR's own API.
 */

import assert from "node:assert/strict";
import { digestOf, type LocalRegistry, network, startRegistry } from "./ecr/registry.ts";
import { BASE, makeStore, removeStore, type Store } from "./images/build.ts";
import { attempt, type Ended, sh } from "./images/shell.ts";
import { provided } from "./job/task.ts";

const ACCOUNT = "123456789012";
/** Of a form that Terraform accepts, and not as tidy as ours. */
const TFVARS = `# Images: training_image_uri = "not this"
aws_account_id    = "${ACCOUNT}"
aws_region = "us-east-1"
training_hyperparameters = { training_image_uri = "nor this" }
training_image_uri="old" // by build-push
inference_image_uri   =   "old"\r
notes = <<EOT
inference_image_uri = "nor this"
EOT`;

let store: Store;
let staging: LocalRegistry;
let prod: LocalRegistry;
let checkout: string;
let commit: string;

Deno.test.beforeAll(async () => {
  [store, staging, prod] = await Promise.all([makeStore(), startRegistry(), startRegistry()]);
  checkout = await makeCheckout();
  commit = await sh(["git", "rev-parse", "HEAD"], { cwd: checkout });
});
Deno.test.afterAll(async () => {
  await Promise.all([removeStore(store), staging.stop(), prod.stop()]);
  await Deno.remove(checkout, { recursive: true });
});

Deno.test("both images get from a clean checkout into the registry and their digests into tfvars", async (t) => {
  const file = `${checkout}/environments/staging/terraform.tfvars`;

  await t.step("without a repository it stops, unless it is to make one", async () => {
    const refused = await push(["--registry", staging.host]);
    assert.equal(refused.code, 2, refused.err);
    assert.match(refused.err, /no such repository.*--create-repository/s);
    assert.equal(await Deno.readTextFile(file), TFVARS);
  });

  await t.step("the network is cut in the middle of a push, which goes on", async () => {
    const broken = network(staging.host, 8_000_000, { cut: true });
    const result = await push(["training", "--registry", broken.host, "--create-repository"]);
    broken.close();
    await broken.reached;
    assert.equal(result.code, 0, result.err);
    const digest = await digestOf(staging.host, "ml-platform-training", `staging-${commit}`);
    assert.equal(
      await Deno.readTextFile(file),
      TFVARS.replace('"old"', `"${broken.host}/ml-platform-training@${digest}"`),
    );
  });

  await t.step("what is there already is not pushed again", async () => {
    const args = ["--registry", staging.host, "--create-repository"];
    const result = await push(args);
    assert.equal(result.code, 0, result.err);
    assert.deepEqual(summary(result).images.map(({ pushed }) => pushed), [false, true]);
    const digests = await Promise.all(
      ["training", "inference"].map((job) =>
        digestOf(staging.host, `ml-platform-${job}`, `staging-${commit}`)
      ),
    );
    const uri = (at: number, job: string) => `"${staging.host}/ml-platform-${job}@${digests[at]}"`;
    assert.equal(
      await Deno.readTextFile(file),
      TFVARS.replace('uri="old"', `uri=${uri(0, "training")}`)
        .replace('=   "old"', `=   ${uri(1, "inference")}`),
    );
    const again = summary(await push(args));
    assert.deepEqual(again.images.map(({ pushed }) => pushed), [false, false]);
    assert.equal(again.changed, false);
  });

  await t.step("the repositories are as asked for", async () => {
    for (const job of ["training", "inference"]) {
      const found = await ecr("DescribeRepositories", { repositoryNames: [`ml-platform-${job}`] });
      const repository = found.repositories[0];
      assert.equal(repository?.imageTagMutability, "IMMUTABLE");
      assert.equal(repository?.imageScanningConfiguration.scanOnPush, true);
      assert.equal(repository?.encryptionConfiguration.encryptionType, "KMS");
      const policy = await ecr("GetLifecyclePolicy", { repositoryName: `ml-platform-${job}` });
      assert.equal(JSON.parse(policy.lifecyclePolicyText).rules.length, 2);
    }
  });

  await t.step("the bill of materials is valid SPDX, and both papers name the image", async () => {
    const python = provided("ML_TEST_PYTHON_IMAGES");
    for (const job of ["training", "inference"] as const) {
      const path = `${checkout}/dist/amd64/${job}`;
      await sh([python.replace(/python$/, "pyspdxtools"), "--infile", `${path}.spdx.json`]);
      const { packages } = JSON.parse(await Deno.readTextFile(`${path}.spdx.json`));
      const names = packages.map(({ name }: { name: string }) => name);
      assert.equal(names.includes("kafkajs"), job === "inference");
      for (const name of ["zod", "parquet-wasm", "deno"]) assert.ok(names.includes(name), name);
      const { subject, predicate } = JSON.parse(
        await Deno.readTextFile(`${path}.provenance.json`),
      );
      const digest = await digestOf(staging.host, `ml-platform-${job}`, `staging-${commit}`);
      assert.equal(`sha256:${subject[0].digest.sha256}`, digest);
      const [source] = predicate.buildDefinition.resolvedDependencies;
      assert.equal(source.digest.gitCommit, commit);
    }
  });

  await t.step("promotion copies the digest to another registry, once", async () => {
    const args = ["--environment=prod", "--promote-from=staging", "--registry", prod.host];
    const first = await push(args);
    assert.equal(first.code, 0, first.err);
    assert.deepEqual(summary(first).images.map(({ pushed }) => pushed), [true, true]);
    for (const job of ["training", "inference"]) {
      const digest = await digestOf(staging.host, `ml-platform-${job}`, `staging-${commit}`);
      assert.equal(await digestOf(prod.host, `ml-platform-${job}`, `prod-${commit}`), digest);
      const text = await Deno.readTextFile(`${checkout}/environments/prod/terraform.tfvars`);
      assert.ok(text.includes(`"${prod.host}/ml-platform-${job}@${digest}"`));
    }
    const second = await push(args);
    assert.deepEqual(summary(second).images.map(({ pushed }) => pushed), [false, false]);
  });
});

Deno.test("a push that is killed is finished by the same command", async () => {
  const slow = network(prod.host, 5_000_000, { cut: false });
  const args = ["training", "--registry", slow.host, "--tag=killed"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "build-push", ...common(), ...args],
    cwd: checkout,
    env: environment(),
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  await slow.reached;
  Deno.kill(-child.pid, "SIGKILL");
  await child.status;
  const before = await Deno.readTextFile(`${checkout}/environments/staging/terraform.tfvars`);
  assert.doesNotMatch(before, new RegExp(slow.host));
  const result = await push(args);
  slow.close();
  assert.equal(result.code, 0, result.err);
  const [image] = summary(result).images;
  assert.equal(image?.digest, await digestOf(prod.host, "ml-platform-training", "killed"));
});

Deno.test("what is wrong is said with what to do", async () => {
  const cases: [string, Ended, number, RegExp][] = [
    [
      "an engine that is not there",
      await push(["training"], { env: { PATH: await onlyGit() } }),
      4,
      /neither docker, podman nor buildah can be run.*Install one/s,
    ],
    [
      "no credentials",
      await push(["training"], {
        env: {
          AWS_ACCESS_KEY_ID: "",
          AWS_SECRET_ACCESS_KEY: "",
          AWS_EC2_METADATA_DISABLED: "true",
        },
      }),
      4,
      /Cannot use ECR in us-east-1: .*credentials.*Sign in to AWS/s,
    ],
    [
      "a registry that is not there",
      await push(["training", "--registry", "127.0.0.1:9"]),
      4,
      /Cannot log in to 127\.0\.0\.1:9/,
    ],
    [
      "a tag of another image",
      await push(["training", "--registry", prod.host, "--tag=killed", "--base-image=other"]),
      2,
      /the tag is another image's.*base\.name.*Commit/s,
    ],
    ["an unknown job", await push(["scoring"]), 2, /'scoring', not training or inference/],
  ];
  for (const [what, { code, err }, exit, message] of cases) {
    assert.equal(code, exit, `${what}: ${err}`);
    assert.match(err, message, what);
  }

  const file = `${checkout}/environments/staging/terraform.tfvars`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace(ACCOUNT, "210987654321"));
  const other = await push(["training"]);
  assert.equal(other.code, 2);
  assert.match(other.err, /credentials are for account 123456789012.*is in 210987654321/);
  await Deno.writeTextFile(file, text);

  await Deno.writeTextFile(`${checkout}/jobs/new.ts`, "");
  const dirty = await push(["training"]);
  assert.equal(dirty.code, 2);
  assert.match(dirty.err, /files differ from the commit.*--allow-dirty/);
  await Deno.remove(`${checkout}/jobs/new.ts`);
});

/** All files of this checkout as one commit, so that there is something clean to push. */
async function makeCheckout(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const files = await sh(["git", "ls-files", "--cached", "--others", "--exclude-standard"]);
  const there = files.split("\n").filter((file) => exists(file));
  await sh(["tar", "-cf", `${folder}/files.tar`, ...there]);
  await sh(["tar", "-xf", `${folder}/files.tar`, "-C", folder]);
  await Deno.remove(`${folder}/files.tar`);
  const git = (...args: string[]) =>
    sh(["git", "-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
    });
  await git("init", "--quiet");
  await Deno.writeTextFile(`${folder}/.git/info/exclude`, "/environments/\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=test");
  for (const name of ["staging", "prod"]) {
    await Deno.mkdir(`${folder}/environments/${name}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/environments/${name}/terraform.tfvars`, TFVARS);
  }
  return folder;
}

/** A folder of programs with nothing to build images. */
async function onlyGit(): Promise<string> {
  const folder = `${store.folder}/only-git`;
  await Deno.mkdir(folder);
  await Deno.symlink(await sh(["sh", "-c", "command -v git"]), `${folder}/git`);
  return folder;
}

function exists(file: string): boolean {
  try {
    return Deno.lstatSync(file).isFile;
  } catch {
    return false;
  }
}

function common(): string[] {
  return ["--infra=environments", "--engine=buildah", `--base-image=${BASE}`];
}

function environment(): Record<string, string> {
  return {
    ...store.env,
    REGISTRY_AUTH_FILE: `${store.folder}/auth.json`,
    AWS_ENDPOINT_URL: provided("ML_TEST_S3"),
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    NO_COLOR: "1",
  };
}

/** Runs the task in the checkout. */
async function push(
  args: readonly string[],
  { env = {} }: { env?: Record<string, string> } = {},
): Promise<Ended> {
  const words = env["PATH"] === undefined
    ? [...common(), ...args]
    : ["--infra=environments", ...args];
  return await attempt([Deno.execPath(), "task", "--quiet", "build-push", ...words], {
    cwd: checkout,
    env: { ...environment(), ...env },
  });
}

function summary({ out }: Ended): {
  changed: boolean;
  images: { pushed: boolean; digest: string }[];
} {
  return JSON.parse(out.trim().split("\n").at(-1) ?? "");
}

/** As far as the tests look. */
interface EcrAnswer {
  readonly repositories: readonly {
    readonly imageTagMutability: string;
    readonly imageScanningConfiguration: { readonly scanOnPush: boolean };
    readonly encryptionConfiguration: { readonly encryptionType: string };
  }[];
  readonly lifecyclePolicyText: string;
}

/** Asks ECR's API as any client does, apart from our own. */
async function ecr(action: string, body: unknown): Promise<EcrAnswer> {
  const scope = "Credential=test/20260101/us-east-1/ecr/aws4_request";
  const response = await fetch(provided("ML_TEST_S3"), {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${action}`,
      "authorization": `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, await response.clone().text());
  return await response.json();
}
