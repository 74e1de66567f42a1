/**
 * `deno task test [AREA…]`: runs the tests with the services and Python environments they need, which
 * are started once and shared; what this command started it also stops.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { messageOf, PlatformError, UsageError } from "../jobs/lib/errors.ts";
import { pass, print, say } from "./services/output.ts";
import {
  type Endpoints,
  kafkaTools,
  type PythonEnvironment,
  pythonEnvironment,
  type Service,
  startServices,
  stopServices,
} from "./services/mod.ts";
import { type Area, AREAS, areasNamed } from "./tests/areas.ts";
import { buildBinaries } from "./tests/binaries.ts";
import { containerTools } from "./tests/containers.ts";
import { inShard, parseShard } from "./tests/shards.ts";
import { closingLine, type Counts, countTests, sum } from "./tests/summary.ts";

const USAGE =
  `usage: deno task test [AREA…] [--filter TEXT] [--extended] [--shard I/N] [--coverage DIR]

  AREA           ${AREAS.map(({ name }) => name).join(", ")}; all unless given;
                 publishing means all that concern it
  --filter TEXT  only tests whose name contains it
  --extended     the long form of each area (also: deno task test:extended AREA)
  --shard I/N    only the I-th of N parts of the areas, of about the same length
  --coverage DIR what ran of the code, for deno coverage DIR/*`;

async function main(args: readonly string[]): Promise<number> {
  const { areas, env, filter, coverage, help } = parse(args);
  if (help) return print(USAGE), 0;
  const stop = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143 } as const;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stop.abort(codes[signal]));
  }
  const started = new Set<Service>();
  const results: { area: Area; minutes: number; counts: Counts }[] = [];
  try {
    for (const area of areas) {
      if (stop.signal.aborted) break;
      const begin = Date.now();
      print(`\n── ${area.name} ──`);
      const counts = await runArea(area, {
        env,
        filter: coverage === undefined
          ? filter
          : [...filter, `--coverage=${coverage}/${area.name}`],
        started,
        signal: stop.signal,
      });
      results.push({ area, minutes: (Date.now() - begin) / 60_000, counts });
    }
  } finally {
    if (started.size > 0) await stopServices([...started]);
  }
  if (stop.signal.aborted) return stop.signal.reason;
  const total = sum(results.map(({ counts }) => counts));
  print("");
  for (const { area, minutes, counts } of results) {
    print(`${minutes.toFixed(1).padStart(5)} min  ${area.name.padEnd(19)}${closingLine(counts)}`);
  }
  print(closingLine(total));
  return total.failed === 0 ? 0 : 1;
}

interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly filter: readonly string[];
  /** Gets the services that this command has to stop. */
  readonly started: Set<Service>;
  readonly signal: AbortSignal;
}

async function runArea(area: Area, options: RunOptions): Promise<Counts> {
  const { env, filter, started, signal } = options;
  const decoder = new TextDecoder();
  let output = "";
  let success = false;
  try {
    const binaries = area.compiled ? await buildBinaries(say) : {};
    const why = "why" in binaries
      ? binaries.why
      : area.containers
      ? await containerTools(say)
      : undefined;
    if (why !== undefined) {
      print(`not run: ${area.name} (${why})`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    // Natively even beside a Docker daemon: the tests need Java and its console tools anyway.
    const services = await startServices(area.services, { mode: "native", say });
    for (const service of services.started) started.add(service);
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        ...area.permissions,
        ...filter,
        ...area.files,
      ],
      cwd: decodeURIComponent(new URL("..", import.meta.url).pathname),
      env: {
        ...env,
        ...await testEnvironment(area, services.endpoints),
        ...binaries,
        ...(Deno.stdout.isTerminal() && !Deno.noColor ? { FORCE_COLOR: "1" } : {}),
      },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
      signal,
    }).spawn();
    for await (const chunk of child.stdout) {
      pass(chunk);
      output += decoder.decode(chunk, { stream: true });
    }
    ({ success } = await child.status);
  } catch (error) {
    if (!signal.aborted && !(error instanceof PlatformError)) throw error;
    say(messageOf(error));
  }
  return countTests(output, success, Deno.env.get("CI") === "true");
}

