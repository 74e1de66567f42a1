/**
 * The options of `training validate`, most of which `train` has too.
 *
 * @module
 */

import { choice, list, type Options, text } from "../lib/config.ts";

/** What is in the data. */
export const columnOptions = {
  keyColumn: { about: "Column that names a row; not a feature", hint: "COLUMN", parse: text() },
  timeColumn: {
    about: "Column that orders the rows in time; for --split time",
    hint: "COLUMN",
    parse: text(),
  },
  dropColumns: {
    about: "Columns that are not features, separated by commas",
    hint: "A,B",
    parse: list(),
    fallback: "",
  },
  objective: {
    about: "What is learnt",
    hint: "classification|regression",
    parse: choice("classification", "regression"),
    fallback: "classification",
  },
} satisfies Options;

/** What the data has to look like, beyond what can be used at all. */
export const ruleOptions = {
  constraints: {
    about: "Rules for the data, as constraints.json; they travel with the model",
    hint: "FILE",
    parse: text(),
  },
  onViolation: {
    about:
      "What a broken rule does; quarantine: rows that break one by themselves are put aside, " +
      "with the reason, in quarantine.ndjson",
    hint: "fail|warn|quarantine",
    parse: choice("fail", "warn", "quarantine"),
    fallback: "fail",
  },
} satisfies Options;

/** `training validate`. */
export const validateOptions = {
  data: {
    about: "File or folder: parquet, CSV, NDJSON; s3:// and wildcards too",
    hint: "PATH",
    parse: text(),
    required: true,
  },
  label: { about: "Column to predict", hint: "COLUMN", parse: text() },
  keyColumn: columnOptions.keyColumn,
  timeColumn: columnOptions.timeColumn,
  objective: columnOptions.objective,
  ...ruleOptions,
  report: {
    about: "Folder of validation.json, statistics.json, constraints.json (inferred) and " +
      "quarantine.ndjson; ./out/validation unless told, in a container its only output, or none",
    hint: "DIR",
    parse: text(),
  },
} satisfies Options;
