import type { Context } from "../lib/command.ts";
import type { Values } from "../lib/config.ts";
import { UsageError } from "../lib/errors.ts";
import { checkExperimentName, checkModelName } from "../lib/mlflow/mod.ts";
import { checkHosts } from "./hosts/mod.ts";
import type { trainOptions } from "./options.ts";

/**
 * Finds what the options alone make impossible, before data is read and long before a server would
 * say it.
 *
 * @throws {UsageError} `mlflow.name-invalid`, `config.column-roles`, `config.split-column`, `training.no-work-store`,
 *   `forest.engine-option`
 */
export function checkOptions(context: Context<typeof trainOptions>): void {
  const { values } = context;
  checkModelName(values.modelName);
  checkExperimentName(values.experimentName);
  checkRoles(values);
  checkSplit(values);
  checkEngine(values);
  checkHosts(context);
}

/** A label that is also the key would have to be known when scoring. */
function checkRoles(values: Values<typeof trainOptions>): void {
  const { label, keyColumn, timeColumn, groupColumn, dropColumns } = values;
  const role = label === keyColumn
    ? "--key-column"
    : label === timeColumn
    ? "--time-column"
    : label === groupColumn
    ? "--group-column"
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

function checkSplit(values: Values<typeof trainOptions>): void {
  const { split, groupColumn, timeColumn, testData } = values;
  const needed = split === "group"
    ? { option: "--group-column", column: groupColumn }
    : split === "time"
    ? { option: "--time-column", column: timeColumn }
    : undefined;
  if (needed === undefined || needed.column !== undefined || testData !== undefined) return;
  throw new UsageError({
    code: "config.split-column",
    cannot: `split the rows by ${split}`,
    found: `there is no ${needed.option}`,
    todo: `Name the column with ${needed.option}, or leave --split at stratified`,
    place: { option: needed.option },
  });
}

function checkEngine({ engine, oobScore }: Values<typeof trainOptions>): void {
  if (!oobScore || engine === "forest") return;
  throw new UsageError({
    code: "forest.engine-option",
    cannot: `train with --engine ${engine}`,
    found: "it has no oob-score, which is true",
    todo: "Use --engine forest, or leave oob-score at its default",
    place: { option: "oob-score" },
  });
}
