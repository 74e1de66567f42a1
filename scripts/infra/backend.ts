/**
 * Where a configuration keeps its state, as its `backend.tf` says.
 *
 * @module
 */

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
