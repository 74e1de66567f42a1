/**
 * Runs one command of a job as a process: configuration, log, signals, results on stdout, SageMaker's
 * failure file, exit code. A job's `main.ts` is a list of commands given to {@linkcode runProgram}.
 *
 * @module
 */

import {
  type Config,
  environmentNames,
  helpText,
  nameOperand,
  type Options,
  readConfig,
  type Sources,
  type Values,
} from "./config.ts";
import {
  checkAccess,
  type Contract,
  findExitMessage,
  type ProcessingContainer,
  readProcessingContainer,
  readTrainingContainer,
  stopSignal,
  type TrainingContainer,
  writeExitMessage,
} from "./container/mod.ts";
import { isNotFound, messageOf, PlatformError, UsageError } from "./errors.ts";
import { createLog, type Level, type Log } from "./log.ts";
import { nearest } from "./nearest.ts";
import { CLEAR_LINE } from "./progress.ts";
import { explainRefusal } from "./refusal.ts";
import { printLine, writeStderr } from "./streams.ts";
import { versionText } from "./version.ts";

/** SageMaker's container, if the process runs in one. */
export type Container =
  | ({ readonly kind: "training" } & TrainingContainer)
  | ({ readonly kind: "processing" } & ProcessingContainer);

/** What a command gets to work with. */
export interface Context<O extends Options> {
  /** Its options. */
  readonly values: Values<O>;
  /** Where each value came from. */
  readonly sources: Config<O>["sources"];
  /** What may be shown of the configuration, by snake_case name. */
  readonly printable: Config<O>["printable"];
  /** Where it runs, if in a SageMaker container. */
  readonly container: Container | undefined;
  /** Goes to stderr. */
  readonly log: Log;
  /** Aborted by SIGTERM and SIGINT; the reason is a {@linkcode PlatformError}. */
  readonly signal: AbortSignal;
  /** Whether a person watches stderr. */
  readonly terminal: boolean;
  /** Writes a line of results to stdout. */
  readonly print: (line: string) => void;
}

/** How a command ended, unless it threw. */
export interface Outcome {
  /** Printed as the last line of stdout, as JSON. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** Printed instead of the summary where stdout is a terminal, for a person to read. */
  readonly text?: string;
  /** What keeps the exit code from being 0, such as a quality gate that was not met. */
  readonly failure?: PlatformError;
}

/** One command of a job. */
export interface Command<O extends Options = Options> {
  /** `train`, `training validate`. */
  readonly usage: string;
  /** What it does, for `--help`; the first line also for the list of commands. */
  readonly about: string;
  /** Its options. */
  readonly options: O;
  /** The option that an argument without a name sets: `runs show RUN`. */
  readonly operand?: keyof O & string;
  /** Which of SageMaker's contracts it honours. */
  readonly contract: Contract;
  /** Which options the container's channels and folders stand for. */
  readonly channels: (container: Container) => Readonly<Record<string, string>>;
  /** Does the work. */
  readonly run: (context: Context<O>) => Promise<Outcome>;
}

/** Makes a command whose `run` knows the types of its options. */
export function command<const O extends Options>(definition: Command<O>): AnyCommand {
  return {
    usage: definition.usage,
    about: definition.about,
    options: definition.options,
    contract: definition.contract,
    execute: async (args, process) => {
      const mlRoot = process.env("ML_ROOT");
      const exitMessage = await findExitMessage(definition.contract, mlRoot);
      if (exitMessage !== undefined) process.entered(exitMessage);
      const container = await readContainer(definition, mlRoot);
      if (container !== undefined) await checkContainer(container);
      const config = readConfig(definition.options, await sources(definition, args, container));
      process.configured(config.printable);
      return await definition.run({ ...process.context(), ...config, container });
    },
  };

  async function sources(
    definition: Command<O>,
    args: readonly string[],
    container: Container | undefined,
  ): Promise<Sources> {
    const { file, rest } = splitConfigFile(
      nameOperand(definition.operand, args, definition.options),
    );
    const fileName = file ?? readEnv("ML_CONFIG");
    return {
      args: rest,
      env: readEnvironment(definition.options),
      ...(container?.kind === "training" ? { hyperparameters: container.hyperparameters } : {}),
      ...(container === undefined ? {} : { channels: definition.channels(container) }),
      ...(fileName === undefined ? {} : { file: await readConfigFile(fileName), fileName }),
    };
  }
}

/** A command whose option types are settled; made by {@linkcode command}. */
export interface AnyCommand {
  /** See {@linkcode Command.usage}. */
  readonly usage: string;
  /** See {@linkcode Command.about}. */
  readonly about: string;
  /** See {@linkcode Command.options}. */
  readonly options: Options;
  /** See {@linkcode Command.contract}. */
  readonly contract: Contract;
  /** Reads the configuration and runs. */
  readonly execute: (args: readonly string[], process: Process) => Promise<Outcome>;
}

