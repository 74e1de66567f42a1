import { DependencyError, UsageError } from "../../jobs/lib/errors.ts";
import { VERSION } from "../../jobs/lib/version.ts";
import {
  type Binary,
  build,
  buildFacts,
  denoVersion,
  packagesIn,
  type Program,
  ROOT,
  type Target,
} from "../build/mod.ts";
import { ensureRepository, type Registry, registryOf } from "./ecr.ts";
import { type Engine, type EngineName, findEngine } from "./engine.ts";
import { type Environment, repositoryOf } from "./environment.ts";
import { provenanceOf } from "./provenance.ts";
import { readLabels, readManifest, type Repository } from "./registry.ts";
import { spdxOf } from "./sbom.ts";

/** The two kinds of machine, as images and as compilers call them. */
export const PLATFORMS = {
  "linux/amd64": { folder: "amd64", target: "x86_64-unknown-linux-gnu" },
  "linux/arm64": { folder: "arm64", target: "aarch64-unknown-linux-gnu" },
} as const satisfies Record<string, { folder: string; target: Target }>;

/** What to push. */
export interface PushOptions {
  readonly jobs: readonly Program[];
  readonly environment: Environment;
  readonly region: string;
  readonly platform: keyof typeof PLATFORMS;
  /** `<environment>-<commit>` unless given. */
  readonly tag: string | undefined;
  readonly engine: EngineName | undefined;
  /** The registry instead of ECR's own host, such as an endpoint or a test's. */
  readonly registry: string | undefined;
  readonly createRepository: boolean;
  readonly kmsKey: string | undefined;
  readonly allowDirty: boolean;
  /** The Dockerfile's own unless given. */
  readonly baseImage: string | undefined;
  readonly say: (line: string) => void;
}

/** An image in the registry. */
export interface Pushed {
  readonly job: Program;
  /** `registry/repository@sha256:…` */
  readonly uri: string;
  readonly tag: string;
  readonly digest: string;
  /** False where the very image was there already. */
  readonly pushed: boolean;
}

/** Tells whether an image is the one that would be built: its contents follow from these two. */
const BINARY_LABEL = "ml-pipelines.binary.sha256";
const BASE_LABEL = "org.opencontainers.image.base.name";

/**
 * Builds images of the commit and pushes what the registry does not have yet.
 *
 * @throws {UsageError | DependencyError} `image.*`, `ecr.*`, `registry.*`, `build.*`
 */
export async function pushImages(options: PushOptions): Promise<Pushed[]> {
  const { jobs, environment, region, platform, say } = options;
  const tag = await tagOf(options);
  const engine = await findEngine(options.engine);
  const { account } = environment;
  const login = await registryOf(region, account);
  for (const job of jobs) {
    const made = await ensureRepository(region, repositoryOf(job), {
      create: options.createRepository,
      kmsKey: options.kmsKey,
    });
    if (made) say(`made the repository ${repositoryOf(job)}`);
  }
  const host = options.registry ?? login.host;
  await engine.login(host, login.username, login.password);
  try {
    const { folder, target } = PLATFORMS[platform];
    const binaries = await build({ programs: jobs, target, output: `${ROOT}/dist/${folder}`, say });
    const pushed: Pushed[] = [];
    for (const binary of binaries) {
      pushed.push(await pushImage(binary, { ...options, tag, engine, host, login, target }));
    }
    return pushed;
  } finally {
    await engine.logout(host);
  }
}

/** The tag for what would be pushed now. @throws {UsageError} `image.dirty`, `image.no-commit` */
export async function tagOf(
  { tag, environment, allowDirty }: Pick<PushOptions, "tag" | "environment" | "allowDirty">,
): Promise<string> {
  const { commit, dirty } = await buildFacts(undefined);
  if (commit === null) {
    throw new UsageError({
      code: "image.no-commit",
      cannot: "push images",
      found: "this is no git checkout, so nothing says what they are made of",
      todo: "Run it in a clone",
    });
  }
  if (dirty && (!allowDirty || tag === undefined)) {
    throw new UsageError({
      code: "image.dirty",
      cannot: "push images",
      found: "files differ from the commit, and the images would say that they are the commit's",
      todo: "Commit them, or give both --allow-dirty and a --tag of your own",
    });
  }
  return tag ?? `${environment.name}-${commit}`;
}

