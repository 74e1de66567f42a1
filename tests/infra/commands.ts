/**
 * Commands as a person runs them.
 *
 * @module
 */

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** stdout and stderr. */
  readonly log: string;
  readonly out: string;
}

/** Where and how. */
export interface Circumstances {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: Circumstances = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: { TF_IN_AUTOMATION: "1", TF_INPUT: "0", NO_COLOR: "1", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  const decoder = new TextDecoder();
  const out = decoder.decode(stdout);
  return { code, out, log: out + decoder.decode(stderr) };
}

/** Runs a script of this repository in its root, or in a copy of it. */
export async function deno(script: string, ...args: string[]): Promise<Ended> {
  return await denoIn(Deno.cwd(), {}, script, ...args);
}

/** The same elsewhere. */
export async function denoIn(
  cwd: string,
  env: Readonly<Record<string, string>>,
  script: string,
  ...args: string[]
): Promise<Ended> {
  const path = new URL(`../../${script}`, import.meta.url).pathname;
  return await run(Deno.execPath(), ["run", "-A", "--quiet", path, ...args], { cwd, env });
}

/** A copy of `infra/` of which Terraform may make what it likes; the caller takes it away. */
export async function copyOfInfra(): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "ml-infra-" });
  await copyFolder("infra", `${root}/infra`);
  return root;
}

/** Copies a folder, but for what Terraform made. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name.startsWith(".terraform")) continue;
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
