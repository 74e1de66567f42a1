import { type AnyCommand, command } from "../lib/command.ts";
import { openDataset, readTable, validateTable } from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { validateOptions } from "./options.ts";

/** Looks for everything that is wrong with a dataset, without training. */
export const validateCommand: AnyCommand = command({
  usage: "training validate",
  about: "Check a dataset and print what was found; exit 0 or 3",
  options: validateOptions,
  contract: "processing",
  channels: (container) =>
    container.kind === "processing" && container.inputs["data"] !== undefined
      ? { data: container.inputs["data"] }
      : {},
  run: async ({ values, log }) => {
    const dataset = await openDataset(values.data);
    const table = await readTable(dataset);
    const report = validateTable(table, {
      objective: values.objective,
      ...(values.label === undefined ? {} : { label: values.label }),
      ...(values.keyColumn === undefined ? {} : { key: values.keyColumn }),
    });
    for (const { severity, message, code, column, count } of report.findings) {
      if (severity === "warning") log.warn(message, { code, column, count });
    }
    const errors = report.findings.filter((finding) => finding.severity === "error");
    return {
      summary: { status: errors.length === 0 ? "valid" : "rejected", data: values.data, ...report },
      ...(errors.length === 0 ? {} : {
        failure: new DataError({
          code: "data.rejected",
          cannot: `accept ${values.data}`,
          found: errors.map((finding) => finding.message).join("; "),
          todo: "Correct the data and validate it again",
          place: { file: values.data },
        }),
      }),
    };
  },
});