interface OneImage extends Omit<PushOptions, "engine" | "tag"> {
  readonly tag: string;
  readonly engine: Engine;
  readonly host: string;
  readonly login: Registry;
  readonly target: Target;
}

async function pushImage(binary: Binary, options: OneImage): Promise<Pushed> {
  const { environment, platform, tag, engine, host, login, target, say } = options;
  const job = binary.program;
  const repository: Repository = {
    registry: host,
    name: repositoryOf(job),
    credentials: { username: login.username, password: login.password },
  };
  const file = `${ROOT}/jobs/${job}/Dockerfile`;
  const baseImage = options.baseImage ?? await defaultBase(file);
  const labels = { [BINARY_LABEL]: binary.sha256, [BASE_LABEL]: baseImage };
  const image = `${host}/${repository.name}`;
  let digest = await existing(repository, tag, labels);
  const known = digest !== undefined;
  if (digest === undefined) {
    const { commit, committed_at } = binary.build;
    const { folder } = PLATFORMS[platform];
    say(`building ${image}:${tag} with ${engine.name}`);
    await engine.build({
      file,
      context: ROOT,
      platform,
      args: {
        BINARY: "dist",
        // Not needed where the binary is there already, and so not to be pulled.
        BUILD_IMAGE: baseImage,
        BASE_IMAGE: baseImage,
        TARGETARCH: folder,
        VERSION,
        GIT_COMMIT: commit ?? "",
        GIT_COMMIT_TIME: committed_at ?? "",
      },
      labels,
      timestamp: Math.floor(Date.parse(committed_at ?? "1970-01-01T00:00:00Z") / 1000),
      image: `${image}:${tag}`,
    });
    digest = await pushUntilThere(engine, repository, `${image}:${tag}`, tag, say);
  } else say(`${image}:${tag} is there already`);
  const deno = await denoVersion();
  const beside = binary.path;
  const packages = await packagesIn(job);
  await writeJson(
    `${beside}.spdx.json`,
    spdxOf({ binary, version: VERSION, packages, deno, baseImage }),
  );
  await writeJson(
    `${beside}.provenance.json`,
    provenanceOf({ binary, target, platform, image, digest, baseImage, deno }),
  );
  // What stands in the variables file is the address that SageMaker pulls from.
  const uri = `${options.registry ?? login.host}/${repository.name}@${digest}`;
  say(`${environment.name}: ${uri}`);
  return { job, uri, tag, digest, pushed: !known };
}

/** The digest of a tag if it is the very image. @throws {UsageError} `image.tag-taken` */
async function existing(
  repository: Repository,
  tag: string,
  labels: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const manifest = await readManifest(repository, tag);
  if (manifest === undefined) return undefined;
  const found = await readLabels(repository, manifest);
  const differs = Object.keys(labels).filter((name) => found[name] !== labels[name]);
  if (differs.length === 0) return manifest.digest;
  throw new UsageError({
    code: "image.tag-taken",
    cannot: `push ${repository.name}:${tag}`,
    found: `the tag is another image's (${differs.join(", ")} differ), and tags cannot be moved`,
    todo: "Commit, so that the tag is new, or give --tag",
  });
}

/** Tries again what was cut off: what was sent already is kept by the registry. */
async function pushUntilThere(
  engine: Engine,
  repository: Repository,
  image: string,
  tag: string,
  say: (line: string) => void,
): Promise<string> {
  for (let attempt = 1;; attempt++) {
    try {
      say(`pushing ${image}`);
      await engine.push(image);
      break;
    } catch (error) {
      const final = !(error instanceof DependencyError) || attempt === PUSHES ||
        /denied|unauthori[sz]ed|immutable/i.test(error.message);
      if (final) throw error;
      say(`${error.message}\ntrying again`);
      await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
    }
  }
  const manifest = await readManifest(repository, tag);
  if (manifest !== undefined) return manifest.digest;
  throw new DependencyError({
    code: "image.lost",
    cannot: `find ${image}`,
    found: "it was pushed, but the registry does not have it",
    todo: "Run the same command again",
  });
}

const PUSHES = 4;

async function defaultBase(file: string): Promise<string> {
  const found = /^ARG BASE_IMAGE=(\S+)$/m.exec(await Deno.readTextFile(file))?.[1];
  if (found === undefined) throw new Error(`${file} has no ARG BASE_IMAGE`);
  return found;
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}
