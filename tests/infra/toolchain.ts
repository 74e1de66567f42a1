/**
 * Which Terraform there is, and whether it gets AWS's provider: from its registry, from a mirror that
 * the file of `TF_CLI_CONFIG_FILE` names, or from one of the folders where Terraform looks by itself.
 *
 * @module
 */
import { run } from "./commands.ts";

/** Why something cannot be run here; undefined where it can. */
export interface Toolchain {
  readonly withoutTerraform?: string;
  readonly withoutProvider?: string;
  /** Why nothing can be applied without an AWS account. */
  readonly withoutStandIn?: string;
  /** For every run. */
  readonly env: Readonly<Record<string, string>>;
}

const QUEUE_OF_NOBODY = `
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  max_retries                 = 1
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {
    sqs = "http://127.0.0.1:9"
  }
}
resource "aws_sqs_queue" "none" {
  name = "none"
}
`;

/** Looks once. */
export const toolchain: Toolchain = await find();

/** Name of a test that says by itself why it does not run. */
export function named(name: string, reason: string | undefined): Deno.TestDefinition["name"] {
  return reason === undefined ? name : `not run: ${name} (${reason})`;
}

async function find(): Promise<Toolchain> {
  const env = { TF_CLI_CONFIG_FILE: await configuration(), CHECKPOINT_DISABLE: "1" };
  const version = await run("terraform", ["version", "-json"], { env }).catch(() => undefined);
  const [, minor] = /"terraform_version": "1\.(\d+)\./.exec(version?.out ?? "") ?? [];
  if (minor === undefined || Number(minor) < 11) {
    const withoutTerraform = minor === undefined
      ? "Terraform is not installed"
      : `Terraform is 1.${minor}, and 1.11 is needed`;
    return {
      withoutTerraform,
      withoutProvider: withoutTerraform,
      withoutStandIn: withoutTerraform,
      env,
    };
  }
  const folder = await Deno.makeTempDir({ prefix: "ml-provider-" });
  try {
    await Deno.copyFile("infra/staging/versions.tf", `${folder}/versions.tf`);
    await Deno.writeTextFile(
      `${folder}/main.tf`,
      'locals {\n  environment = ""\n}\nvariable "aws_region" {}\nvariable "aws_account_id" {}\n' +
        'variable "project" {}\nvariable "owner" {}\n',
    );
    const terraform = (...args: string[]) =>
      run("terraform", [...args, "-no-color"], { cwd: folder, env });
    if ((await terraform("init")).code !== 0) {
      const withoutProvider = "neither Terraform's registry nor a mirror has the AWS provider";
      return { withoutProvider, withoutStandIn: withoutProvider, env };
    }
    // Nobody listens there, so who makes a queue all the same is no provider that talks to AWS.
    await Deno.writeTextFile(`${folder}/main.tf`, QUEUE_OF_NOBODY);
    await Deno.remove(`${folder}/versions.tf`);
    const { code } = await terraform("apply", "-auto-approve");
    return code === 0
      ? { env }
      : { withoutStandIn: "the AWS provider is the real one, which needs an account", env };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A file that is named but not there makes Terraform warn each time; none is the same. */
async function configuration(): Promise<string> {
  const named = Deno.env.get("TF_CLI_CONFIG_FILE");
  const home = `${Deno.env.get("HOME") ?? ""}/.terraformrc`;
  for (const path of [named, home]) {
    if (path !== undefined && await Deno.stat(path).then(() => true, () => false)) return path;
  }
  return "/dev/null";
}
