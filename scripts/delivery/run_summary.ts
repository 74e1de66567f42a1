import type { ExecutionStatus } from "../../workflows/executions/mod.ts";

const MARKS: Readonly<Record<string, string>> = {
  Succeeded: "✅",
  Failed: "❌",
  Stopped: "⏹️",
};

/** How an execution ended, as Markdown for the summary of a job. */
export function runSummary(status: ExecutionStatus, runId: string): string {
  const mark = (value: string) => `${MARKS[value] ?? "⏳"} ${value}`;
  const lines = [
    `### ${cell(status.pipeline)}: ${mark(status.status)}`,
    "",
    `Run \`${runId}\` · [console](${status.link})`,
    ...(status.reason === null ? [] : ["", `> ${cell(status.reason)}`]),
    "",
    "| step | status | seconds | why |",
    "| --- | --- | ---: | --- |",
    ...status.steps.map((step) =>
      `| ${cell(step.name)} | ${mark(step.status)} | ${step.seconds ?? ""} | ${
        cell(step.reason ?? "")
      } |`
    ),
  ];
  return lines.join("\n") + "\n";
}

/** Text of others in a table: what it says is shown, not obeyed. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>|#!]/g, "\\$&").slice(0, 1_000);
}
