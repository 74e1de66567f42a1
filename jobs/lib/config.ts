/**
 * Configuration: one table of options per command, read with one precedence
 * (flag > environment > SageMaker's hyperparameters > config file > default), validated at once.
 *
 * @module
 */

import { messageOf, UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** One option of a command. `T` is what its text becomes. */
export interface Option<T> {
  /** What it does, one line for `--help`. */
  readonly about: string;
  /** What stands for the value in `--help`: `PATH`, `N`, `sqrt|log2`. Empty for a switch. */
  readonly hint: string;
  /** Turns text into the value; throws an Error that names what is allowed. */
  readonly parse: (text: string) => T;
  /** Environment variable; `ML_<NAME>` unless told. */
  readonly env?: string;
  /** Taken from the environment only, and never printed. */
  readonly secret?: boolean;
  /** Stands for the value where nothing is set, as text. */
  readonly fallback?: string;
  /** Missing is an error. */
  readonly required?: boolean;
  /** May be given several times: `parse` gets all of them, a line each. */
  readonly many?: boolean;
}

/** The options of a command by camelCase name: `trainData` is `--train-data` and `train_data`. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values of a table of options: always there with a fallback or `required`. */
export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T>
    ? (O[K] extends { fallback: string } | { required: true } ? T : T | undefined)
    : never;
};

/** Where a value came from. */
export type Source = "flag" | "environment" | "hyperparameter" | "channel" | "file" | "default";

/** Everything that can set an option, all as text. */
export interface Sources {
  /** The command line after the command's name. */
  readonly args: readonly string[];
  /** The process's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** SageMaker's `hyperparameters.json`, snake_case. */
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** What the container's layout stands for: channels and output folders, by camelCase name. */
  readonly channels?: Readonly<Record<string, string>>;
  /** The parsed config file, snake_case. */
  readonly file?: Readonly<Record<string, unknown>>;
  /** Name of the config file, for messages. */
  readonly fileName?: string;
}

/** A command's configuration. */
export interface Config<O extends Options> {
  /** The parsed values. */
  readonly values: Values<O>;
  /** Where each came from. */
  readonly sources: Readonly<Record<keyof O & string, Source>>;
  /** What may be printed: every option that is set, secrets as `***`. */
  readonly printable: Readonly<Record<string, string>>;
}

/**
 * Reads a command's configuration.
 *
 * @throws {UsageError} that lists every unknown name and every invalid value at once
 */
export function readConfig<O extends Options>(options: O, sources: Sources): Config<O> {
  const problems: string[] = [];
  const flags = readFlags(options, sources.args, problems);
  const hyperparameters = byName(
    options,
    sources.hyperparameters ?? {},
    problems,
    "hyperparameter",
  );
  const file = byName(options, sources.file ?? {}, problems, `option in ${sources.fileName}`);
  const values: Record<string, unknown> = {};
  const origin: Record<string, Source> = {};
  const printable: Record<string, string> = {};
  for (const [name, option] of Object.entries(options)) {
    const [text, source] = firstSet([
      [flags.get(name), "flag"],
      [set(sources.env[envName(name, option)]), "environment"],
      [hyperparameters.get(name), "hyperparameter"],
      [sources.channels?.[name], "channel"],
      [file.get(name), "file"],
      [option.fallback, "default"],
    ]);
    origin[name] = source;
    if (text === undefined) {
      if (option.required) problems.push(`${spelling(name, option)} is missing (${option.about})`);
      continue;
    }
    try {
      values[name] = option.parse(text);
      printable[snake(name)] = option.secret ? "***" : withoutCredentials(text);
    } catch (error) {
      const shown = option.secret ? "its value" : JSON.stringify(withoutCredentials(text));
      problems.push(`${spelling(name, option, source)} is ${shown}, but ${messageOf(error)}`);
    }
  }
  if (problems.length > 0) {
    throw new UsageError({
      code: "config.invalid",
      cannot: "start",
      found: problems.join("; "),
      todo: "See --help for every option",
    });
  }
  return { values: values as Values<O>, sources: origin as Config<O>["sources"], printable };
}

