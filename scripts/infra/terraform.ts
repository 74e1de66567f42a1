/**
 * Runs Terraform in a copy of `infra/`, so that neither its folders nor its locks get into the
 * repository.
 *
 * @module
 */
import { DependencyError, messageOf } from "../../jobs/lib/errors.ts";

/** Runs Terraform in one folder of the copy; what it printed. */
export type Terraform = (folder: string, ...args: string[]) => Promise<string>;

/**
 * Makes a copy of `infra/`, and takes it away at the end.
 *
 * @param cannot what could not be done without Terraform, for messages
 */
export async function withTerraform<T>(
  cannot: string,
  work: (terraform: Terraform) => Promise<T>,
): Promise<T> {
  const copy = await Deno.makeTempDir({ prefix: "infra-" });
  try {
    await copyFolder("infra", copy);
    return await work((folder, ...args) => run(cannot, `${copy}/${folder}`, args));
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

async function run(cannot: string, cwd: string, args: readonly string[]): Promise<string> {
  let output;
  try {
    output = await new Deno.Command("terraform", {
      args: [...args],
      cwd,
      env: { TF_IN_AUTOMATION: "1", TF_INPUT: "0" },
    }).output();
  } catch (error) {
    throw failed(cannot, `terraform does not start (${messageOf(error)})`, error);
  }
  const decoder = new TextDecoder();
  const text = decoder.decode(output.stdout);
  if (output.success) return text;
  const said = `${decoder.decode(output.stderr)}${text}`.replace(/\s+/g, " ").trim();
  throw failed(cannot, `terraform ${args[0]} says: ${said.slice(0, 2000)}`);
}

function failed(cannot: string, found: string, cause?: unknown): DependencyError {
  return new DependencyError({
    code: "infra.terraform",
    cannot,
    found,
    todo:
      "Install Terraform 1.11 or newer, and let it reach its registry or name a mirror of the " +
      "AWS provider in the file of TF_CLI_CONFIG_FILE",
    cause,
  });
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name.startsWith(".terraform")) continue;
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
