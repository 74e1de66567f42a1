/**
 * The configurations that Terraform is run in: folders of `infra/` that keep a state, one per environment
 * and one per account.
 *
 * @module
 */

/** What stands for a name in `--help`. */
export const CONFIGURATION_HINT = "account|staging|prod|…";

/** The name of a configuration. @throws {Error} that says which there are */
export function configurationName(value: string): string {
  const known = configurations();
  if (known.includes(value)) return value;
  throw new Error(`it must be one of ${known.join(", ")}: a folder of infra with a backend.tf`);
}

function configurations(): string[] {
  return [...Deno.readDirSync("infra")].filter(({ name }) => {
    try {
      return Deno.statSync(`infra/${name}/backend.tf`).isFile;
    } catch {
      return false;
    }
  }).map(({ name }) => name).sort();
}
