/**
 * Ratios of this machine beside those that are committed.
 *
 * @module
 */

/** CPU seconds of a piece of work, divided by those of the yardstick; by name. */
export type Ratios = Readonly<Record<string, number>>;

/** One piece of work in both. */
export interface Comparison {
  readonly name: string;
  /** Undefined where the baseline has none: it is new. */
  readonly before: number | undefined;
  /** Undefined where it is measured no more. */
  readonly now: number | undefined;
  /** Whether it takes more than the tolerance allows, or is not measured any more. */
  readonly regressed: boolean;
}

/**
 * Compares ratios with a baseline.
 *
 * @param tolerance how much more is noise: 0.25 for a quarter
 */
export function compareRatios(baseline: Ratios, measured: Ratios, tolerance: number): Comparison[] {
  return [...new Set([...Object.keys(baseline), ...Object.keys(measured)])].map((name) => {
    const before = baseline[name], now = measured[name];
    const regressed = before !== undefined &&
      (now === undefined || !(now <= before * (1 + tolerance)));
    return { name, before, now, regressed };
  });
}

/** The comparison as Markdown for a pull request; empty where nothing has regressed. */
export function regressionMarkdown(
  comparisons: readonly Comparison[],
  tolerance: number,
): string {
  if (!comparisons.some(({ regressed }) => regressed)) return "";
  const number = (value: number | undefined) => value?.toFixed(2) ?? "";
  const rows = comparisons.map(({ name, before, now, regressed }) => {
    const change = before === undefined || now === undefined
      ? before === undefined ? "new" : "not measured any more"
      : `${now >= before ? "+" : ""}${((now / before - 1) * 100).toFixed(0)} %`;
    return `| ${regressed ? `**${name}**` : name} | ${number(before)} | ${
      number(now)
    } | ${change} |`;
  });
  return [
    "### It takes more CPU than before",
    "",
    "CPU of whole processes, in units of a yardstick that ran in turn with them on the same machine; " +
    `more than ${(tolerance * 100).toFixed(0)} % above \`bench/regression/baseline.json\` is bold.`,
    "",
    "| work | before | now | change |",
    "| --- | ---: | ---: | ---: |",
    ...rows,
    "",
    "Measure again with `deno task bench regression`. If it is worth it, say why, and commit the new " +
    "baseline: `deno task bench regression --write`.",
    "",
  ].join("\n");
}
