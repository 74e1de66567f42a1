/**
 * The programs that build and push images: docker (with buildx or without), podman, buildah.
 *
 * @module
 */
import { DependencyError, UsageError } from "../../jobs/lib/errors.ts";
import { isLoopback } from "./registry.ts";

/** Names of the programs, in the order in which they are looked for. */
export const ENGINES = ["docker", "podman", "buildah"] as const;

/** One of them. */
export type EngineName = (typeof ENGINES)[number];

/** What to build. */
export interface ImageBuild {
  readonly file: string;
  readonly context: string;
  readonly platform: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970; stands for all times in the image. */
  readonly timestamp: number;
  readonly image: string;
}

/** A program that builds and pushes. */
export interface Engine {
  readonly name: EngineName;
  login(registry: string, username: string, password: string): Promise<void>;
  build(build: ImageBuild): Promise<void>;
  /** @throws {DependencyError} `image.push` */
  push(image: string): Promise<void>;
  /** Forgets the login. */
  logout(registry: string): Promise<void>;
}

/**
 * The engine that was asked for, or the first that can be used.
 *
 * @throws {DependencyError} `image.no-engine`, `image.daemon-down`
 */
export async function findEngine(wanted: EngineName | undefined): Promise<Engine> {
  let down: string | undefined;
  for (const name of wanted === undefined ? ENGINES : [wanted]) {
    const { found, success, text } = await attempt(name, ["--version"]);
    if (!found || !success) continue;
    if (name === "docker") {
      const info = await attempt("docker", ["info", "--format", "{{.ServerVersion}}"]);
      if (!info.success) {
        down = lastLine(info.text);
        continue;
      }
      const { success: buildx } = await attempt("docker", ["buildx", "version"]);
      return engine(name, buildx && !/podman/i.test(text));
    }
    return engine(name, false);
  }
  if (down !== undefined) {
    throw new DependencyError({
      code: "image.daemon-down",
      cannot: "build an image",
      found: `docker is installed, but its daemon does not answer: ${down}`,
      todo: "Start it, or install podman or buildah, which need none",
    });
  }
  throw new DependencyError({
    code: "image.no-engine",
    cannot: "build an image",
    found: `${wanted ?? "neither docker, podman nor buildah"} can${wanted ? "not" : ""} be run`,
    todo: "Install one of docker, podman and buildah",
  });
}

function engine(name: EngineName, buildx: boolean): Engine {
  const docker = name === "docker";
  const verify = (registry: string) =>
    docker || !isLoopback(registry) ? [] : ["--tls-verify=false"];
  return {
    name,
    login: async (registry, username, password) => {
      const args = ["login", ...verify(registry), "--username", username, "--password-stdin"];
      const { success, text } = await attempt(name, [...args, registry], password);
      if (!success) throw failed("image.login", `log in to ${registry}`, text);
    },
    logout: async (registry) => void await attempt(name, ["logout", registry]),
    build: async ({ file, context, platform, args, labels, timestamp, image }) => {
      const words = docker
        // SageMaker takes images, not the indexes that attestations would make of them.
        ? [...(buildx ? ["buildx", "build", "--load", "--provenance=false"] : ["build"])]
        // As Docker's format its configuration would hold the name of a container, another each time.
        : [name === "buildah" ? "bud" : "build", "--format=oci", `--timestamp=${timestamp}`];
      const { success, text } = await attempt(
        name,
        [
          ...words,
          `--platform=${platform}`,
          ...Object.entries(args).map(([key, value]) => `--build-arg=${key}=${value}`),
          ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
          `--file=${file}`,
          `--tag=${image}`,
          context,
        ],
        undefined,
        { SOURCE_DATE_EPOCH: String(timestamp) },
      );
      if (!success) throw failed("image.build", `build ${image}`, text);
    },
    push: async (image) => {
      const registry = image.split("/")[0] ?? "";
      const { success, text } = await attempt(name, [
        "push",
        ...(docker ? [] : [...verify(registry), "--format=v2s2"]),
        image,
      ]);
      if (!success) throw failed("image.push", `push ${image}`, text);
    },
  };
}

function failed(code: string, cannot: string, text: string): DependencyError | UsageError {
  const found = text.trim().split("\n").slice(-5).join("\n").slice(-1000);
  return new DependencyError({ code, cannot, found, todo: todoFor(text) });
}

function todoFor(text: string): string {
  if (/no basic auth|denied|unauthori[sz]ed|403 Forbidden|401/i.test(text)) {
    return "Grant this principal the right to push to the repository, in its IAM policy and the repository's";
  }
  if (/immutable|already exists/i.test(text)) {
    return "The tag is taken by another image: commit, so that the tag is new, or give --tag";
  }
  return "Look at what it says and run the same command again; what was pushed already is kept";
}

interface Attempt {
  readonly found: boolean;
  readonly success: boolean;
  readonly text: string;
}

async function attempt(
  command: string,
  args: readonly string[],
  input?: string,
  env: Record<string, string> = {},
): Promise<Attempt> {
  try {
    const child = new Deno.Command(command, {
      args: [...args],
      env,
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (input !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(input)).catch(() => {});
      await writer.close().catch(() => {});
    }
    const { success, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { found: true, success, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { found: false, success: false, text: "" };
    throw error;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
