import { messageOf, UsageError } from "../../jobs/lib/errors.ts";
import { type Program, ROOT } from "../build/mod.ts";
import { readTfvars } from "./tfvars.ts";

/** What an environment's `terraform.tfvars` says of images. */
export interface Environment {
  readonly name: string;
  readonly file: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** What stands there for each job's image. */
  readonly images: Readonly<Partial<Record<Program, string>>>;
}

/** The repository of a job's images; one for all environments of an account. */
export function repositoryOf(job: Program): string {
  return `ml-platform-${job}`;
}

/** Name of the variable that holds a job's image. */
export function variableOf(job: Program): string {
  return `${job}_image_uri`;
}

/**
 * Reads `infra/<name>/terraform.tfvars`.
 *
 * @param folder of the environments; `infra` unless told
 * @throws {UsageError} `environment.missing`
 */
export async function readEnvironment(
  name: string,
  folder: string = `${ROOT}/infra`,
): Promise<Environment> {
  const file = `${folder}/${name}/terraform.tfvars`;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw missing(name, file, "it is no environment's name");
  const text = await Deno.readTextFile(file).catch((error) => {
    throw missing(name, file, messageOf(error));
  });
  const values = readTfvars(text, file);
  const training = values.get(variableOf("training"));
  const inference = values.get(variableOf("inference"));
  return {
    name,
    file,
    account: values.get("aws_account_id"),
    region: values.get("aws_region"),
    images: {
      ...(training === undefined ? {} : { training }),
      ...(inference === undefined ? {} : { inference }),
    },
  };
}

function missing(name: string, file: string, found: string): UsageError {
  return new UsageError({
    code: "environment.missing",
    cannot: `use the environment ${JSON.stringify(name)}`,
    found,
    todo: "Give --environment the name of a folder in infra/ that has a terraform.tfvars",
    place: { file },
  });
}