/** How tests learn where services are: variables named `ML_TEST_…`. */
async function testEnvironment(
  area: Area,
  { kafka, mlflow, s3 }: Endpoints,
): Promise<Record<string, string>> {
  const variables: Record<PythonEnvironment, string> = {
    oracle: "ML_TEST_PYTHON",
    pandas2: "ML_TEST_PYTHON_PANDAS2",
    mlflow2: "ML_TEST_PYTHON_MLFLOW2",
    mlflow3: "ML_TEST_PYTHON_MLFLOW3",
    mlflow2_ui: "ML_TEST_PYTHON_MLFLOW2_UI",
    mlflow3_ui: "ML_TEST_PYTHON_MLFLOW3_UI",
    moto: "ML_TEST_PYTHON_MOTO",
    awscli: "ML_TEST_PYTHON_AWSCLI",
    kafka: "ML_TEST_PYTHON_KAFKA",
    bench: "ML_TEST_PYTHON_BENCH",
    data_peers: "ML_TEST_PYTHON_DATA_PEERS",
    pandera_peers: "ML_TEST_PYTHON_PANDERA_PEERS",
    exporters: "ML_TEST_PYTHON_EXPORTERS",
    images: "ML_TEST_PYTHON_IMAGES",
    workflows: "ML_TEST_PYTHON_WORKFLOWS",
    writers: "ML_TEST_PYTHON_WRITERS",
    terraform: "ML_TEST_PYTHON_TERRAFORM",
    images_peer: "ML_TEST_PYTHON_IMAGES_PEER",
  };
  const pythons: Record<string, string> = {};
  for (const name of area.pythons) pythons[variables[name]] = await pythonEnvironment(name, say);
  return {
    ...pythons,
    ...(kafka === undefined ? {} : {
      ML_TEST_KAFKA: kafka.bootstrapServers,
      ML_TEST_KAFKA_SASL: kafka.saslBootstrapServers,
      ML_TEST_KAFKA_SASL_SSL: kafka.saslSslBootstrapServers,
      ML_TEST_KAFKA_SSL: kafka.sslBootstrapServers,
      ML_TEST_KAFKA_CA: kafka.caFile,
      ML_TEST_KAFKA_LIB: kafka.jars,
      ML_TEST_JAVA: (await kafkaTools()).java,
    }),
    ...(mlflow === undefined ? {} : { ML_TEST_MLFLOW_URL: mlflow.url }),
    ...(s3 === undefined ? {} : { ML_TEST_S3: s3.endpoint }),
  };
}

interface Arguments {
  readonly areas: readonly Area[];
  readonly env: Readonly<Record<string, string>>;
  readonly filter: readonly string[];
  readonly coverage: string | undefined;
  readonly help: boolean;
}

function parse(args: readonly string[]): Arguments {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        filter: { type: "string" },
        extended: { type: "boolean", default: false },
        shard: { type: "string" },
        coverage: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw wrong(messageOf(error));
  }
  const { values, positionals } = parsed;
  const areas = positionals.flatMap((word) => {
    const named = areasNamed(word);
    if (named.length === 0) throw wrong(`'${word}' is no area`);
    return named;
  });
  const chosen = areas.length > 0 ? areas : AREAS;
  return {
    areas: values.shard === undefined ? chosen : partOf(chosen, values.shard),
    env: values.extended ? { ML_TEST_EXTENDED: "1" } : {},
    filter: values.filter === undefined ? [] : ["--filter", values.filter],
    coverage: values.coverage,
    help: values.help,
  };
}

function partOf(areas: readonly Area[], shard: string): Area[] {
  try {
    return inShard(areas, parseShard(shard));
  } catch (error) {
    throw wrong(messageOf(error));
  }
}

function wrong(found: string): UsageError {
  return new UsageError({
    code: "usage.test",
    cannot: "run the tests",
    found,
    todo: `Areas are ${AREAS.map(({ name }) => name).join(", ")}`,
  });
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    say(error.message);
    Deno.exit(error.exitCode);
  }
}
