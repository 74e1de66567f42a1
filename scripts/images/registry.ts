/**
 * A registry of images by its HTTP API (OCI Distribution Specification 1.1, which ECR speaks too):
 * what a tag is, and copies that keep the digest.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { DependencyError, messageOf } from "../../jobs/lib/errors.ts";

/** A repository in a registry, and how to get in. */
export interface Repository {
  /** `123456789012.dkr.ecr.us-east-1.amazonaws.com`, `127.0.0.1:5000`. */
  readonly registry: string;
  readonly name: string;
  /** Of HTTP's basic authentication. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** An image's manifest as the registry has it. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const ACCEPTED = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
].join(", ");
const descriptor = z.looseObject({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.int().min(0),
});
const manifestSchema = z.looseObject({ config: descriptor, layers: z.array(descriptor).max(127) });
const configSchema = z.looseObject({
  config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }),
});

/** Reads a manifest by tag or digest; undefined if there is none. @throws {DependencyError} `registry.…` */
export async function readManifest(
  at: Repository,
  reference: string,
): Promise<Manifest | undefined> {
  const response = await request(at, `manifests/${reference}`, { headers: { accept: ACCEPTED } });
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok) throw await refused(at, response, `read ${reference}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    bytes,
    digest: digestOf(bytes),
    mediaType: response.headers.get("content-type") ?? "",
  };
}

/** Labels of an image. */
export async function readLabels(
  at: Repository,
  manifest: Manifest,
): Promise<Readonly<Record<string, string>>> {
  const { config } = parse(at, manifest);
  const response = await request(at, `blobs/${config.digest}`);
  if (!response.ok) throw await refused(at, response, "read the image's configuration");
  const parsed = configSchema.safeParse(await response.json());
  return parsed.data?.config.Labels ?? {};
}

/**
 * Copies an image without changing a byte, so that its digest stays. What is there already is not sent
 * again, so that a copy that was cut off goes on.
 *
 * @param digest of the manifest
 * @param tag what it is called in the end
 * @throws {DependencyError} `registry.…`
 */
export async function copyImage(
  from: Repository,
  to: Repository,
  digest: string,
  tag: string,
): Promise<void> {
  const manifest = await readManifest(from, digest);
  if (manifest === undefined) {
    throw new DependencyError({
      code: "registry.no-image",
      cannot: `copy ${from.name}@${digest}`,
      found: `${from.registry} does not have it`,
      todo: "Push it there first",
    });
  }
  const { config, layers } = parse(from, manifest);
  for (const blob of [config, ...layers]) await copyBlob(from, to, blob.digest);
  const response = await request(to, `manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": manifest.mediaType },
    body: manifest.bytes,
  });
  if (!response.ok) throw await refused(to, response, `write ${tag}`);
  await response.body?.cancel();
}

async function copyBlob(from: Repository, to: Repository, digest: string): Promise<void> {
  const there = await request(to, `blobs/${digest}`, { method: "HEAD" });
  await there.body?.cancel();
  if (there.ok) return;
  const source = await request(from, `blobs/${digest}`);
  if (!source.ok) throw await refused(from, source, `read the layer ${digest}`);
  const begun = await request(to, "blobs/uploads/", { method: "POST" });
  const location = begun.headers.get("location");
  if (!begun.ok || location === null) throw await refused(to, begun, "begin to write a layer");
  await begun.body?.cancel();
  const target = new URL(location, base(to));
  target.searchParams.set("digest", digest);
  const done = await request(to, target, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(await source.arrayBuffer()),
  });
  if (!done.ok) throw await refused(to, done, `write the layer ${digest}`);
  await done.body?.cancel();
}

/** Tries again what the network cut off; each request may be repeated. */
async function request(
  at: Repository,
  path: string | URL,
  init: RequestInit = {},
): Promise<Response> {
  const url = typeof path === "string" ? new URL(`/v2/${at.name}/${path}`, base(at)) : path;
  const headers = new Headers(init.headers);
  // Where a registry sends the layers' bytes from elsewhere, fetch leaves this header out.
  if (at.credentials !== undefined && url.host === at.registry) {
    const { username, password } = at.credentials;
    headers.set("authorization", `Basic ${btoa(`${username}:${password}`)}`);
  }
  for (let attempt = 1;; attempt++) {
    try {
      const response = await fetch(url, { ...init, headers });
      if (response.status < 500 || attempt === ATTEMPTS) return response;
      await response.body?.cancel();
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw new DependencyError({
          code: "registry.unreachable",
          cannot: `reach the registry ${at.registry}`,
          found: messageOf(error),
          todo: "Check the network; run the same command again, it goes on where it was",
          place: { url: `${base(at)}` },
          cause: error,
        });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
  }
}

const ATTEMPTS = 4;

function base({ registry }: Repository): URL {
  return new URL(`${isLoopback(registry) ? "http" : "https"}://${registry}`);
}

/** Only this machine's own registry is spoken to without TLS. */
export function isLoopback(registry: string): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(registry);
}

function parse(at: Repository, manifest: Manifest): z.infer<typeof manifestSchema> {
  const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(manifest.bytes)));
  if (parsed.success) return parsed.data;
  throw new DependencyError({
    code: "registry.not-an-image",
    cannot: `use ${at.name}@${manifest.digest}`,
    found: `its manifest is ${manifest.mediaType || "of an unknown kind"}, not an image's`,
    todo: "Push a single image, not an index of several",
  });
}

async function refused(
  { registry, name }: Repository,
  response: Response,
  what: string,
): Promise<DependencyError> {
  const text = (await response.text().catch(() => "")).slice(0, 300);
  const denied = response.status === 401 || response.status === 403;
  return new DependencyError({
    code: denied ? "registry.denied" : "registry.refused",
    cannot: `${what} in ${registry}/${name}`,
    found: `${response.status} ${text}`,
    todo: denied
      ? "Grant ecr:BatchGetImage, GetDownloadUrlForLayer, BatchCheckLayerAvailability, PutImage, " +
        "InitiateLayerUpload, UploadLayerPart and CompleteLayerUpload on the repository"
      : "Run the same command again; if it stays, look at what the registry says",
  });
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