/** The running process, as far as a command needs it. */
export interface Process {
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Called where this is a container, with the file that SageMaker reads at the end. */
  readonly entered: (exitMessage: string) => void;
  /** Called with what may be printed of the configuration. */
  readonly configured: (printable: Config<Options>["printable"]) => void;
  /** What does not depend on the command. */
  readonly context: () => Pick<Context<Options>, "log" | "signal" | "terminal" | "print">;
}

/**
 * Runs the command that the arguments name, and returns the exit code. Nothing is thrown.
 *
 * @param program `training`, `inference`
 * @param commands by name
 * @param args without the program's own name
 * @param options `print` takes the lines of results; stdout unless told
 */
export async function runProgram(
  program: string,
  commands: Readonly<Record<string, AnyCommand>>,
  args: readonly string[],
  { print = printLine }: { print?: (line: string) => void } = {},
): Promise<number> {
  const terminal = Deno.stderr.isTerminal();
  let exitMessage: string | undefined;
  let log = makeLog(terminal, false);
  const stop = stopSignal();
  try {
    const [name] = args;
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      print(overview(program, commands));
      return name === undefined ? 2 : 0;
    }
    if (name === "--version" || name === "-V") {
      print(versionText(program, args.includes("--json")));
      return 0;
    }
    const { chosen, rest, group } = choose(commands, args);
    if (chosen === undefined) {
      const help = group.length > 0 && (rest.length === 0 || asksForHelp(rest));
      if (!help) throw unknownCommand(program, args, Object.keys(commands));
      print(overview(program, Object.fromEntries(group)));
      return rest.length === 0 ? 2 : 0;
    }
    if (asksForHelp(rest)) {
      print(
        helpText(`${invocation(chosen.usage, program)} [options]`, chosen.about, chosen.options),
      );
      return 0;
    }
    const outcome = await chosen.execute(rest, {
      env: readEnv,
      entered: (found) => {
        exitMessage = found;
        log = makeLog(terminal, true);
      },
      configured: (printable) => {
        checkLogVariables();
        log.info("configuration", printable);
      },
      context: () => ({ log, signal: stop.signal, terminal, print }),
    });
    if (outcome.failure !== undefined) await report(outcome.failure, exitMessage, log);
    else if (exitMessage !== undefined && chosen.contract === "processing") {
      await writeExitMessage(exitMessage, JSON.stringify(outcome.summary));
    }
    const { summary, text } = outcome;
    print(text !== undefined && Deno.stdout.isTerminal() ? text : JSON.stringify(summary));
    return outcome.failure?.exitCode ?? 0;
  } catch (thrown) {
    // Whatever an interrupted wait throws, the signal is the reason.
    const error = stop.signal.aborted ? stop.signal.reason : explainRefusal(thrown) ?? thrown;
    await report(error, exitMessage, log);
    return error instanceof PlatformError ? error.exitCode : 1;
  } finally {
    stop.release();
  }
}

/** The command that the arguments name, in one word or two, or the commands that begin with it. */
function choose(
  commands: Readonly<Record<string, AnyCommand>>,
  [first = "", second = "", ...others]: readonly string[],
): { chosen?: AnyCommand; rest: readonly string[]; group: [string, AnyCommand][] } {
  const entries = Object.entries(commands);
  const rest = second === "" ? [] : [second, ...others];
  const one = entries.find(([name]) => name === first)?.[1];
  if (one !== undefined) return { chosen: one, rest, group: [] };
  const two = entries.find(([name]) => name === `${first} ${second}`)?.[1];
  if (two !== undefined) return { chosen: two, rest: others, group: [] };
  return { rest, group: entries.filter(([name]) => name.startsWith(`${first} `)) };
}

/** How a command is typed: by its task, or in a binary by the program. */
function invocation(usage: string, program: string): string {
  if (!Deno.build.standalone) return `deno task ${usage}`;
  return usage.split(" ", 1)[0] === program ? usage : `${program} ${usage}`;
}

function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

async function report(error: unknown, exitMessage: string | undefined, log: Log): Promise<void> {
  if (error instanceof PlatformError) {
    log.error(error.message, { code: error.code, ...error.place });
    if (error.cause !== undefined) log.debug("caused by", { cause: messageOf(error.cause) });
  } else {
    const stack = error instanceof Error ? error.stack ?? error.message : String(error);
    log.error(`This is a bug, please report it: ${stack}`, { code: "bug" });
  }
  if (exitMessage !== undefined) await writeExitMessage(exitMessage, messageOf(error));
}

