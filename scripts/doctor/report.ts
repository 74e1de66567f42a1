import type { Finding, Verdict } from "./finding.ts";

const MARKS: Readonly<Record<Verdict, string>> = { ok: "✓", warn: "!", fail: "✗", unknown: "?" };

/** Findings for a person: a line each, what mends it below. */
export function reportText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, verdict, found, remedy }) => [
    `${MARKS[verdict]} ${name.padEnd(width)}  ${found}`,
    ...(remedy === undefined ? [] : [`${" ".repeat(width + 4)}→ ${remedy}`]),
  ]);
  const counted = (verdict: Verdict) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return [
    ...lines,
    "",
    `${counted("ok")} well, ${counted("warn")} to look at, ${counted("fail")} to mend, ` +
    `${counted("unknown")} not seen`,
  ].join("\n");
}
