import type { Container, Context } from "../lib/command.ts";
import type { Values } from "../lib/config.ts";
import { UsageError } from "../lib/errors.ts";
import { checkExperimentName, checkModelName } from "../lib/mlflow/mod.ts";
import type { trainOptions } from "./options.ts";

/**
 * Finds what the options alone make impossible, before data is read and long before a server would
 * say it.
 *
 * @throws {UsageError} `mlflow.name-invalid`, `config.column-roles`, `container.hosts`
 */
export function checkOptions({ values, container }: Context<typeof trainOptions>): void {
  checkModelName(values.modelName);
  checkExperimentName(values.experimentName);
  checkRoles(values);
  checkHosts(container);
}

/** A label that is also the key would have to be known when scoring. */
function checkRoles(values: Values<typeof trainOptions>): void {
  const { label, keyColumn, timeColumn, dropColumns } = values;
  const role = label === keyColumn
    ? "--key-column"
    : label === timeColumn
    ? "--time-column"
    : dropColumns.includes(label)
    ? "--drop-columns"
    : undefined;
  if (role === undefined) return;
  throw new UsageError({
    code: "config.column-roles",
    cannot: `predict ${label}`,
    found: `it is the label, and ${role} names it too`,
    todo: `Give ${role} other columns`,
    place: { option: role, column: label },
  });
}

/** Each host would train and register a model of its own. */
function checkHosts(container: Container | undefined): void {
  const hosts = container?.hosts.all ?? [];
  if (hosts.length <= 1) return;
  throw new UsageError({
    code: "container.hosts",
    cannot: `train on ${hosts.length} hosts`,
    found: `resourceconfig.json has ${hosts.join(", ")}`,
    todo: "Set the job's InstanceCount to 1",
  });
}