async function readContainer<O extends Options>(
  definition: Command<O>,
  mlRoot: string | undefined,
): Promise<Container | undefined> {
  if (definition.contract === "training") {
    const found = await readTrainingContainer(mlRoot);
    return found === undefined ? undefined : { kind: "training", ...found };
  }
  const found = await readProcessingContainer(mlRoot);
  return found === undefined ? undefined : { kind: "processing", ...found };
}

/** In a binary; from source there is no permission to ask who this is. */
async function checkContainer(container: Container): Promise<void> {
  if (!Deno.build.standalone || Deno.uid() === 0) return;
  const [inputs, outputs] = container.kind === "training"
    ? [container.channels, [
      container.modelFolder,
      container.outputFolder,
      container.checkpointFolder,
    ]]
    : [container.inputs, Object.values(container.outputs)];
  await checkAccess(`user ${Deno.uid()}`, Object.values(inputs), outputs);
}

function splitConfigFile(args: readonly string[]): { file?: string; rest: readonly string[] } {
  const at = args.findIndex((arg) => arg === "--config" || arg.startsWith("--config="));
  if (at < 0) return { rest: args };
  const arg = args[at] ?? "";
  const inline = arg.startsWith("--config=");
  const file = inline ? arg.slice("--config=".length) : args[at + 1];
  if (file === undefined || file === "") {
    throw new UsageError({
      code: "config.invalid",
      cannot: "start",
      found: "--config needs a value",
      todo: "Name a JSON file",
      place: { option: "--config" },
    });
  }
  return { file, rest: args.toSpliced(at, inline ? 1 : 2) };
}

async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const fail = (found: string) =>
    new UsageError({
      code: "config.file-invalid",
      cannot: `read the configuration ${path}`,
      found,
      todo: 'Give a JSON object of option names in snake_case, as in {"n_estimators": 100}',
      place: { file: path },
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw fail(isNotFound(error) ? "there is no such file" : messageOf(error));
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw fail("it is not an object");
  }
  return { ...parsed };
}

function readEnvironment(options: Options): Record<string, string> {
  const env: Record<string, string> = {};
  for (const variable of environmentNames(options)) {
    const value = readEnv(variable);
    if (value !== undefined) env[variable] = value;
  }
  return env;
}

function readEnv(name: string): string | undefined {
  return Deno.env.get(name) || undefined;
}

function makeLog(terminal: boolean, container: boolean): Log {
  const usual = terminal && !container ? "text" : "json";
  return createLog({
    // What is wrong is told by checkLogVariables(), which needs a log.
    format: FORMATS.find((format) => format === readEnv("ML_LOG_FORMAT")) ?? usual,
    level: LEVELS.find((level) => level === readEnv("ML_LOG_LEVEL")) ?? "info",
    ...(terminal ? { write: (line: string) => writeStderr(`${CLEAR_LINE}${line}\n`) } : {}),
  });
}

const FORMATS = ["json", "text"] as const;
const LEVELS: readonly Level[] = ["debug", "info", "warn", "error"];

/** @throws {UsageError} `config.invalid` if a variable of the log has a value of no meaning */
function checkLogVariables(): void {
  const known = { ML_LOG_FORMAT: FORMATS, ML_LOG_LEVEL: LEVELS };
  for (const [variable, values] of Object.entries(known)) {
    const value = readEnv(variable);
    if (value === undefined || values.some((one) => one === value)) continue;
    throw new UsageError({
      code: "config.invalid",
      cannot: "start",
      found: `$${variable} is ${JSON.stringify(value)}`,
      todo: `Use one of ${values.join(", ")}`,
      place: { option: variable },
    });
  }
}

function unknownCommand(
  program: string,
  [first = "", second = ""]: readonly string[],
  known: readonly string[],
): UsageError {
  const isGroup = known.some((one) => one.startsWith(`${first} `));
  const name = isGroup ? `${first} ${second}` : first;
  const close = nearest(name, known);
  return new UsageError({
    code: "config.unknown-command",
    cannot: "start",
    found: `${program} has no command ${JSON.stringify(name)}`,
    todo: close === undefined ? `Use one of ${known.join(", ")}` : `Did you mean ${close}?`,
  });
}

function overview(program: string, commands: Readonly<Record<string, AnyCommand>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  return [
    `${invocation(program, program)} COMMAND [options]`,
    "",
    ...Object.entries(commands).map(([name, { about }]) =>
      `  ${name.padEnd(width)}${about.split("\n", 1)[0]}`
    ),
    "",
    "COMMAND --help lists its options. Exit codes: 0 done, 1 bug, 2 usage or configuration, 3 data",
    "rejected, 4 a dependency is unreachable or refused us, 5 quality gate not met, 6 fenced by a",
    "newer run, 143/130 stopped (resumable).",
  ].join("\n");
}
