/**
 * The images, built of the Dockerfiles and run as SageMaker runs them, with fewer rights than it gives.
 */

import assert from "node:assert/strict";
import { buildImage, makeStore, removeStore, type Store } from "./images/build.ts";
import {
  listing,
  NEEDED,
  podmanRun,
  processesOf,
  processingTree,
  runContainer,
  statusOf,
  trainingTree,
} from "./images/sagemaker.ts";
import { attempt, sh, until } from "./images/shell.ts";
import { provided } from "./job/task.ts";

const JOB_USER = "65532";
let store: Store;
let training: string;
let inference: string;

Deno.test.beforeAll(async () => {
  await Deno.mkdir("dist/amd64", { recursive: true });
  for (const job of ["training", "inference"]) {
    await Deno.copyFile(`${provided("ML_TEST_BINARIES")}/${job}`, `dist/amd64/${job}`);
  }
  store = await makeStore();
  training = await buildImage("training", store);
  inference = await buildImage("inference", store);
});
Deno.test.afterAll(() => removeStore(store));

Deno.test("the Dockerfiles are clean to hadolint", async () => {
  const hadolint = provided("ML_TEST_PYTHON_IMAGES").replace(/python$/, "hadolint");
  await sh([hadolint, "jobs/training/Dockerfile", "jobs/inference/Dockerfile"]);
});

Deno.test("an image holds the binary, the libraries that it is linked with, and no more", async () => {
  for (const job of ["training", "inference"]) {
    const container = await sh(["buildah", "from", `localhost/${job}:test`], store);
    const root = await sh(["buildah", "mount", container], store);
    const entries = await listing(root);
    const files = entries.filter((line) => !line.startsWith("d")).map((line) => line.split(" ")[2]);
    assert.deepEqual(files.toSorted(), [
      "etc/group",
      "etc/nsswitch.conf",
      "etc/passwd",
      "etc/ssl/certs/ca-certificates.crt",
      "lib/ld-linux-x86-64.so.2",
      "lib/libc.so.6",
      "lib/libdl.so.2",
      "lib/libgcc_s.so.1",
      "lib/libm.so.6",
      "lib/libpthread.so.0",
      "lib/librt.so.1",
      "lib64/ld-linux-x86-64.so.2",
      `usr/local/bin/${job}`,
      "var/lib/dpkg/status.d/libc6",
      "var/lib/dpkg/status.d/libgcc-s1",
    ]);
    for (const line of entries.filter((each) => each !== "drwxrwxrwt 0:0 tmp")) {
      // Root's, written by nobody else, with neither setuid nor setgid; directories or plain files.
      assert.match(line, /^[d-]r[w-][x-]r-[x-]r-[x-] 0:0 /);
    }
    await sh(["buildah", "rm", container], store);
    const { Config } =
      JSON.parse(await sh(["podman", "inspect", `localhost/${job}:test`], store))[0];
    assert.deepEqual(
      Config.Env.filter((each: string) => !each.startsWith("PATH=")).sort(),
      ["HOME=/tmp", "ML_RUN_AS=65532:65532"],
    );
    assert.deepEqual(Config.Entrypoint, [`/usr/local/bin/${job}`]);
    assert.equal(Config.WorkingDir, "/tmp");
    assert.equal(
      Config.Labels["org.opencontainers.image.revision"],
      "0123456789012345678901234567890123456789",
    );
    for (const label of ["title", "description", "licenses", "version", "created"]) {
      assert.ok(Config.Labels[`org.opencontainers.image.${label}`], label);
    }
  }
});

Deno.test("two builds of a Dockerfile with the same binary are the same image", async () => {
  const again = await buildImage("training", store, "again");
  const id = (image: string) => sh(["podman", "inspect", "--format={{.Id}}", image], store);
  assert.equal(await id(again), await id(training));
});

