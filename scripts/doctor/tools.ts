import { fail, type Finding, ok, warn } from "./finding.ts";

/** The programs that building, deploying and testing need. */
export async function lookAtTools(): Promise<Finding[]> {
  const engines = await Promise.all(ENGINES.map(async (engine) => ({
    engine,
    answer: await answerOf(engine, ["info"]),
  })));
  const ready = engines.find(({ answer }) => answer?.success);
  const installed = engines.find(({ answer }) => answer !== undefined);
  return [
    deno(),
    await tool("Terraform", "terraform", ["version"], /Terraform v(\d+)\.(\d+)/, [1, 11], {
      needed: "to deploy",
      install: "Install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install",
    }),
    await tool("git", "git", ["--version"], /(\d+)\.(\d+)/, [2, 20], {
      needed: "for the versions of modules and images",
      install: "Install git",
    }),
    await tool("AWS CLI", "aws", ["--version"], /aws-cli\/(\d+)\.(\d+)/, [1, 0], {
      needed: "only for the documents' aws commands",
      install:
        "Install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    }),
    ready !== undefined
      ? ok("Container engine", `${ready.engine} answers`)
      : installed !== undefined
      ? warn(
        "Container engine",
        `${installed.engine} is installed, but does not answer`,
        `Start it (${
          installed.engine === "docker" ? "systemctl start docker" : installed.engine + " info"
        } says why)`,
      )
      : warn(
        "Container engine",
        "there is none",
        "Install docker, podman or buildah on the machine that builds images",
      ),
  ];
}

const ENGINES = ["docker", "podman", "buildah"] as const;

function deno(): Finding {
  const [major = 0, minor = 0, patch = 0] = Deno.version.deno.split(".").map(parseFloat);
  const recent = major > 2 || (major === 2 && (minor > 6 || (minor === 6 && patch >= 10)));
  return recent
    ? ok("Deno", Deno.version.deno)
    : fail("Deno", `${Deno.version.deno} is too old`, "deno upgrade 2.9.6");
}

async function tool(
  name: string,
  command: string,
  args: readonly string[],
  pattern: RegExp,
  least: readonly [number, number],
  { needed, install }: { readonly needed: string; readonly install: string },
): Promise<Finding> {
  const answer = await answerOf(command, args);
  if (answer === undefined) {
    return warn(name, `it is not installed; it is needed ${needed}`, install);
  }
  const [, major = 0, minor = 0] = (pattern.exec(answer.text) ?? []).map(Number);
  const version = `${major}.${minor}`;
  return major > least[0] || (major === least[0] && minor >= least[1])
    ? ok(name, version)
    : warn(name, `${version} is older than ${least.join(".")}`, install);
}

async function answerOf(
  command: string,
  args: readonly string[],
): Promise<{ success: boolean; text: string } | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      signal: AbortSignal.timeout(20_000),
    }).output();
    const decoder = new TextDecoder();
    return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