/**
 * Names the first argument that is neither an option nor the value of one: with the operand `run`,
 * `show --json R` becomes `show --json --run=R`.
 *
 * @param operand the option that such an argument sets; undefined for none
 */
export function nameOperand(
  operand: string | undefined,
  args: readonly string[],
  options: Options,
): readonly string[] {
  if (operand === undefined) return args;
  for (let index = 0; index < args.length; index++) {
    const [, name, inline] = /^--([a-zA-Z][\w-]*)(=)?/.exec(args[index] ?? "") ?? [];
    if (name === undefined) return args.with(index, `--${kebab(operand)}=${args[index]}`);
    const option = options[camel(name.replaceAll("-", "_"))];
    const isSwitch = option === undefined ? name !== "config" : option.hint === "";
    if (inline === undefined && !isSwitch) index++;
  }
  return args;
}

/** The `--help` text of a command: every option with its meaning, variable and default. */
export function helpText(usage: string, about: string, options: Options): string {
  const rows = Object.entries(options).map(([name, option]): [string, string] => {
    const left = option.secret
      ? `  $${envName(name, option)}`
      : `  --${kebab(name)}${option.hint === "" ? "" : ` ${option.hint}`}`;
    const notes = [
      option.required ? "required" : undefined,
      option.many ? "may be repeated" : undefined,
      option.fallback && option.hint !== "" ? `default ${option.fallback}` : undefined,
      option.secret ? "environment only" : `$${envName(name, option)}`,
    ].filter((note) => note !== undefined);
    return [left, `${option.about} (${notes.join(", ")})`];
  });
  const width = Math.min(44, Math.max(...rows.map(([left]) => left.length)) + 2);
  const lines = rows.map(([left, right]) =>
    left.length < width ? left.padEnd(width) + right : `${left}\n${" ".repeat(width)}${right}`
  );
  return [
    usage,
    "",
    about,
    "",
    ...lines,
    "",
    "Everywhere: --config FILE ($ML_CONFIG), $ML_LOG_FORMAT json|text, $ML_LOG_LEVEL, $ML_ROOT (a tree",
    "laid out as SageMaker's /opt/ml).",
    "A flag wins over the environment, that over SageMaker's hyperparameters (snake_case), those over",
    "--config FILE (JSON, snake_case), that over the default.",
  ].join("\n");
}

/**
 * The text with `***` for the credentials of every URL in it: all that stands before the last @ of its
 * authority, since a token may take the place of the user's name.
 */