Deno.test("training as SageMaker starts it: the process that reads data is not root", async (t) => {
  await t.step("it is watched from outside, and stopped by SIGTERM", async () => {
    const tree = await trainingTree({ n_estimators: "10000", max_depth: "0" });
    const name = `watched-${crypto.randomUUID()}`;
    const ended = runContainer(store, training, ["train"], { tree, name });
    const [supervisor = "", job = ""] = await processesOf(store, name, 2);
    assert.equal((await processesOf(store, name, 2)).length, 2);
    assert.match(await statusOf(supervisor, "Uid"), /^0\s/);
    for (const field of ["Uid", "Gid"]) {
      assert.deepEqual(
        (await statusOf(job, field)).split(/\s+/),
        [JOB_USER, JOB_USER, JOB_USER, JOB_USER],
      );
    }
    assert.equal(await statusOf(job, "Groups"), "");
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"]) {
      assert.match(await statusOf(job, set), /^0+$/);
    }
    for (const pid of [supervisor, job]) assert.equal(await statusOf(pid, "NoNewPrivs"), "1");
    // It grows trees from here on.
    await until("a run", async () => {
      const { out } = await attempt([
        "find",
        `/proc/${job}/root/tmp/mlruns`,
        "-name",
        "n_estimators",
      ]);
      return out === "" ? undefined : out;
    });
    const begun = Date.now();
    await sh(["podman", "stop", "--time=120", name], store);
    assert.ok(Date.now() - begun < 120_000);
    const { code, err } = await ended;
    assert.equal(code, 143, err);
    assert.match(await Deno.readTextFile(`${tree}/output/failure`), /stopped by SIGTERM/);
    assert.deepEqual(await listing(`${tree}/model`), []);
    await Deno.remove(tree, { recursive: true });
  });

  await t.step("what SageMaker collects can be read by all and is the job's", async () => {
    const tree = await trainingTree();
    const { code, err } = await runContainer(store, training, ["train"], { tree });
    assert.equal(code, 0, err);
    const collected = await listing(`${tree}/model`);
    assert.ok(collected.some((line) => line.endsWith(" model.onnx")));
    for (const line of [...collected, ...await listing(`${tree}/output/data`)]) {
      assert.match(line, /^(-rw-r--r--|drwxr-xr-x) 65532:65532 /);
    }
    // Started again, as after an interruption, it takes over what is there.
    const again = await runContainer(store, training, ["train"], { tree });
    assert.equal(again.code, 0, again.err);
    await Deno.remove(tree, { recursive: true });
  });

  await t.step("without the capability KILL it is stopped all the same", async () => {
    const tree = await trainingTree({ n_estimators: "10000", max_depth: "0" });
    const name = `unsignalled-${crypto.randomUUID()}`;
    const capabilities = NEEDED.filter((each) => each !== "KILL");
    const ended = runContainer(store, training, ["train"], { tree, name, capabilities });
    await processesOf(store, name, 2);
    await sh(["podman", "stop", "--time=120", name], store);
    const { code, err } = await ended;
    assert.equal(code, 143, err);
    await Deno.remove(tree, { recursive: true });
  });

  await t.step("a job that is killed leaves the likely reason", async () => {
    const tree = await trainingTree({ n_estimators: "10000", max_depth: "0" });
    const name = `killed-${crypto.randomUUID()}`;
    const ended = runContainer(store, training, ["train"], { tree, name });
    const [, job = ""] = await processesOf(store, name, 2);
    Deno.kill(Number(job), "SIGKILL");
    assert.equal((await ended).code, 137);
    assert.match(await Deno.readTextFile(`${tree}/output/failure`), /SIGKILL.*out of memory/);
    await Deno.remove(tree, { recursive: true });
  });
});

