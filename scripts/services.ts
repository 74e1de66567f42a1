/**
 * `deno task services start|stop|status`: see USAGE.
 *
 * @module
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { messageOf, PlatformError, UsageError } from "../jobs/lib/errors.ts";
import {
  type Service,
  SERVICES,
  servicesStatus,
  type ServiceStatus,
  startServices,
  stopServices,
} from "./services/mod.ts";
import { print, say } from "./services/output.ts";

const USAGE = `Real services for development and tests: Kafka, MLflow, a double of S3 and SageMaker.

usage: deno task services start|stop|status [options]

  --only kafka,mlflow,s3     these only; all unless given
  --mode auto|native|docker  auto (the default) takes Docker where its daemon answers
  --state FOLDER             of this set of services, to run more than one; .services unless given
  --json                     the result as JSON

What they need is downloaded at the first start and kept in .services/cache.`;

async function main(args: readonly string[]): Promise<void> {
  const { command, only, mode, json, ...options } = parse(args);
  if (command === "help") return print(USAGE);
  switch (command) {
    case "start": {
      const { endpoints } = await startServices(only, { ...options, mode, say });
      print(json ? JSON.stringify(endpoints) : table(await servicesStatus(options)));
      break;
    }
    case "stop":
      await stopServices(only, options);
      print(json ? JSON.stringify(await servicesStatus(options)) : `stopped ${only.join(", ")}`);
      break;
    case "status": {
      const status = (await servicesStatus(options)).filter(({ service }) =>
        only.includes(service)
      );
      print(json ? JSON.stringify(status) : table(status));
      break;
    }
  }
}

interface Command {
  readonly command: "start" | "stop" | "status" | "help";
  readonly only: readonly Service[];
  readonly mode: "auto" | "native" | "docker";
  readonly json: boolean;
  readonly instance?: string;
}

function parse(args: readonly string[]): Command {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: "string", default: SERVICES.join(",") },
        mode: { type: "string", default: "auto" },
        state: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw wrong(messageOf(error));
  }
  const { values, positionals } = parsed;
  const command = values.help ? "help" : positionals.join(" ");
  if (command !== "start" && command !== "stop" && command !== "status" && command !== "help") {
    throw wrong(`'${command}' is no command`);
  }
  const { mode } = values;
  if (mode !== "auto" && mode !== "native" && mode !== "docker") {
    throw wrong(`--mode is '${mode}'`);
  }
  const only = values.only.split(",").map((name) => {
    const service = SERVICES.find((service) => service === name.trim());
    if (service === undefined) throw wrong(`--only names '${name}'`);
    return service;
  });
  const instance = values.state === undefined ? {} : { instance: resolve(values.state) };
  return { command, only, mode, json: values.json, ...instance };
}

function wrong(found: string): UsageError {
  return new UsageError({
    code: "usage.services",
    cannot: "tell what to do with the services",
    found,
    todo: "Use: deno task services start|stop|status [--only kafka,mlflow,s3] " +
      "[--mode auto|native|docker] [--json]",
  });
}

function table(status: readonly ServiceStatus[]): string {
  const rows = status.map(({ service, running, process, endpoint }) => [
    service,
    running ? "running" : "stopped",
    `${process ?? "-"}`,
    endpoint || "-",
  ]);
  return [["SERVICE", "STATE", "PROCESS", "ENDPOINT"], ...rows]
    .map(([service = "", state = "", process = "", endpoint = ""]) =>
      `${service.padEnd(8)}${state.padEnd(9)}${process.padEnd(9)}${endpoint}`
    ).join("\n");
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    say(error.message);
    Deno.exit(error.exitCode);
  }
}