export function withoutCredentials(text: string): string {
  return text.replace(/(\/\/)[^/?#\s]*@/g, "$1***@");
}

/** The environment variables that a table of options reads. */
export function environmentNames(options: Options): string[] {
  return Object.entries(options).map(([name, option]) => envName(name, option));
}

/** Text as it is. */
export function text(): (text: string) => string {
  return (value) => {
    if (value.trim() === "") throw new Error("it must not be empty");
    return value;
  };
}

/** A number within bounds, both included. */
export function number(min: number, max: number): (text: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (value.trim() === "" || !(parsed >= min && parsed <= max)) {
      throw new Error(`it must be a number from ${min} to ${max}`);
    }
    return parsed;
  };
}

/** A whole number within bounds, both included. */
export function integer(min: number, max: number): (text: string) => number {
  return (value) => {
    const parsed = Number(value);
    // Tuners and Python write a whole number that was computed as 10.0.
    if (!/^[+-]?\d+(\.0+)?$/.test(value.trim()) || parsed < min || parsed > max) {
      throw new Error(`it must be a whole number from ${min} to ${max}`);
    }
    return parsed;
  };
}

/** One of a few words. */
export function choice<const C extends string>(...choices: readonly C[]): (text: string) => C {
  return (value) => {
    const found = choices.find((one) => one === value);
    if (found === undefined) throw new Error(`it must be one of ${choices.join(", ")}`);
    return found;
  };
}

/** Names separated by commas. */
export function list(): (text: string) => readonly string[] {
  return (value) => value.split(",").map((one) => one.trim()).filter((one) => one !== "");
}

/** The lines of an option that may be given several times; empty ones are left out. */
export function lines(): (text: string) => readonly string[] {
  return (value) => value.split("\n").filter((one) => one.trim() !== "");
}

/** A switch: given without a value, or `true` or `false` in the environment and in files. */
export function flag(): (text: string) => boolean {
  return (value) => {
    if (value !== "true" && value !== "false") throw new Error("it must be true or false");
    return value === "true";
  };
}

function readFlags(options: Options, args: readonly string[], problems: string[]) {
  const flags = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const match = /^--([a-zA-Z][\w-]*)(?:=([\s\S]*))?$/.exec(arg);
    if (match === null) {
      problems.push(`${JSON.stringify(withoutCredentials(arg))} is not an option`);
      continue;
    }
    const name = camel((match[1] ?? "").replaceAll("-", "_"));
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined || option.secret) {
      problems.push(unknown("flag", arg.split("=")[0] ?? arg, flagNames(options)));
      // Its value, if any, is not a second mistake.
      if (match[2] === undefined && !(args[index + 1] ?? "--").startsWith("--")) index++;
      continue;
    }
    const set = (value: string) => {
      const earlier = option.many ? flags.get(name) : undefined;
      flags.set(name, earlier === undefined ? value : `${earlier}\n${value}`);
    };
    if (match[2] !== undefined) set(match[2]);
    else if (option.hint === "") set("true");
    else {
      const next = args[++index];
      if (next === undefined || /^--[a-zA-Z]/.test(next)) {
        problems.push(`${arg} needs a value (${option.hint})`);
        index--;
      } else set(next);
    }
  }
  return flags;
}

function byName(
  options: Options,
  given: Readonly<Record<string, unknown>>,
  problems: string[],
  what: string,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(given)) {
    // SageMaker's own SDK and tuner add names of theirs.
    if (key.startsWith("sagemaker_") || key.startsWith("_")) continue;
    const name = camel(key);
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined || option.secret) {
      const names = Object.entries(options).filter(([, one]) => !one.secret)
        .map(([one]) => snake(one));
      problems.push(unknown(what, key, names));
      continue;
    }
    const text = textOf(value);
    if (text === undefined) {
      const shown = JSON.stringify(value);
      problems.push(`${key} is ${shown}, but it must be text, a number, true or false, or a list`);
    } else found.set(name, text);
  }
  return found;
}

/** What JSON stands for; undefined for what no option is: null, an object, lists of such. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const parts = value.map((each) => Array.isArray(each) ? undefined : textOf(each));
    return parts.includes(undefined) ? undefined : parts.join(",");
  }
  return typeof value === "object" ? undefined : String(value);
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return `${name} is not a known ${what}${close === undefined ? "" : `, did you mean ${close}?`}`;
}

/** SageMaker refuses empty parameters of pipelines, so that a blank too says that nothing is set. */
function set(text: string | undefined): string | undefined {
  return text?.trim() === "" ? undefined : text;
}

function firstSet(
  candidates: readonly (readonly [string | undefined, Source])[],
): readonly [string | undefined, Source] {
  return candidates.find(([text]) => text !== undefined) ?? [undefined, "default"];
}

function spelling(name: string, option: Option<unknown>, source?: Source): string {
  if (source === "environment" || option.secret) return `$${envName(name, option)}`;
  return source === "hyperparameter" || source === "file" ? snake(name) : `--${kebab(name)}`;
}

function flagNames(options: Options): string[] {
  return Object.entries(options).filter(([, one]) => !one.secret).map(([name]) =>
    `--${kebab(name)}`
  );
}

function envName(name: string, option: Option<unknown>): string {
  return option.env ?? `ML_${snake(name).toUpperCase()}`;
}

function camel(name: string): string {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function kebab(name: string): string {
  return snake(name).replaceAll("_", "-");
}
