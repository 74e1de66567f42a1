/** `deploy`: a plan, that plan applied, the pipelines tried, and back again where they fail. */
import assert from "node:assert/strict";
import { dump, load } from "js-yaml";
import { toolchain } from "../infra/toolchain.ts";
import { act, actTest } from "./act.ts";
import { platform } from "./platform.ts";
import { type Checkout, checkoutOf } from "./repository.ts";

const REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml-platform-inference";
const NEW = `${REPOSITORY}@sha256:${"ab".repeat(32)}`;
const COMMITTED = `${REPOSITORY}@sha256:${"0".repeat(64)}`;
const { withoutStandIn } = toolchain;

actTest("a deployment is planned, applied, tried and recorded, from whatever branch", async () => {
  await using checkout = await checkoutOf();
  await using aws = await platform();
  const ran = checkout.folder.replace(/checkout$/, "ran");
  const branch = `a";touch\${IFS}${ran};$(touch\${IFS}${ran});"`;
  await checkout.git("switch", "--quiet", "--create", branch);
  const done = await act(checkout, {
    workflow: "deploy",
    inputs: { "environment": "staging", "inference-image-uri": NEW },
    env: { AWS_ENDPOINT_URL: aws.env.AWS_ENDPOINT_URL ?? "" },
  });
  assert.equal(done.code, 0, done.log);
  assert.deepEqual(done.asked.filter((one) => !one.startsWith("setup-")), [
    "role plan",
    "upload plan-staging 3",
    "download plan-staging",
    "role apply",
    "role run",
    "download plan-staging",
  ]);
  assert.match(done.log, /Summary - [^]*Plan for staging/);
  assert.ok((await checkout.state("staging"))?.includes(NEW), "something else was applied");
  assert.deepEqual(aws.executions.map(({ pipeline }) => pipeline), [
    "ml-platform-staging-training",
    "ml-platform-staging-inference",
  ]);
  // The new digest is on a branch of the remote, and a pull request was asked for.
  const recorded = await checkout.git(
    ...["--git-dir", checkout.origin, "show", "deploy/staging-1:infra/staging/terraform.tfvars"],
  );
  assert.ok(recorded.includes(`inference_image_uri = "${NEW}"`));
  const [created, merged] = await checkout.gh();
  assert.deepEqual(created?.slice(0, 6), [
    ...["pr", "create", "--head", "deploy/staging-1", "--base", branch],
  ]);
  assert.deepEqual(merged, ["pr", "merge", "deploy/staging-1", "--auto", "--squash"]);
  await assert.rejects(Deno.stat(ran), "the branch's name was run");
}, withoutStandIn);

for (
  const [what, answers] of [
    ["fails", { fails: "-inference" }],
    ["loses a row", { accepted: 999 }],
    ["is too good to be true", { accuracy: 0.99 }],
  ] as const
) {
  actTest(`a pipeline that ${what} brings back what is committed`, async () => {
    await using checkout = await checkoutOf();
    await inlineVerification(checkout);
    const meanwhile: Promise<string | undefined>[] = [];
    await using aws = await platform({
      ...answers,
      onStart: () => void meanwhile.push(checkout.state("staging")),
    });
    const done = await act(checkout, {
      workflow: "deploy",
      inputs: { "environment": "staging", "inference-image-uri": NEW },
      env: { AWS_ENDPOINT_URL: aws.env.AWS_ENDPOINT_URL ?? "" },
    });
    assert.notEqual(done.code, 0, done.log);
    assert.ok((await meanwhile[0])?.includes(NEW), "the new image was never there");
    const state = await checkout.state("staging");
    assert.ok(state?.includes(COMMITTED) && !state.includes(NEW), "the new image still runs");
    assert.deepEqual(done.asked.filter((one) => one.startsWith("role ")), [
      ...["role plan", "role apply", "role run", "role apply"],
    ]);
    assert.deepEqual(await checkout.gh(), [], "what failed was recorded");
  }, withoutStandIn);
}

actTest("an image that is none is not planned, and nothing is rolled back", async () => {
  await using checkout = await checkoutOf();
  const done = await act(checkout, {
    workflow: "deploy",
    inputs: { "environment": "staging", "training-image-uri": "docker.io/library/training:latest" },
  });
  assert.notEqual(done.code, 0);
  assert.match(done.log, /it must be an image of ECR by its digest/);
  assert.deepEqual(done.asked.filter((one) => one.startsWith("role ")), []);
  assert.equal(await checkout.state("staging"), undefined);
});

/**
 * act ends a run where a reusable workflow fails, and GitHub goes on to `if: failure()`: the called job
 * is put into the caller as it is, since both name their input alike.
 */
async function inlineVerification({ folder, change }: Checkout): Promise<void> {
  const read = async (name: string) =>
    load(await Deno.readTextFile(`${folder}/.github/workflows/${name}.yml`)) as Workflow;
  const { jobs: { deployed } } = await read("test");
  const deploy = await read("deploy");
  const { verify } = deploy.jobs;
  assert.deepEqual(verify?.with, { environment: "${{ inputs.environment }}" });
  const jobs = { ...deploy.jobs, verify: { ...deployed, needs: verify.needs } };
  await change(
    ".github/workflows/deploy.yml",
    () => dump({ ...deploy, jobs }),
    "test: the called job",
  );
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly with?: unknown; readonly needs?: unknown } | undefined>
  >;
}
