/**
 * Runs one step: its arguments resolved, its earlier result where one may stand for it, its job tried
 * again where the platform failed.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf } from "../../jobs/lib/errors.ts";
import { cacheKey, duration } from "./cache.ts";
import { type CachedStep, readCached, writeCached } from "./cached.ts";
import { allHold } from "./conditions.ts";
import type { LocalStep } from "./shape.ts";
import { ask } from "./external.ts";
import { PlatformFault, StepFailure } from "./failures.ts";
import { resolveValue, type Scope } from "./functions.ts";
import { isObject, lookUp, parsePath } from "./path.ts";
import { runProcessing } from "./processing.ts";
import type { StepRecord } from "./record.ts";
import { registerModel } from "./register_model.ts";
import { withRetries } from "./retry.ts";
import type { Running } from "./running.ts";
import type { StepOutcome } from "./schedule.ts";
import type { Properties } from "./step_world.ts";
import { runTraining } from "./training.ts";

/** Makes the function that runs the steps of an execution. */
export function stepRunner(
  running: Running,
): (step: LocalStep, signal: AbortSignal) => Promise<StepOutcome> {
  const scope = scopeOf(running);
  return async (step, signal) => {
    const { Name, Type } = step;
    if (Type === "Condition") {
      const conditions = step.Arguments["Conditions"];
      const outcome = await allHold(Array.isArray(conditions) ? conditions : [], scope, Name);
      running.note(Name, { outcome });
      running.log.info("condition decided", { step: Name, outcome });
      return { condition: outcome };
    }
    const earlier = running.kept.get(Name);
    if (earlier !== undefined) {
      running.note(Name, {
        resumed_from: earlier.resumed_from ?? running.resumes?.record.execution ?? "",
        properties: earlier.properties ?? {},
      });
      return {};
    }
    const resolved = await resolveStep(step, scope);
    if (Type === "Fail") {
      throw new StepFailure(String(resolved["ErrorMessage"] ?? "no reason is given"), {
        final: true,
      });
    }
    running.note(Name, await perform(running, step, resolved, signal));
    return {};
  };
}

async function perform(
  running: Running,
  step: LocalStep,
  resolved: Properties,
  signal: AbortSignal,
): Promise<Partial<StepRecord>> {
  const { output, pipeline, execution, log, longestWait } = running;
  const { Name, Type, CacheConfig } = step;
  const key = running.cache && CacheConfig?.Enabled ? cacheKey(Type, resolved) : undefined;
  const place: CachedStep | undefined = key === undefined ? undefined : {
    folder: join(output, "cache", pipeline, Name),
    key,
    expireAfter: duration(CacheConfig?.ExpireAfter ?? "P1Y"),
  };
  const hit = place && await readCached(place, running.objects);
  if (hit !== undefined) {
    log.info("cache hit", { step: Name, execution: hit.execution });
    return { cached_from: hit.execution, properties: hit.properties };
  }
  const faults = [...running.faults.get(Name) ?? []];
  const { result, attempts } = await withRetries(step.RetryPolicies, async (number) => {
    const fault = faults.shift();
    if (fault !== undefined) throw new PlatformFault(fault, "acted out, as --fault asked");
    return await attempt(running, step, resolved, number, signal);
  }, {
    longestWait,
    now: () => performance.now(),
    sleep: (milliseconds) => sleep(milliseconds, signal),
    retrying: (fault, number, wait) =>
      log.warn(`step ${Name} is tried again: ${fault.message}`, { attempt: number, wait_ms: wait }),
  });
  if (place !== undefined) await writeCached(place, { execution, properties: result });
  return { attempts, properties: result };
}

async function attempt(
  running: Running,
  { Name, Type }: LocalStep,
  resolved: Properties,
  number: number,
  signal: AbortSignal,
): Promise<Properties> {
  const { folder, execution, objects, launcher, killAfter, commands, inherited, note } = running;
  const below = join("steps", Name, `attempt-${number}`);
  if (Type === "RegisterModel") {
    return await registerModel(join(running.output, "model-packages"), resolved);
  }
  if (Type === "Lambda") {
    const { FunctionArn, Arguments } = resolved;
    return await ask(String(FunctionArn), Arguments, commands, inherited, signal);
  }
  if (Type === "Callback") {
    const message = {
      token: crypto.randomUUID(),
      pipelineExecutionArn: arnOf(running),
      status: "Executing",
      arguments: resolved["Arguments"],
    };
    return await ask(String(resolved["SqsQueueUrl"]), message, commands, inherited, signal);
  }
  const own = join(folder, below);
  await Deno.mkdir(own, { recursive: true });
  const random = crypto.randomUUID().replaceAll("-", "").slice(0, 10);
  const job = `pipelines-${execution}-${Name.slice(0, 24)}-${random}`;
  const work = { step: Name, job, folder: own, objects, launcher, killAfter, signal };
  try {
    return await (Type === "Training" ? runTraining : runProcessing)(work, resolved);
  } finally {
    const names = await Array.fromAsync(Deno.readDir(own));
    const logs = names.filter(({ name }) => name.endsWith(".log")).map(({ name }) => name).sort();
    note(Name, { attempts: number, logs: logs.map((name) => join(below, name)) });
  }
}

/** Arguments without functions; for Callback and Lambda beside whom they ask. */
async function resolveStep(step: LocalStep, scope: Scope): Promise<Properties> {
  const { Name, Type, Arguments, SqsQueueUrl, FunctionArn } = step;
  const whole = Type === "Callback"
    ? { SqsQueueUrl, Arguments }
    : Type === "Lambda"
    ? { FunctionArn, Arguments }
    : Arguments;
  const resolved = await resolveValue(whole, scope, `${Name}.Arguments`);
  return isObject(resolved) ? resolved : {};
}

function scopeOf(running: Running): Scope {
  const { pipeline, execution, started, parameters, definition, objects, steps } = running;
  const propertiesOf = (step: string) => steps.get(step)?.properties;
  const readJson = async (uri: string): Promise<unknown> => {
    const text = await objects.text(uri);
    if (text === undefined) throw new StepFailure(`ClientError: there is no ${uri}`);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new StepFailure(`ClientError: ${uri} is not JSON: ${messageOf(error)}`);
    }
  };
  return {
    parameters,
    execution: {
      PipelineName: pipeline,
      PipelineArn: `arn:aws:sagemaker:local:000000000000:pipeline/${pipeline}`,
      PipelineExecutionId: execution,
      PipelineExecutionArn: arnOf(running),
      StartDateTime: started,
      CurrentDateTime: new Date().toISOString(),
    },
    properties: propertiesOf,
    readJson,
    propertyFile: async (name, file) => {
      const step = definition.steps.find(({ Name }) => Name === name);
      const declared = step?.PropertyFiles.find((each) => each.PropertyFileName === file);
      const uri = declared && lookUp(
        propertiesOf(name),
        parsePath(`ProcessingOutputConfig.Outputs['${declared.OutputName}'].S3Output.S3Uri`) ?? [],
      );
      if (typeof uri !== "string") {
        throw new StepFailure(`ClientError: ${name} has no property file ${file}`);
      }
      return await readJson(`${uri.replace(/\/+$/, "")}/${declared?.FilePath}`);
    },
  };
}

function arnOf({ pipeline, execution }: Running): string {
  return `arn:aws:sagemaker:local:000000000000:pipeline/${pipeline}/execution/${execution}`;
}

/** Ends early, and badly, when the execution is stopped. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
