/**
 * Programs that stand in for what a definition names: images, and what is called by an address.
 *
 * @module
 */
import { messageOf, UsageError } from "../../jobs/lib/errors.ts";
import { splitWords } from "./words.ts";

/** A program and its first arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** Programs by what they stand for. */
export type Commands = ReadonlyMap<string, Command>;

/** Reads `IMAGE=PROGRAM ARGUMENT…` of `--command`. @throws {UsageError} `pipeline.command-invalid` */
export function readCommands(lines: readonly string[]): Commands {
  const commands = new Map<string, Command>();
  for (const line of lines) {
    const at = line.indexOf("=");
    try {
      const [program, ...args] = splitWords(line.slice(at + 1));
      if (at < 1 || program === undefined) throw new Error("it is not NAME=PROGRAM");
      commands.set(line.slice(0, at), [program, ...args]);
    } catch (error) {
      throw new UsageError({
        code: "pipeline.command-invalid",
        cannot: "run programs in the place of images",
        found: `--command ${JSON.stringify(line)}: ${messageOf(error)}`,
        todo: "Give IMAGE=PROGRAM ARGUMENT…, as in training=dist/training",
        place: { option: "--command" },
      });
    }
  }
  return commands;
}

/**
 * The program for an image (or a function, or a queue): by its whole name, without digest and tag, or
 * by the last part of its path.
 */
export function commandFor(name: string, commands: Commands): Command | undefined {
  const bare = name.replace(/@sha256:[0-9a-f]+$/, "").replace(/:[\w][\w.-]*$/, "");
  return commands.get(name) ?? commands.get(bare) ?? commands.get(last(bare)) ??
    commands.get(last(name));
}

/** See {@linkcode commandFor}. @throws {UsageError} `pipeline.command-missing` */
export function requireCommand(name: string, commands: Commands): Command {
  const found = commandFor(name, commands);
  if (found !== undefined) return found;
  throw new UsageError({
    code: "pipeline.command-missing",
    cannot: `run ${name} on this machine`,
    found: commands.size === 0
      ? "no program stands in for it"
      : `programs stand in only for ${[...commands.keys()].join(", ")}`,
    todo: `Give --command '${last(name)}=PROGRAM ARGUMENT…'`,
    place: { option: "--command" },
  });
}

/** Of an image its repository, of an ARN the name of the function, of a URL that of the queue. */
function last(name: string): string {
  return name.split(/[/:]/).at(-1) ?? name;
}
