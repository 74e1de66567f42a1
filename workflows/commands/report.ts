/**
 * How executions are shown to people.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { type CostEstimate, type ExecutionStatus, FINAL } from "../executions/mod.ts";

/** An execution and its steps, as lines of text. */
export function statusText(
  status: ExecutionStatus,
  costs: CostEstimate,
  logs: Readonly<Record<string, readonly string[]>> = {},
): string {
  const width = Math.max(4, ...status.steps.map(({ name }) => name.length));
  const lines = [
    `${status.pipeline}  ${status.status}${FINAL.has(status.status) ? "" : "…"}`,
    `  started ${status.started ?? "-"}${status.ended === null ? "" : `, ended ${status.ended}`}`,
    ...(status.reason === null ? [] : [`  reason  ${status.reason}`]),
    `  look at ${status.link}`,
    "",
  ];
  for (const { name, status: state, seconds, job, reason, cached, outcome } of status.steps) {
    const machines = job?.instanceType ? `${job.instanceCount} x ${job.instanceType}` : "";
    const notes = [cached ? "from the cache" : "", outcome === null ? "" : `decided ${outcome}`]
      .filter((note) => note !== "").join(", ");
    lines.push(
      `  ${name.padEnd(width)}  ${state.padEnd(10)}  ${
        duration(seconds).padStart(8)
      }  ${machines}${notes}`
        .trimEnd(),
    );
    for (const more of [reason, job?.message === reason ? null : job?.message]) {
      if (more) lines.push(`      ${more}`);
    }
    if (state === "Failed" && job !== null) lines.push(`      ${job.link}`);
    for (const line of logs[name] ?? []) lines.push(`      | ${line}`);
  }
  return [...lines, "", `  ${costsText(costs)}`].join("\n");
}

function costsText({ instanceHours, usd, unpriced }: CostEstimate): string {
  const hours = Object.entries(instanceHours)
    .map(([type, time]) => `${time.toFixed(2)} h of ${type}`).join(", ") || "no machine";
  if (usd === null) {
    return `machines: ${hours}; say the price of ${unpriced.join(", ")} by --price for an estimate`;
  }
  return `machines: ${hours}, about $${
    usd.toFixed(2)
  } (AWS's list prices in us-east-1, or --price)`;
}

/** `1 h 02 m`, `3 m 20 s` */
export function duration(seconds: number | null): string {
  if (seconds === null) return "";
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} m`;
  return minutes > 0 ? `${minutes} m ${String(seconds % 60).padStart(2, "0")} s` : `${seconds} s`;
}

/** The error of an execution that ended in another way than it should; undefined for success. */
export function failureOf(status: ExecutionStatus): DependencyError | undefined {
  if (status.status === "Succeeded") return undefined;
  const failed = status.steps.filter((step) => step.status === "Failed");
  const reasons = failed.map(({ name, reason, job }) =>
    `${name}: ${job?.message ?? reason ?? "no reason given"}`
  );
  return new DependencyError({
    code: "pipeline.execution-failed",
    cannot: `finish ${status.pipeline}`,
    found: reasons.join("; ") || status.reason || `it is ${status.status}`,
    todo: `Look at it with deno task pipeline status ${status.arn}, mend the reason, then ` +
      "deno task pipeline resume",
    place: { url: status.link },
  });
}
