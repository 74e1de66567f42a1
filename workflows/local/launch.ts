/**
 * How one instance of a job becomes a process.
 *
 * @module
 */
import { type Command, type Commands, requireCommand } from "./commands.ts";
import type { Objects } from "./objects.ts";

/** One instance of a job. */
export interface Instance {
  /** `algo-1` and so on. */
  readonly host: string;
  /** What `/opt/ml` is for it. */
  readonly root: string;
}

/** What a job runs, as its definition says. */
export interface Program {
  /** URI of the image. */
  readonly image: string;
  /** Instead of the image's own; its first word is the program. */
  readonly entrypoint: readonly string[] | undefined;
  /** After the entrypoint. */
  readonly arguments: readonly string[];
  /** Variables by name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A process to be started. */
export interface Launch {
  /** A path, or a name to be found in PATH. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it where SIGKILL to the process would not; undefined where it does. */
  readonly kill?: Command;
}

/** Makes the process of an instance. */
export type Launcher = (program: Program, instance: Instance, name: string) => Launch;

/**
 * Runs programs of this machine in the place of images. They get what the container would, with the
 * paths and URIs in it translated: `/opt/ml` is the instance's folder, `s3://` what stands in for it.
 *
 * @param inherited variables of this process that a job gets beside its own
 */
export function processLauncher(
  commands: Commands,
  objects: Objects,
  inherited: Readonly<Record<string, string>>,
): Launcher {
  return ({ image, entrypoint = [], arguments: args, environment }, { root }) => {
    const [program, ...first] = requireCommand(image, commands);
    const here = (text: string) => translate(text, root, objects);
    return {
      program,
      args: [...first, ...[...entrypoint.slice(1), ...args].map(here)],
      env: {
        ...inherited,
        ...Object.fromEntries(
          Object.entries(environment).map(([name, value]) => [name, here(value)]),
        ),
        ML_ROOT: root,
      },
    };
  };
}

/** A path of a container or a URI of S3, alone or after `--option=`, as this machine has it. */
export function translate(text: string, root: string, objects: Objects): string {
  const [, option = "", value = text] = /^(--[\w-]+=)(.*)$/s.exec(text) ?? [];
  if (/^s3:\/\/\S+$/.test(value)) return option + objects.local(value);
  if (/^\/opt\/ml(\/|$)/.test(value)) return option + root + value.slice("/opt/ml".length);
  return text;
}
