import { UsageError } from "../../jobs/lib/errors.ts";
import type { Program } from "../build/mod.ts";
import { registryOf } from "./ecr.ts";
import { type Environment, repositoryOf } from "./environment.ts";
import type { Pushed } from "./push.ts";
import { copyImage, readLabels, readManifest, type Repository } from "./registry.ts";

/** What to promote. */
export interface PromoteOptions {
  readonly jobs: readonly Program[];
  /** Where the images are in use. */
  readonly from: Environment;
  /** Where they are going to be. */
  readonly to: Environment;
  readonly region: string;
  /** The registry instead of ECR's own host. */
  readonly registry: string | undefined;
  readonly say: (line: string) => void;
}

/**
 * Copies the images that one environment uses to the account of another, byte for byte: nothing is built
 * again, the digest stays. The target's credentials must be allowed to pull from the source.
 *
 * @throws {UsageError | DependencyError} `image.*`, `ecr.*`, `registry.*`
 */
export async function promoteImages(options: PromoteOptions): Promise<Pushed[]> {
  const { jobs, from, to, region, say } = options;
  const { host, username, password } = await registryOf(region, to.account);
  const credentials = { username, password };
  const pushed: Pushed[] = [];
  for (const job of jobs) {
    const { registry, name, digest } = parseUri(from, job);
    const source: Repository = { registry, name, credentials };
    const target: Repository = {
      registry: options.registry ?? host,
      name: repositoryOf(job),
      credentials,
    };
    const manifest = await readManifest(source, digest);
    const labels = manifest === undefined ? {} : await readLabels(source, manifest);
    const commit = labels["org.opencontainers.image.revision"] ?? "";
    if (!/^[0-9a-f]{40}$/.test(commit)) {
      throw new UsageError({
        code: "image.no-commit",
        cannot: `promote ${registry}/${name}@${digest}`,
        found: manifest === undefined ? "it is not there" : "it does not say what commit it is of",
        todo: `Push to ${from.name} again, then promote`,
        place: { file: from.file },
      });
    }
    const tag = `${to.name}-${commit}`;
    const there = await readManifest(target, tag);
    if (there !== undefined && there.digest !== digest) {
      throw new UsageError({
        code: "image.tag-taken",
        cannot: `promote ${name}@${digest}`,
        found: `${target.registry}/${target.name}:${tag} is ${there.digest}`,
        todo: `Look which of the two is right; tags cannot be moved`,
      });
    }
    if (there === undefined) {
      say(`copying ${name}@${digest} to ${target.registry} as ${tag}`);
      await copyImage(source, target, digest, tag);
    } else say(`${target.registry}/${target.name}:${tag} is there already`);
    const uri = `${target.registry}/${target.name}@${digest}`;
    pushed.push({ job, uri, tag, digest, pushed: there === undefined });
  }
  return pushed;
}

function parseUri(from: Environment, job: Program) {
  const uri = from.images[job];
  const [, registry, name, digest] = /^([^/]+)\/([^@]+)@(sha256:[0-9a-f]{64})$/.exec(uri ?? "") ??
    [];
  if (registry !== undefined && name !== undefined && digest !== undefined) {
    return { registry, name, digest };
  }
  throw new UsageError({
    code: "image.no-digest",
    cannot: `promote the image of ${job}`,
    found: `${from.name} has ${JSON.stringify(uri ?? null)} for it`,
    todo: `Push to ${from.name} first, which writes an image with its digest there`,
    place: { file: from.file },
  });
}
