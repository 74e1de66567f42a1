/**
 * `deno task build-push [training|inference|both]`: builds the images of this commit, pushes them to ECR,
 * and writes their digests into the environment's terraform.tfvars.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { messageOf, PlatformError, UsageError } from "../jobs/lib/errors.ts";
import { type Program, PROGRAMS, ROOT } from "./build/mod.ts";
import {
  ENGINES,
  type PLATFORMS,
  promoteImages,
  type Pushed,
  pushImages,
  readEnvironment,
  repositoryOf,
  tagOf,
  updateTfvars,
  variableOf,
} from "./images/mod.ts";
import { print, say } from "./services/output.ts";

const USAGE = `usage: deno task build-push [training|inference|both] [options]

  --environment NAME     whose terraform.tfvars is read and rewritten; staging unless given
  --promote-from NAME    copy the images that this environment uses, by digest, instead of building
  --region REGION        aws_region of terraform.tfvars unless given
  --platform PLATFORM    linux/amd64 or linux/arm64; the first unless given
  --tag TAG              <environment>-<commit> unless given
  --engine NAME          ${ENGINES.join(", ")}; the first that can be used unless given
  --create-repository    make a repository that is not there (Terraform does it otherwise)
  --kms-key ARN          its key; AWS's own for ECR unless given
  --allow-dirty          push files that differ from the commit, with a --tag of your own
  --base-image IMAGE     where the libraries come from; the Dockerfile's own unless given
  --registry HOST        a registry in ECR's place
  --infra DIR            folder of the environments; infra unless given
  --dry-run              say what would be done

AWS credentials are found as every AWS tool does. The last line of stdout is JSON.`;

const OPTIONS = {
  "environment": { type: "string", default: "staging" },
  "promote-from": { type: "string" },
  "region": { type: "string" },
  "platform": { type: "string", default: "linux/amd64" },
  "tag": { type: "string" },
  "engine": { type: "string" },
  "create-repository": { type: "boolean", default: false },
  "kms-key": { type: "string" },
  "allow-dirty": { type: "boolean", default: false },
  "base-image": { type: "string" },
  "registry": { type: "string" },
  "infra": { type: "string", default: `${ROOT}/infra` },
  "dry-run": { type: "boolean", default: false },
  "help": { type: "boolean", short: "h", default: false },
} as const;

const platforms = ["linux/amd64", "linux/arm64"] as const satisfies (keyof typeof PLATFORMS)[];

async function main(args: readonly string[]): Promise<void> {
  const { values, jobs } = parse(args);
  if (values.help) return print(USAGE);
  const environment = await readEnvironment(values.environment, values.infra);
  const source = values["promote-from"];
  const region = values.region ?? environment.region;
  if (region === undefined) {
    throw wrong(`${environment.file} has no aws_region, and --region is not given`);
  }
  const platform = oneOf(values.platform, platforms, "--platform");
  const engine = values.engine === undefined
    ? undefined
    : oneOf(values.engine, ENGINES, "--engine");
  if (values.tag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(values.tag)) {
    throw wrong(`--tag is '${values.tag}', which is no tag`);
  }
  if (values["dry-run"]) {
    const host = values.registry ??
      `${environment.account ?? "ACCOUNT"}.dkr.ecr.${region}.amazonaws.com`;
    for (const job of jobs) {
      const image = `${host}/${repositoryOf(job)}`;
      say(
        source === undefined
          ? `would build and push ${image}:${await tagOf({
            tag: values.tag,
            environment,
            allowDirty: values["allow-dirty"],
          })} for ${platform}`
          : `would copy the image that ${source} uses to ${image}`,
      );
      say(`would write its digest to ${variableOf(job)} in ${environment.file}`);
    }
    return print(JSON.stringify({ dry_run: true, jobs }));
  }
  const common = { jobs, region, registry: values.registry, say };
  const pushed = source === undefined
    ? await pushImages({
      ...common,
      environment,
      platform,
      tag: values.tag,
      engine,
      createRepository: values["create-repository"],
      kmsKey: values["kms-key"],
      allowDirty: values["allow-dirty"],
      baseImage: values["base-image"],
    })
    : await promoteImages({
      ...common,
      from: await readEnvironment(source, values.infra),
      to: environment,
    });
  await report(environment.file, pushed);
}

async function report(file: string, pushed: readonly Pushed[]): Promise<void> {
  const values = Object.fromEntries(pushed.map(({ job, uri }) => [variableOf(job), uri]));
  const changed = await updateTfvars(file, values);
  say(`${file} ${changed ? "has the new digests" : "has these digests already"}`);
  print(JSON.stringify({ file, changed, images: pushed }));
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: OPTIONS,
    });
    const words = positionals.length === 0 ? ["both"] : positionals;
    const jobs = words.flatMap((word): readonly Program[] =>
      word === "both" ? PROGRAMS : [oneOf(word, PROGRAMS, "the job")]
    );
    return { values, jobs: [...new Set(jobs)] };
  } catch (error) {
    throw error instanceof UsageError ? error : wrong(messageOf(error));
  }
}

function oneOf<T extends string>(word: string, known: readonly T[], what: string): T {
  const found = known.find((one) => one === word);
  if (found === undefined) throw wrong(`${what} is '${word}', not ${known.join(" or ")}`);
  return found;
}

function wrong(found: string): UsageError {
  return new UsageError({
    code: "usage.build-push",
    cannot: "build and push",
    found,
    todo: "--help lists the options",
  });
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
