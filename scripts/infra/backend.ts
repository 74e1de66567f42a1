/**
 * Where a configuration keeps its state, as its `backend.tf` says.
 *
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";

/** What an account's bucket is called. */
export interface StatePlace {
  readonly bucket: string;
  readonly region: string;
  readonly keyArn: string;
}

/** The text of a `backend.tf` with another place; everything else stays. */
export function withBackend(text: string, { bucket, region, keyArn }: StatePlace): string {
  return [["bucket", bucket], ["region", region], ["kms_key_id", keyArn]].reduce(
    (changed, [name, value]) =>
      changed.replace(new RegExp(`^(\\s*${name}\\s*=\\s*)"[^"]*"`, "m"), `$1"${value}"`),
    text,
  );
}

/** Where a state is, and how. */
export interface Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string | undefined;
  /** Whether two cannot change it at the same time. */
  readonly locks: boolean;
}

/**
 * What a `backend.tf` says.
 *
 * @param file its name, for the error
 * @throws {UsageError} `infra.backend`
 */
export function backendOf(text: string, file: string): Backend {
  const named = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*"([^"]+)"`, "m").exec(text)?.[1];
  const bucket = named("bucket"), key = named("key");
  if (bucket === undefined || key === undefined) {
    throw new UsageError({
      code: "infra.backend",
      cannot: "find the state",
      found: `${file} names no ${bucket === undefined ? "bucket" : "key"}`,
      todo: 'Give it a backend "s3" as the other environments have it',
      place: { file },
    });
  }
  return { bucket, key, region: named("region"), locks: /^\s*use_lockfile\s*=\s*true/m.test(text) };
}