Deno.test("a job never outlives its supervisor", async () => {
  // Not in a container, whose end would end both.
  const tree = await trainingTree({ n_estimators: "10000", max_depth: "0" });
  const container = await sh(["buildah", "from", training], store);
  const root = await sh(["buildah", "mount", container], store);
  for (const folder of ["proc", "opt/ml"]) {
    await Deno.mkdir(`${root}/${folder}`, { recursive: true });
  }
  // chroot is where only administrators' shells look.
  const script =
    `PATH="$PATH:/usr/sbin:/sbin" && mount -t proc proc ${root}/proc && mount --bind ${tree} ${root}/opt/ml &&
    cd ${root} && exec chroot --userspec=0:0 ${root} /usr/local/bin/training train`;
  const supervisor = new Deno.Command("unshare", {
    args: ["--mount", "sh", "-c", script],
    env: { ML_RUN_AS: "65532:65532", HOME: "/tmp", MLFLOW_TRACKING_URI: "/tmp/mlruns" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const job = await until("the job", async () => {
    const { out } = await attempt(["pgrep", "-P", String(supervisor.pid), "-u", JOB_USER]);
    return out.trim() || undefined;
  });
  supervisor.kill("SIGKILL");
  await supervisor.status;
  await until("the end of the job", async () => {
    const { code } = await attempt(["kill", "-0", job]);
    return code === 0 ? undefined : true;
  });
  const log = await new Response(supervisor.stderr).text();
  assert.match(log, /stopped by SIGTERM/);
  await sh(["buildah", "rm", container], store);
  await Deno.remove(tree, { recursive: true });
});

Deno.test("root is never kept silently, and what cannot be reached is said with the remedy", async () => {
  const tree = await trainingTree();
  const run = (options: Partial<Parameters<typeof podmanRun>[2]>) =>
    runContainer(store, training, ["train"], { tree, ...options });
  const secret = `${tree}/input/data/train/2013-02.parquet`;
  await Deno.chmod(secret, 0o600);
  const unreadable = await run({});
  assert.equal(unreadable.code, 2, unreadable.err);
  const reason = await Deno.readTextFile(`${tree}/output/failure`);
  assert.match(reason, /Cannot read .* as user 65532: .*Permission denied.*ML_RUN_AS=root/);
  await Deno.remove(`${tree}/output/failure`);

  const asRoot = await run({ env: { ML_RUN_AS: "root" }, capabilities: ["DAC_OVERRIDE"] });
  assert.equal(asRoot.code, 0, asRoot.err);
  await Deno.chmod(secret, 0o644);

  const powerless = await run({ capabilities: [] });
  assert.equal(powerless.code, 2);
  assert.match(powerless.err, /Cannot go on as 65532:65532.*SETUID and SETGID.*ML_RUN_AS=root/);

  const strange = await run({ env: { ML_RUN_AS: "0:0" } });
  assert.equal(strange.code, 2);
  assert.match(strange.err, /ML_RUN_AS is .*0:0/);
  await Deno.remove(tree, { recursive: true });
});

Deno.test("--user just runs, without any capability", async () => {
  const tree = await trainingTree();
  const refused = await runContainer(store, training, ["train"], {
    tree,
    user: "1000",
    capabilities: [],
  });
  assert.equal(refused.code, 2);
  assert.match(refused.err, /Cannot write to .* as user 1000/);
  await sh(["chown", "-R", "1000:1000", `${tree}/model`, `${tree}/output`]);
  await Deno.mkdir(`${tree}/checkpoints`);
  await Deno.chown(`${tree}/checkpoints`, 1000, 1000);
  const { code, err } = await runContainer(store, training, ["train"], {
    tree,
    user: "1000",
    capabilities: [],
  });
  assert.equal(code, 0, err);
  await Deno.remove(tree, { recursive: true });
});

Deno.test("processing as SageMaker starts it; a hostile model writes nowhere", async () => {
  const trained = await trainingTree();
  const { code, err } = await runContainer(store, training, ["train"], { tree: trained });
  assert.equal(code, 0, err);
  const work = await Deno.makeTempDir();
  const tar = `${work}/model.tar.gz`;
  await sh(["tar", "-czf", tar, "-C", `${trained}/model`, "."]);
  const args = ["score", "--run-id=day1", "--run-state=/tmp/runs"];

  const tree = await processingTree(tar);
  const scored = await runContainer(store, inference, args, { tree });
  assert.equal(scored.code, 0, scored.err);
  const output = await listing(`${tree}/processing/output/predictions`);
  assert.ok(output.some((line) => line.endsWith(".ndjson")), output.join("\n"));
  for (const line of output) assert.match(line, /^(-rw-r--r--|drwxr-xr-x) 65532:65532 /);
  assert.equal(JSON.parse(await Deno.readTextFile(`${tree}/output/message`)).accepted, 965);

  // Entries that climb out of the bundle's folder, and a link to write through.
  await Deno.symlink("/usr/local/bin", `${work}/code`);
  await sh([
    ...["tar", "-czf", tar, "-P", "--transform=s,^run.json,../../../usr/local/bin/run.json,"],
    ...["-C", work, "code", "-C", `${trained}/model`, "run.json"],
  ]);
  const hostile = await processingTree(tar);
  const name = `hostile-${crypto.randomUUID()}`;
  const words = podmanRun(inference, args, { tree: hostile, name })
    // Nothing but the job's own rights is in its way here.
    .filter((word) => !["--rm", "--read-only", "--tmpfs=/tmp"].includes(word));
  const refused = await attempt(words, store);
  assert.equal(refused.code, 3, refused.err);
  const changed = (await sh(["podman", "diff", name], store)).split("\n")
    .map((line) => line.slice(2))
    .filter((path) => !/^\/(tmp|opt|etc|run|dev|proc|sys)(\/|$)/.test(path));
  assert.deepEqual(changed, []);
  for (const folder of [work, trained, tree, hostile]) {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("without SageMaker it gives up root as well", async () => {
  const { code, out } = await attempt([
    ...["podman", "--runtime=runc", "run", "--rm", "--network=none"],
    ...["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"],
    ...[training, "--version", "--json"],
  ], store);
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).program, "training");
});
