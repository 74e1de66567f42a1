import { join } from "node:path";
import {
  type AnyCommand,
  command,
  type Container,
  type Context,
  type Outcome,
} from "../lib/command.ts";
import {
  allProblems,
  type DataReport,
  inferConstraints,
  loadConstraints,
  type Statistics,
  statisticsOf,
  Validation,
  type ValidationOptions,
} from "../lib/dataset/mod.ts";
import { DataError, UsageError } from "../lib/errors.ts";
import { present } from "../lib/present.ts";
import { claimFolders, writeText } from "./folders.ts";
import { quarantineFile, quarantineLines } from "./quarantine.ts";
import { openReadable, problemFindings } from "./readable.ts";
import { validateOptions } from "./validate_options.ts";

/** Looks for everything that is wrong with a dataset, without training. */
export const validateCommand: AnyCommand = command({
  usage: "training validate",
  about: "Check a dataset and print what was found; exit 0 or 3",
  options: validateOptions,
  contract: "processing",
  channels: (container) => {
    if (container.kind !== "processing") return {};
    return present({ data: container.inputs["data"], report: reportFolder(container) });
  },
  run: validate,
});

/** The output named `validation`, or else the only one there is. */
function reportFolder({ outputs }: Extract<Container, { kind: "processing" }>): string | undefined {
  const [only, ...others] = Object.values(outputs);
  return outputs["validation"] ?? (others.length === 0 ? only : undefined);
}

async function validate(
  { values, container, log }: Context<typeof validateOptions>,
): Promise<Outcome> {
  const { onViolation } = values;
  const folder = values.report ?? (container === undefined ? "./out/validation" : undefined);
  if (onViolation === "quarantine" && folder === undefined) throw nowhere();
  const constraints = values.constraints === undefined
    ? {}
    : { constraints: await loadConstraints(values.constraints) };
  const readable = await openReadable(values.data);
  const { dataset } = readable;
  for (const notice of dataset.notices ?? []) log.warn(notice);
  for (const { name, type } of dataset.unsupported) {
    log.warn("column is not read", { column: name, type });
  }
  if (folder !== undefined) await claimFolders(folder);
  const validation = new Validation(dataset.fields, dataset.rows, {
    onViolation,
    ...constraints,
    ...columnsOf(values),
  });
  await using quarantine = folder === undefined ? undefined : await quarantineFile(folder);
  for await (const batch of readable.batches()) {
    const rejected = validation.add(batch);
    if (onViolation === "quarantine") await quarantine?.write(quarantineLines(batch, rejected));
  }
  const unreadable = allProblems(values.data, readable.problems.found);
  if (unreadable !== undefined && validation.profile.rows === 0) throw unreadable;
  const found = validation.report();
  const problems = problemFindings(readable);
  const report = { ...found, findings: [...problems, ...found.findings] };
  for (const { severity, message, code, column, count } of report.findings) {
    if (severity === "warning") log.warn(message, { code, column, count });
  }
  const errors = report.findings.filter(({ severity }) => severity === "error");
  const summary = {
    status: errors.length === 0 ? "valid" : "rejected",
    data: values.data,
    ...onViolation === "quarantine" ? { quarantined: validation.rejected } : {},
    ...folder === undefined ? {} : { report: folder },
    ...report,
  };
  if (folder !== undefined) {
    await quarantine?.close();
    await writeReport(folder, summary, statisticsOf(validation.profile), values.label);
  }
  const failure = errors.length > readable.problems.found.length
    ? rejected(values.data, errors)
    : unreadable;
  return { summary, ...(failure === undefined ? {} : { failure }) };
}

function columnsOf(
  { label, objective, keyColumn, timeColumn }: Context<typeof validateOptions>["values"],
): ValidationOptions {
  return {
    objective,
    ...(label === undefined ? {} : { label }),
    ...(keyColumn === undefined ? {} : { key: keyColumn }),
    ...(timeColumn === undefined ? {} : { time: timeColumn }),
  };
}

async function writeReport(
  folder: string,
  report: Readonly<Record<string, unknown>>,
  statistics: Statistics,
  label: string | undefined,
): Promise<void> {
  const features = statistics.features.map(({ name }) => name).filter((name) => name !== label);
  const write = (name: string, text: string) => writeText(join(folder, name), text + "\n");
  await write("statistics.json", JSON.stringify(statistics));
  await write("constraints.json", JSON.stringify(inferConstraints(statistics, features), null, 2));
  await write("validation.json", JSON.stringify(report, null, 2));
}

function rejected(data: string, errors: DataReport["findings"]): DataError {
  return new DataError({
    code: "data.rejected",
    cannot: `accept ${data}`,
    found: errors.map((finding) => finding.message).join("; "),
    todo: "Correct the data and validate it again",
    place: { file: data },
  });
}

function nowhere(): UsageError {
  return new UsageError({
    code: "config.invalid",
    cannot: "put rows aside",
    found: "nothing says where",
    todo: "Give --report, or the processing job an output",
    place: { option: "--report" },
  });
}
