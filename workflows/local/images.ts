/**
 * Runs the images themselves, by Docker or Podman.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { type Launcher, translate } from "./launch.ts";
import type { Objects } from "./objects.ts";

/** A program that runs containers. */
export type ContainerEngine = "docker" | "podman";

/**
 * Finds an engine that answers.
 *
 * @param env what the engine's client gets of an environment
 * @throws {DependencyError} `pipeline.no-container-engine`
 */
export async function findContainerEngine(
  env: Readonly<Record<string, string>>,
): Promise<ContainerEngine> {
  const said: string[] = [];
  for (const engine of ["docker", "podman"] as const) {
    try {
      const { success, stderr } = await new Deno.Command(engine, {
        args: ["info"],
        env: { ...env },
        clearEnv: true,
        stdin: "null",
      }).output();
      if (success) return engine;
      said.push(`${engine}: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      said.push(`${engine} is not installed`);
    }
  }
  throw new DependencyError({
    code: "pipeline.no-container-engine",
    cannot: "run the images",
    found: said.join("; "),
    todo: "Start the Docker daemon, or leave --images out to run programs in their place",
    place: { option: "--images" },
  });
}

/**
 * Makes containers of the instances of a job: its tree is `/opt/ml`, and the folders in the place of
 * S3 are below `/tmp/s3`. Values of variables stay out of the command line.
 *
 * @param folders in the place of S3
 * @param inherited variables of this process that a job gets beside its own
 */
export function imageLauncher(
  engine: ContainerEngine,
  objects: Objects,
  folders: readonly string[],
  inherited: Readonly<Record<string, string>>,
): Launcher {
  const { PATH: _path, HOME: _home, TMPDIR: _tmp, ...passed } = inherited;
  return ({ image, entrypoint, arguments: args, environment }, { host, root }, job) => {
    const inside = { ...objects, local: (uri: string) => mounted(objects.local(uri), folders) };
    const here = (text: string) => translate(text, "/opt/ml", inside);
    const [program, ...first] = entrypoint ?? [];
    const variables = {
      ...passed,
      ...Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, here(value)]),
      ),
    };
    const name = `${job}-${host}`;
    return {
      program: engine,
      args: [
        ...["run", "--rm", "--name", name, "--network", "host"],
        ...["--volume", `${root}:/opt/ml`],
        ...folders.flatMap((folder) => ["--volume", `${folder}:${mounted(folder, folders)}`]),
        ...Object.keys(variables).flatMap((variable) => ["--env", variable]),
        ...(program === undefined ? [] : ["--entrypoint", program]),
        image,
        ...[...first, ...args].map(here),
      ],
      env: { ...inherited, ...variables },
      kill: [engine, "kill", name],
    };
  };
}

/** Where a container has a path of one of the folders. */
function mounted(path: string, folders: readonly string[]): string {
  const index = folders.findIndex((folder) => path === folder || path.startsWith(`${folder}/`));
  return index < 0 ? path : `/tmp/s3/${index}${path.slice(folders[index]?.length)}`;
}
