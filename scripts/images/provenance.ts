import type { Binary, Target } from "../build/mod.ts";

/** What provenance tells of. */
export interface Provenance {
  readonly binary: Binary;
  readonly target: Target;
  readonly platform: string;
  /** With its registry, without tag or digest. */
  readonly image: string;
  /** `sha256:…` */
  readonly digest: string;
  readonly baseImage: string;
  readonly deno: string;
}

/**
 * How an image came to be: an in-toto statement with SLSA's predicate (https://slsa.dev/spec/v1.0/provenance).
 * It is not signed; who wants that signs the file.
 */
export function provenanceOf(
  { binary, target, platform, image, digest, baseImage, deno }: Provenance,
): Readonly<Record<string, unknown>> {
  const [base = baseImage, baseDigest] = baseImage.split("@sha256:");
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: image, digest: { sha256: digest.replace("sha256:", "") } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://github.com/denoland/deno#compile",
        externalParameters: { job: binary.program, target, platform },
        internalParameters: { deno, binary_sha256: binary.sha256, dirty: binary.build.dirty },
        resolvedDependencies: [
          { uri: "git+file:.", digest: { gitCommit: binary.build.commit ?? "" } },
          {
            uri: `docker://${base}`,
            ...(baseDigest === undefined ? {} : { digest: { sha256: baseDigest } }),
          },
        ],
      },
      runDetails: { builder: { id: "scripts/build_push_ecr.ts" } },
    },
  };
}
