/**
 * A repository of nobody: this checkout as its first commits, tagged and pushed to a remote in a folder,
 * with what this machine has in the place of AWS.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { run } from "../infra/commands.ts";
import { provided } from "../job/task.ts";
import { program } from "./tools.ts";

/** A clone that act runs workflows of. */
export interface Checkout extends AsyncDisposable {
  readonly folder: string;
  /** The bare repository that `origin` is. */
  readonly origin: string;
  /** For whatever runs in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly git: (...args: string[]) => Promise<string>;
  /** Replaces text of a file, and commits that. */
  readonly change: (
    file: string,
    change: (text: string) => string,
    message: string,
  ) => Promise<void>;
  /** An environment's state as Terraform left it; undefined before its first apply. */
  readonly state: (environment: string) => Promise<string | undefined>;
  /** Calls of `gh`, in turn. */
  readonly gh: () => Promise<readonly (readonly string[])[]>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const UPSTREAM = "https://github.com/your-org/sagemaker-ml-pipelines.git";

/**
 * Makes one; whoever asks for it disposes of it.
 *
 * @param quick whether `deno task ok` looks at one file instead of all
 */
export async function checkoutOf({ quick = false } = {}): Promise<Checkout> {
  const parent = await Deno.makeTempDir({ prefix: "ml-workflows-" });
  const folder = `${parent}/checkout`;
  const origin = `${parent}/origin.git`;
  const store = `${parent}/github.json`;
  const bucket = `state-${crypto.randomUUID()}`;
  const programs = await programsIn(`${parent}/bin`);
  const git = async (...args: string[]): Promise<string> => {
    const { code, out, log } = await run("git", ["-C", folder, ...args]);
    if (code !== 0) throw new Error(`git ${args.join(" ")}: ${log}`);
    return out.trim();
  };
  await copyTracked(folder);
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "somebody");
  await git("config", "user.email", "somebody@example.com");
  await git("remote", "add", "origin", origin);
  await commit(git, "feat: what is released");
  await git("tag", "v0.1.0");
  const checkout: Checkout = {
    folder,
    origin,
    git,
    env: {
      PATH: `${programs}:${Deno.env.get("PATH") ?? ""}`,
      DENO_DIR: await denoFolder(),
      GH_DOUBLE: store,
      // Modules come from the tag in the folder, by the address that is committed.
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.file://${origin}.insteadOf`,
      GIT_CONFIG_VALUE_0: UPSTREAM,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: Deno.env.get("TF_CLI_CONFIG_FILE") ?? "/dev/null",
      AWS_ENDPOINT_URL_S3: provided("ML_TEST_S3"),
      AWS_ENDPOINT_URL_ECR: provided("ML_TEST_S3"),
      ML_POLL_SECONDS: "0.2",
      ...given("DENO_COMPILE", "DENORT_BIN", "DENO_TLS_CA_STORE"),
    },
    change: async (file, change, message) => {
      const path = `${folder}/${file}`;
      const before = await Deno.readTextFile(path);
      const after = change(before);
      if (after === before) throw new Error(`nothing was changed in ${file}`);
      await Deno.writeTextFile(path, after);
      await commit(git, message);
    },
    state: (environment) => read(bucket, `${environment}/terraform.tfstate`),
    gh: async () => {
      const text = await Deno.readTextFile(store).catch(() => '{"calls": []}');
      return JSON.parse(text).calls;
    },
    [Symbol.asyncDispose]: () => Deno.remove(parent, { recursive: true }),
  };
  await s3((client) => client.send(new CreateBucketCommand({ Bucket: bucket })));
  await localState(folder, bucket);
  await smallTests(folder);
  if (quick) await quickCheck(folder);
  await run(Deno.execPath(), ["fmt", "--quiet", "deno.json", "scripts/tests/areas.ts", SMALL], {
    cwd: folder,
  });
  await commit(git, "test: what this machine has instead of AWS");
  await git("push", "--quiet", "origin", "main", "v0.1.0");
  return checkout;
}

