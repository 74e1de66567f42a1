/** A range of values on a range of coordinates. */
export interface Scale {
  /** Where a value is. */
  readonly at: (value: number) => number;
  /** Round values to label, ascending. */
  readonly ticks: readonly number[];
  /** A tick's label. */
  readonly label: (tick: number) => string;
}

/**
 * A linear scale.
 *
 * @param range least and greatest value; widened to round ones where `round` is set
 * @param to their coordinates
 */
export function linearScale(
  [least, greatest]: readonly [number, number],
  to: readonly [number, number],
  { round = false, ticks = 5 }: { round?: boolean; ticks?: number } = {},
): Scale {
  const span = greatest - least || Math.abs(greatest) || 1;
  const step = roundStep(span / ticks);
  const start = round ? Math.floor(least / step) * step : least;
  const end = round ? Math.max(Math.ceil(greatest / step) * step, start + step) : least + span;
  const first = Math.ceil(start / step - 1e-9);
  const last = Math.floor(end / step + 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return {
    at: (value) => to[0] + (value - start) / (end - start) * (to[1] - to[0]),
    ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step),
    label: (tick) =>
      Math.abs(tick) >= 1e5
        ? tick.toExponential(1)
        : tick.toFixed(Math.min(decimals, 6)).replace(/^-(?=0(\.0+)?$)/, ""),
  };
}

/** 1, 2 or 5 times a power of ten, at least as much. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5].find((factor) => factor * power >= step * (1 - 1e-9)) ?? 10) * power;
}
