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
  writeSummary,
} from "./container/mod.ts";
import { asksForHelp, choose, invocation, overview, unknownCommand } from "./command_list.ts";
import { readConfigFile, splitConfigFile } from "./config_file.ts";
import { messageOf, PlatformError } from "./errors.ts";
import type { Log } from "./log.ts";
import { checkLogVariables, processLog } from "./process_log.ts";
import { explainRefusal } from "./refusal.ts";
import { printLine } from "./streams.ts";
import { type Span, span, startTracing, type Tracing } from "./tracing/mod.ts";
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
  /** The whole command in the trace, to note what it works on. */
  readonly span: Span;
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
      process.identified(jobOf(container, process.env));
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
  /** Called with what names the job, for the log and the trace. */
  readonly identified: (job: Job) => void;
  /** Called with what may be printed of the configuration. */
  readonly configured: (printable: Config<Options>["printable"]) => void;
  /** What does not depend on the command. */
  readonly context: () => Pick<Context<Options>, "log" | "span" | "signal" | "terminal" | "print">;
}

/**
 * Runs the command that the arguments name, and returns the exit code. Nothing is thrown.
 *
 * @param program `training`, `inference`
 * @param commands by name
 * @param args without the program's own name
 * @param options `print` takes the lines of results, stdout unless told; `traced` says that the process
 *   may read OpenTelemetry's variables
 */
export async function runProgram(
  program: string,
  commands: Readonly<Record<string, AnyCommand>>,
  args: readonly string[],
  { print = printLine, traced = false }: {
    readonly print?: (line: string) => void;
    readonly traced?: boolean;
  } = {},
): Promise<number> {
  const terminal = Deno.stderr.isTerminal();
  let exitMessage: string | undefined;
  let log = processLog(terminal, false);
  const stop = stopSignal();
  let tracing: Tracing | undefined;
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
    if (traced) tracing = await startTracing(program, readEnv);
    const traceId = tracing?.traceId;
    const identity = traceId === undefined ? {} : { trace_id: traceId };
    log = log.within(identity);
    const execute = (root: Span) =>
      chosen.execute(rest, {
        env: readEnv,
        entered: (found) => {
          exitMessage = found;
          log = processLog(terminal, true).within(identity);
        },
        identified: (job) => {
          log = log.within({ ...job });
          root.set(job);
        },
        configured: (printable) => {
          checkLogVariables();
          log.info("configuration", printable);
        },
        context: () => ({ log, span: root, signal: stop.signal, terminal, print }),
      });
    // Without an operand's placeholder, as in `runs show RUN`.
    const outcome = await span(chosen.usage.replace(/ [A-Z]+$/, ""), execute);
    if (outcome.failure !== undefined) await report(outcome.failure, exitMessage, log);
    else if (exitMessage !== undefined) {
      await writeSummary(chosen.contract, exitMessage, outcome.summary);
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
    const unsent = await tracing?.end();
    if (unsent !== undefined) log.warn("the trace could not be sent", { reason: unsent });
  }
}

/** What names a job, by the names of log fields and of a trace's attributes. */
export type Job = Readonly<Record<string, string>>;

/** SageMaker's names of the job, of the pipeline's execution that started it, and of this machine. */
function jobOf(container: Container | undefined, env: Process["env"]): Job {
  if (container === undefined) return {};
  const job = container.kind === "processing" ? container.job : env("TRAINING_JOB_NAME");
  if (job === undefined) return {};
  const [, execution] = /^pipelines-([a-z0-9]{12})-/.exec(job) ?? [];
  return {
    job,
    ...(execution === undefined ? {} : { execution }),
    ...(container.hosts.all.length > 1 ? { host: container.hosts.current } : {}),
  };
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