/** All that is or would be committed, as it is now. */
async function copyTracked(folder: string): Promise<void> {
  const args = ["-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { out } = await run("git", args);
  const made = new Set<string>();
  for (const file of out.split("\0")) {
    if (file === "") continue;
    const to = `${folder}/${file}`;
    const parent = to.slice(0, to.lastIndexOf("/"));
    if (!made.has(parent)) await Deno.mkdir(parent, { recursive: true });
    made.add(parent);
    // What is deleted and not committed yet is listed too.
    await Deno.copyFile(`${ROOT}/${file}`, to).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

async function commit(
  git: (...args: string[]) => Promise<string>,
  message: string,
): Promise<void> {
  await git("add", "--all");
  await git("commit", "--quiet", "--message", message);
}

/** `deno` as it runs now, GitHub's command line as a double, and a `go` whose installations are here. */
async function programsIn(folder: string): Promise<string> {
  await Deno.mkdir(folder);
  const lint = program("ACTIONLINT", "actionlint");
  await Deno.mkdir(`${folder}/bin`);
  await Deno.writeTextFile(`${folder}/bin/actionlint`, `#!/bin/sh\nexec ${lint} "$@"\n`, {
    mode: 0o755,
  });
  await Deno.writeTextFile(
    `${folder}/go`,
    `#!/bin/sh\nif [ "$1" = env ]; then echo ${folder}; fi\n`,
    { mode: 0o755 },
  );
  await Deno.symlink(Deno.execPath(), `${folder}/deno`);
  await Deno.symlink(fileURLToPath(new URL("../delivery/gh", import.meta.url)), `${folder}/gh`);
  return folder;
}

function given(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

async function denoFolder(): Promise<string> {
  const { out } = await run(Deno.execPath(), ["info", "--json"]);
  return JSON.parse(out).denoDir;
}

/** The double of S3 as a test looks at it. */
export async function s3<T>(work: (client: S3Client) => Promise<T>): Promise<T> {
  const client = new S3Client({
    endpoint: provided("ML_TEST_S3"),
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

async function read(Bucket: string, Key: string): Promise<string | undefined> {
  return await s3(async (client) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  });
}

/** The state goes to the double of S3. */
async function localState(folder: string, bucket: string): Promise<void> {
  const flags = ["credentials_validation", "requesting_account_id", "metadata_api_check"]
    .map((name) => `    skip_${name} = true\n`).join("");
  for (const environment of ["staging", "prod"]) {
    const path = `${folder}/infra/${environment}/backend.tf`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      text.replace(/(bucket +=) "[^"]+"/, `$1 "${bucket}"`)
        .replace(
          "use_lockfile = true\n",
          `use_lockfile = true\n    use_path_style = true\n${flags}`,
        ),
    );
  }
}

/** Areas of one test each: how workflows run tests is what is tried here, and not the tests. */
async function smallTests(folder: string): Promise<void> {
  const path = `${folder}/scripts/tests/areas.ts`;
  const text = await Deno.readTextFile(path);
  const names = [
    "binaries",
    "infra",
    "terraform",
    "delivery",
    "one",
    "two",
    "three",
    "four",
    "five",
  ];
  await Deno.writeTextFile(
    path,
    text.replace(
      /(export const AREAS: readonly Area\[\] =) \[[^]*?^\];$/m,
      `$1 ${JSON.stringify(names)}.map((name) => ({ ...area(name, {}), files: ["${SMALL}"] }));`,
    ),
  );
  await Deno.writeTextFile(
    `${folder}/${SMALL}`,
    'import assert from "node:assert/strict";\n\nDeno.test("two", () => assert.equal("two".length, 3));\n',
  );
}

async function quickCheck(folder: string): Promise<void> {
  const path = `${folder}/deno.json`;
  const config = JSON.parse(await Deno.readTextFile(path));
  config.tasks.ok.command = "deno check --quiet scripts/tests/areas.ts";
  await Deno.writeTextFile(path, JSON.stringify(config, undefined, 2) + "\n");
}

/** The test of all areas. */
export const SMALL = "tests/small.integration.ts";
