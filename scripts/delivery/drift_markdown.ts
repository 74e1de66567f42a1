import type { Finding } from "../doctor/mod.ts";
import { changesSomething, type Plan, planMarkdown } from "./plan_markdown.ts";

/** What a measurement of the champion said. */
export interface Champion {
  /** URI of the rows it was measured on. */
  readonly data: string;
  /** Registered model. */
  readonly model: string;
  readonly version: string;
  /** Whether it would still pass the gate. */
  readonly passed: boolean;
  /** Why not. */
  readonly reasons: readonly string[];
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** What was compared. */
export interface Looked {
  readonly plan: Plan | undefined;
  readonly findings: readonly Finding[];
  readonly champion: Champion | undefined;
}

/**
 * What has drifted, as Markdown; empty where nothing has. It holds no time, so that a report says the
 * same as long as nothing changes.
 */
export function driftMarkdown({ plan, findings, champion }: Looked): string {
  const sections: string[] = [];
  if (plan !== undefined && changesSomething(plan)) {
    sections.push(planMarkdown(plan, "Terraform would change").trimEnd());
  }
  const bad = findings.filter(({ verdict }) => verdict !== "ok");
  if (bad.length > 0) {
    const lines = bad.map(({ name, verdict, found, remedy = "" }) =>
      `- **${name}**${verdict === "unknown" ? " could not be seen" : ""}: ${text(found)}` +
      (remedy === "" ? "" : ` → ${text(remedy)}`)
    );
    sections.push(["### What runs is not what is committed", "", ...lines].join("\n"));
  }
  if (champion !== undefined && !champion.passed) {
    const { model, version, data, reasons, metrics } = champion;
    const numbers = Object.entries(metrics).flatMap(([name, value]) =>
      value === null ? [] : [`| ${text(name)} | ${value.toPrecision(5)} |`]
    );
    sections.push([
      `### The champion of ${text(model)}${version === "" ? "" : `, version ${text(version)},`} ` +
      "is no longer good enough",
      "",
      `On ${text(data)}:`,
      "",
      ...reasons.map((reason) => `- ${text(reason)}`),
      ...(numbers.length === 0 ? [] : ["", "| metric | now |", "| --- | ---: |", ...numbers]),
      "",
      "Train again on newer data, or go back: `deno task training rollback --model " +
      `${model.replaceAll("`", "")}\`.`,
    ].join("\n"));
  }
  return sections.length === 0 ? "" : `${sections.join("\n\n")}\n`;
}

/** Text of others: shown, not obeyed. */
function text(value: string): string {
  return value.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#!@]/g, "\\$&").slice(0, 2_000);
}
