/**
 * The workflows, run by act (https://nektosact.com) on this machine: no Docker, no network. Our own
 * steps, composite actions and reusable workflows run for real; what others have written is replaced by
 * the folders in `actions/`. Approvals, permissions, concurrency and GitHub's identity tokens are not
 * simulated.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { answers } from "../../scripts/services/mod.ts";
import { named } from "../infra/toolchain.ts";
import type { Checkout } from "./repository.ts";
import { EXTENDED, program } from "./tools.ts";

/** How a run ended. */
export interface ActResult {
  readonly code: number;
  /** All that act and the steps said, job summaries included, without colours. */
  readonly log: string;
  /** Jobs in the order in which they ended, by act's names: `main/ci/ok`. */
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  /** What the replaced actions were asked for, in turn: `role-to-assume apply`. */
  readonly asked: readonly string[];
}

/** What starts a run. */
export interface Trigger {
  readonly workflow: string;
  readonly event?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Parts of matrices to run, as `target:x86_64-unknown-linux-gnu`; all unless given. */
  readonly matrix?: readonly string[];
  /** What GitHub says beside of what happened. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

const ACTIONS = fileURLToPath(new URL("actions", import.meta.url));

/** A long test of what act runs, which says by itself why it does not run. */
export function actTest(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
  more?: string,
): void {
  if (!EXTENDED) return;
  const reason = withoutAct ?? more;
  Deno.test({ name: named(name, reason), ignore: reason !== undefined, fn });
}

const withoutAct = await answers(program("ACT", "act"), "--version")
  ? undefined
  : "act is neither on the PATH nor named by ACT";

/** Runs a workflow of a checkout. */
export async function act(checkout: Checkout, trigger: Trigger): Promise<ActResult> {
  const {
    workflow,
    event = "workflow_dispatch",
    inputs = {},
    matrix = [],
    payload = {},
    env = {},
  } = trigger;
  const folder = await Deno.makeTempDir({ prefix: "ml-act-" });
  const record = `${folder}/record`;
  await Deno.writeTextFile(record, "");
  await Deno.mkdir(`${folder}/artifacts`);
  const file = `${folder}/event.json`;
  const ref = `refs/heads/${await checkout.git("branch", "--show-current")}`;
  await Deno.writeTextFile(
    file,
    JSON.stringify({ inputs, ref, repository: REPOSITORY, ...payload }),
  );
  const variables = { ...VARIABLES, ...trigger.variables };
  const all = {
    ...checkout.env,
    ACT_RECORD: record,
    ACT_ORIGIN: checkout.origin,
    ACT_ARTIFACTS: `${folder}/artifacts`,
    HOME: Deno.env.get("HOME") ?? "",
    GITHUB_REPOSITORY: REPOSITORY.full_name,
    ...env,
  };
  const args = [
    ...[event, "--workflows", `.github/workflows/${workflow}.yml`, "--eventpath", file],
    ...matrix.flatMap((part) => ["--matrix", part]),
    ...RUNNERS.flatMap((label) => ["--platform", `${label}=-self-hosted`]),
    ...["--container-daemon-socket", "-", "--no-cache-server", "--pull=false"],
    ...["--action-offline-mode", "--defaultbranch", "main", "--concurrent-jobs", "1"],
    ...["--artifact-server-addr", "127.0.0.1", "--cache-server-addr", "127.0.0.1"],
    ...["--action-cache-path", `${folder}/cache`, "--secret", "GITHUB_TOKEN=token-of-nobody"],
    ...["--env-file", "/dev/null", "--var-file", "/dev/null", "--input-file", "/dev/null"],
    ...["--secret-file", "/dev/null"],
    ...Object.entries(all).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}=${value}`]),
    ...Object.entries(inputs).flatMap(([name, value]) => ["--input", `${name}=${value}`]),
    ...(await replacements(checkout.folder)).flatMap((one) => ["--local-repository", one]),
  ];
  try {
    const { code, stdout, stderr } = await new Deno.Command(program("ACT", "act"), {
      args,
      cwd: checkout.folder,
      env: { ...checkout.env, ...env, NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    // deno-lint-ignore no-control-regex
    const log = (decoder.decode(stdout) + decoder.decode(stderr)).replace(/\x1b\[[\d;]*m/g, "");
    const ended = (how: string) =>
      [...log.matchAll(new RegExp(`^\\[([^\\]]+)\\] .*Job ${how}$`, "gm"))]
        .map(([, name = ""]) => name.trim());
    return {
      code,
      log,
      succeeded: ended("succeeded"),
      failed: ended("failed"),
      asked: (await Deno.readTextFile(record)).split("\n").filter((line) => line !== ""),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const REPOSITORY = { default_branch: "main", full_name: "your-org/sagemaker-ml-pipelines" };

const RUNNERS = ["ubuntu-24.04", "ubuntu-24.04-arm"];

const VARIABLES = {
  AWS_REGION: "us-east-1",
  ...Object.fromEntries(
    ["plan", "apply", "build", "run"].map((role) => [`AWS_${role.toUpperCase()}_ROLE`, role]),
  ),
};

/** `owner/name@commit=folder` for every action of others; one that nobody has replaced is an error. */
async function replacements(folder: string): Promise<string[]> {
  const found = new Set<string>();
  const files = [`${folder}/.github/actions/setup/action.yml`];
  for await (const { name } of Deno.readDir(`${folder}/.github/workflows`)) {
    files.push(`${folder}/.github/workflows/${name}`);
  }
  for (const file of files) {
    const text = await Deno.readTextFile(file);
    for (const [, used = ""] of text.matchAll(/uses: ([\w-]+\/[\w./-]+@[0-9a-f]{40})/g)) {
      found.add(used);
    }
  }
  return await Promise.all([...found].map(async (used) => {
    const name = used.replace(/@.*/, "").split("/").at(-1) ?? "";
    const path = `${ACTIONS}/${name}`;
    await Deno.stat(`${path}/action.yml`).catch(() => {
      throw new Error(`Put into ${path} what stands for ${used} where there is no network`);
    });
    return `${used}=${path}`;
  }));
}
